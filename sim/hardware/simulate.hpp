// SPDX-License-Identifier: Apache-2.0
// One call: a design and its operands in, cycles, counts and outputs out.
#pragma once

#include <csignal>
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

struct WaveformOptions {
    std::string file;  ///< empty: none
    bool fst = false;  ///< else VCD
    std::int64_t from = 0;
    std::int64_t to = -1;    ///< -1: to the end
    std::vector<int> lanes;  ///< PEs whose operands and sums are traced
};

/// The run was told to stop (exit code 128 + signal). What had happened before that cycle.
class Interrupted : public SimulationError {
public:
    Interrupted(std::int64_t cycle_, std::int64_t busy_, std::int64_t steps_, std::int64_t all_steps_,
                std::vector<StallCount> stalls_)
        : SimulationError("interrupted in cycle " + std::to_string(cycle_)),
          cycle(cycle_),
          busy(busy_),
          steps(steps_),
          all_steps(all_steps_),
          stalls(std::move(stalls_)) {}
    std::int64_t cycle, busy;
    std::int64_t steps, all_steps;   ///< of the array
    std::vector<StallCount> stalls;  ///< with busy they are the cycles
};

struct SimulationOptions {
    Advance advance = Advance::batched;
    std::int64_t max_cycles = 0;  ///< 0: no limit; beyond it SimulationError
    bool data = true;             ///< false: no values are moved and computed, only counted; operands and output are empty
    std::vector<TraceSink*> sinks;
    const dram::Device* device = nullptr;                    ///< of a detailed DRAM
    std::function<void(const dram::Issued&)> dram_listener;  ///< hears the commands of a detailed DRAM, channel by channel
    /// Hears the requests to a detailed DRAM: the clock in which each is taken at the earliest; clocks in any order.
    std::function<void(std::int64_t clock, const dram::Request&)> request_listener;
    const volatile std::sig_atomic_t* interrupt = nullptr;  ///< not 0: the run throws Interrupted
    WaveformOptions waveform;                               ///< forces single steps inside its window
};

/// Elaborates the machine ahead of simulate(): a process that forks afterwards does it once for all its children. `tensors`:
/// their names, in workload order.
void elaborate(const Architecture& architecture, const std::vector<std::string>& tensors);

/// Elaborates the machine, unless this is done, and runs the nest. SystemC elaborates once per process: a second call in one
/// process throws InternalError. Throws SimulationError (deadlock, limit, Interrupted) and InternalError (a self-check
/// failed; the message has the state of the machine). A waveform is written up to there in any case.
SimulationResult simulate(const Design& design, const Operands& operands, const SimulationOptions& options);

}  // namespace accelsim
