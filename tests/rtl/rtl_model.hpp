// SPDX-License-Identifier: Apache-2.0
// A machine in RTL: loaded, then run cycle by cycle, and what was seen of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/rtl/hardware.hpp"

namespace accelsim::testing {

inline std::int32_t sign_extended(std::uint32_t word, int bits) {
    return static_cast<std::int32_t>(word << (32 - bits)) >> (32 - bits);
}

struct RtlWord {
    std::size_t place = 0;      ///< in the group's data
    std::uint32_t address = 0;  ///< in the child's tile
    std::uint64_t lanes = 0;    ///< one bit per child of a parent
};

struct RtlGroup {
    int mover = 0;
    std::int64_t tile = 0;
    std::int64_t group = 0;
    std::vector<RtlWord> words;
};

struct RtlCycle {
    int cause = 0;  ///< sequencer.sv
    bool done = false;
    std::vector<RtlGroup> grants;
    /// What arrives, per mover and parent: a group's words a flight after its grant, later by the registers on the way to the
    /// parent.
    std::vector<std::vector<std::vector<std::uint32_t>>> data;
};

struct RtlRun {
    std::vector<RtlCycle> cycles;
    std::vector<std::int32_t> output;
};

class RtlModel {
public:
    virtual ~RtlModel() = default;
    enum Target { registers = 1, input = 2, weight = 3, output = 4 };
    virtual void load(Target target, std::uint32_t address, std::uint32_t data) = 0;
    virtual void start() = 0;
    virtual RtlCycle cycle() = 0;  ///< what happens in this cycle; then the clock ticks
    virtual std::uint32_t result(std::uint32_t address) = 0;
};

std::unique_ptr<RtlModel> make_weight_stationary(const RtlHardware& hardware);
std::unique_ptr<RtlModel> make_output_stationary(const RtlHardware& hardware);
std::unique_ptr<RtlModel> make_row_stationary(const RtlHardware& hardware);

}  // namespace accelsim::testing
