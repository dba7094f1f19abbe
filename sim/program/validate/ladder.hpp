// SPDX-License-Identifier: Apache-2.0
// Why a run takes the cycles that it takes: the same design is simulated again and again, each time with one mechanism less.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

/// Cycles by cause; negative where a model counts what the machine does not spend.
struct CycleShare {
    std::string cause;
    std::int64_t cycles = 0;
};

struct Ladder {
    std::int64_t cycles = 0;          ///< of the run as it is
    std::vector<CycleShare> removed;  ///< what each mechanism costs while those in front of it are gone already
    std::vector<CycleShare> left;     ///< stalls of the last run: start-up, drain, waits for latencies
    std::int64_t busy = 0;
    /// busy + removed + left = cycles.
};

/// Takes away, in this order: refresh, dram_row (opening and closing rows), dram_bursts (a detailed DRAM at all: an ideal one of
/// its peak bandwidth and least latency stays), bank, port (any number of ports), bandwidth (any width). Processes of their own,
/// so call it before anything is simulated in this one. Throws as the simulator does.
Ladder climb_down(const RunConfig& config, int processes);

/// cycles(simulated) - cycles(model) = sum of these, exactly. `steps`: of the model's compute alone.
std::vector<CycleShare> attribute(const Ladder& ladder, std::int64_t model_cycles, std::int64_t steps);

}  // namespace accelsim
