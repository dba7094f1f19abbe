// SPDX-License-Identifier: Apache-2.0
// Why a run takes the cycles that it takes: the same design is simulated again and again, each time with one mechanism less.
#pragma once

#include <cstdint>
#include <optional>
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

struct Ladders {
    Ladder as_given;
    /// With the rung "halo" (tiles bring only what the one before did not hold) in front of "bandwidth"; for models that assume
    /// that of a design which refetches whole tiles.
    std::optional<Ladder> reusing;
};

/// Takes away, in this order: refresh, dram_row (opening and closing rows), dram_controller (a detailed DRAM at all: an ideal one
/// stays, of its least latency and as wide as that part of its peak which brings words that were asked for), over_fetch (the
/// whole peak), bank, port (any number of ports), halo, bandwidth (any width). What the design does not have is left out.
/// Processes of their own, so call it before anything is simulated in this one. Throws as the simulator does.
Ladders climb_down(const RunConfig& config, int processes);

/// cycles(simulated) - cycles(model) = sum of these, exactly. `steps`: what the model takes for the steps of the array.
/// `beyond`: the name of what its cycles have beyond these.
std::vector<CycleShare> attribute(const Ladder& ladder, std::int64_t model_cycles, std::int64_t steps, const std::string& beyond);

}  // namespace accelsim
