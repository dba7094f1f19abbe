// SPDX-License-Identifier: Apache-2.0
// RtlModel over one class that Verilator made; the sizes of its ports come from the hardware's parameters.
#pragma once

#include <verilated.h>

#include <type_traits>

#include "tests/rtl/rtl_model.hpp"

namespace accelsim::testing {

/// `width` (at most 64) bits of a port.
template <class Port>
std::uint64_t bits(const Port& port, std::size_t from, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        std::uint64_t bit = 0;
        if constexpr (std::is_integral_v<Port>) {
            bit = static_cast<std::uint64_t>(port) >> (from + i) & 1u;
        } else {
            bit = port[(from + i) / 32] >> ((from + i) % 32) & 1u;
        }
        value |= bit << i;
    }
    return value;
}

template <class Machine>
class VerilatedModel : public RtlModel {
public:
    explicit VerilatedModel(const RtlHardware& hardware)
        : machine_(&context_),
          movers_(size(hardware, "MOVERS")),
          traced_(size(hardware, "TRACED")),
          ways_(size(hardware, "WAYS")),
          parents_(size(hardware, "PARENTS")) {
        machine_.reset = 1;
        machine_.clk = 0;
        machine_.eval();  // so that the first edge is one
    }
    ~VerilatedModel() override { machine_.final(); }

    void load(Target target, std::uint32_t address, std::uint32_t data) override {
        machine_.load_target = target;
        machine_.load_address = address;
        machine_.load_data = data;
        tick();
    }

    void start() override {
        machine_.load_target = 0;
        machine_.eval();
        tick();
        machine_.reset = 0;
        machine_.eval();
    }

    RtlCycle cycle() override {
        RtlCycle result{machine_.cause, machine_.done != 0, {}, {}};
        for (std::size_t mover = 0; mover < movers_; ++mover) {
            result.data.emplace_back();
            for (std::size_t p = 0; p < parents_; ++p) {
                std::vector<std::uint32_t> words(traced_);
                for (std::size_t w = 0; w < traced_; ++w)
                    words[w] =
                        static_cast<std::uint32_t>(bits(machine_.trace_data, ((mover * parents_ + p) * traced_ + w) * 32, 32));
                result.data.back().push_back(words);
            }
            if (bits(machine_.grant, mover, 1) != 0) result.grants.push_back(group(mover));
        }
        tick();
        return result;
    }

    std::uint32_t result(std::uint32_t address) override {
        machine_.load_address = address;
        machine_.eval();
        return machine_.look_data;
    }

private:
    void tick() {
        machine_.clk = 1;
        machine_.eval();
        machine_.clk = 0;
        machine_.eval();
    }

    static std::size_t size(const RtlHardware& hardware, const std::string& name) {
        return static_cast<std::size_t>(hardware.at(name));
    }

    RtlGroup group(std::size_t mover) const {
        const auto number = [&](const auto& port, std::size_t index) { return bits(port, index * rtl_word_bits, rtl_word_bits); };
        RtlGroup g{static_cast<int>(mover),
                   static_cast<std::int64_t>(number(machine_.trace_tile, mover)),
                   static_cast<std::int64_t>(number(machine_.trace_group, mover)),
                   {}};
        for (std::size_t w = 0; w < traced_; ++w) {
            const std::size_t word = mover * traced_ + w;
            const std::uint64_t to = bits(machine_.trace_mask, word * ways_, ways_);
            if (to != 0) g.words.push_back({w, static_cast<std::uint32_t>(number(machine_.trace_address, word)), to});
        }
        return g;
    }

    VerilatedContext context_;
    Machine machine_;
    std::size_t movers_, traced_, ways_, parents_;
};

}  // namespace accelsim::testing
