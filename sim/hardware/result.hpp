// SPDX-License-Identifier: Apache-2.0
// The outcome of simulating one layer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/counts.hpp"
#include "models/dram/controller.hpp"

namespace accelsim {

struct StallCount {
    std::string cause;  ///< startup, drain, output_space, readback, "input@GlobalBuffer"...
    std::int64_t cycles = 0;
    bool operator==(const StallCount&) const = default;
};

/// Of a detailed DRAM.
struct DramResult {
    dram::Statistics statistics;
    std::int64_t useful_words = 0;   ///< that the movers took or gave
    std::int64_t fetched_words = 0;  ///< that the bursts could have carried
    double energy_pj = 0;            ///< of commands and background
};

struct SimulationResult {
    std::int64_t cycles = 0;
    std::int64_t busy = 0;
    std::vector<StallCount> stalls;  ///< all causes that the design can have, in the order of section 6
    std::int64_t macs = 0;           ///< executed MACs (active lanes)
    Counts counts;
    std::optional<DramResult> dram;
    std::vector<std::int32_t> output;  ///< row-major, wrapped to the output's width (sign-extended)
    double wall_s = 0;                 ///< host seconds of the simulation proper
};

}  // namespace accelsim
