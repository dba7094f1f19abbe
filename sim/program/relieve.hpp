// SPDX-License-Identifier: Apache-2.0
// What would relieve a run's bottleneck: found by simulating it, never guessed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

/// One change of the machine and what came of it.
struct Relief {
    std::string change;       ///< "GlobalBuffer: width_bits 1024 instead of 512"
    std::int64_t cycles = 0;  ///< of the whole run, simulated
};

/// Simulates the run, and once more for each single change that bears on its bottleneck, in processes of their own; returns the
/// changes with which it takes fewer cycles, the best first. Call before anything is simulated in this process.
std::vector<Relief> find_relief(const RunConfig& config, int processes);

}  // namespace accelsim
