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
    explicit VerilatedModel(const RtlHardware& hardware) : hardware_(hardware), machine_(&context_) {
        lanes_ = static_cast<std::size_t>(hardware.at("ROWS") * hardware.at("COLUMNS"));
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
        result.data = {
            data(machine_.input_buffer_data, "INPUT", "BUFFER"),   data(machine_.weight_buffer_data, "WEIGHT", "BUFFER"),
            data(machine_.output_buffer_data, "OUTPUT", "BUFFER"), data(machine_.up_buffer_data, "OUTPUT", "BUFFER"),
            data(machine_.input_lane_data, "INPUT", "LANE"),       data(machine_.weight_lane_data, "WEIGHT", "LANE"),
            data(machine_.output_lane_data, "OUTPUT", "LANE"),     data(machine_.up_lane_data, "OUTPUT", "LANE")};
        for (int mover = 0; mover < static_cast<int>(rtl_movers); ++mover) {
            if ((machine_.grant >> mover & 1) != 0) result.grants.push_back(group(mover));
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

    template <class Port>
    std::vector<std::uint32_t> data(const Port& port, const std::string& tensor, const std::string& child) const {
        const auto width = static_cast<std::size_t>(hardware_.at(tensor + "_BITS"));
        std::vector<std::uint32_t> words(static_cast<std::size_t>(hardware_.at(tensor + "_" + child + "_GROUP")));
        for (std::size_t w = 0; w < words.size(); ++w) words[w] = static_cast<std::uint32_t>(bits(port, w * width, width));
        return words;
    }

    template <class Mask, class Address>
    void words(RtlGroup& group, const std::string& size, std::size_t lanes, const Mask& mask, const Address& address) const {
        for (std::size_t w = 0; w < static_cast<std::size_t>(hardware_.at(size)); ++w) {
            const std::uint64_t to = bits(mask, w * lanes, lanes);
            if (to != 0)
                group.words.push_back({w, static_cast<std::uint32_t>(bits(address, w * rtl_word_bits, rtl_word_bits)), to});
        }
    }

    RtlGroup group(int mover) const {
        const auto place = static_cast<std::size_t>(mover) * rtl_word_bits;
        RtlGroup g{mover,
                   static_cast<std::int64_t>(bits(machine_.trace_tile, place, rtl_word_bits)),
                   static_cast<std::int64_t>(bits(machine_.trace_group, place, rtl_word_bits)),
                   {}};
        switch (mover) {
            case 0:
                words(g, "INPUT_BUFFER_GROUP", 1, machine_.input_buffer_valid, machine_.input_buffer_address);
                break;
            case 1:
                words(g, "WEIGHT_BUFFER_GROUP", 1, machine_.weight_buffer_valid, machine_.weight_buffer_address);
                break;
            case 2:
                words(g, "OUTPUT_BUFFER_GROUP", 1, machine_.output_buffer_valid, machine_.output_buffer_address);
                break;
            case 3:
                words(g, "OUTPUT_BUFFER_GROUP", 1, machine_.up_buffer_valid, machine_.up_buffer_address);
                break;
            case 4:
                words(g, "INPUT_LANE_GROUP", lanes_, machine_.input_lane_mask, machine_.input_lane_address);
                break;
            case 5:
                words(g, "WEIGHT_LANE_GROUP", lanes_, machine_.weight_lane_mask, machine_.weight_lane_address);
                break;
            case 6:
                words(g, "OUTPUT_LANE_GROUP", lanes_, machine_.output_lane_mask, machine_.output_lane_address);
                break;
            default:
                words(g, "OUTPUT_LANE_GROUP", lanes_, machine_.up_lane_mask, machine_.up_lane_address);
                break;
        }
        return g;
    }

    RtlHardware hardware_;
    VerilatedContext context_;
    Machine machine_;
    std::size_t lanes_ = 0;
};

}  // namespace accelsim::testing
