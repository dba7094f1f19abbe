// SPDX-License-Identifier: Apache-2.0
// One call: a design and its operands in, cycles, counts and outputs out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mappings/design.hpp"
#include "sim/hardware/result.hpp"
#include "sim/hardware/trace.hpp"

namespace accelsim {

enum class Advance { batched, single_step };

/// Operands, row-major in the order of Workload::tensors (the output has no entry); 8-bit ones sign-extended.
using Operands = std::vector<std::vector<std::int16_t>>;

struct VcdOptions {
    std::string file;  ///< empty: none
    std::int64_t from = 0;
    std::int64_t to = -1;    ///< -1: to the end
    std::vector<int> lanes;  ///< PEs whose operands and sums are traced
};

struct SimulationOptions {
    Advance advance = Advance::batched;
    std::int64_t max_cycles = 0;  ///< 0: no limit; beyond it SimulationError
    std::vector<TraceSink*> sinks;
    const dram::Device* device = nullptr;                    ///< of a detailed DRAM
    std::function<void(const dram::Issued&)> dram_listener;  ///< hears the commands of a detailed DRAM, channel by channel
    VcdOptions vcd;                                          ///< forces single steps inside its window
};

/// Elaborates the machine and runs the nest. SystemC elaborates once per process: a second call in one
/// process throws InternalError. Throws SimulationError (deadlock, limit) and InternalError (a self-check failed).
SimulationResult simulate(const Design& design, const Operands& operands, const SimulationOptions& options);

}  // namespace accelsim
