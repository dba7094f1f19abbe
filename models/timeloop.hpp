// SPDX-License-Identifier: Apache-2.0
// The counts, cycles and energy of Timeloop's back end (NVlabs/timeloop, legacy nest analysis) for a design of ours, by its
// rules. docs/timeloop.md names where they differ from the exact counts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim::timeloop {

/// Rules that Timeloop does not always follow.
struct Options {
    bool links_neighbours = true;     ///< a lane may take from its neighbour what that one had a step before
    bool merges_whole_deltas = true;  ///< lanes share words only where all that is new to them is equal (else each word)
};

/// As the design's architecture says.
Options options_of(const Design& design);

/// Words over all instances in use. The read that drains a tile upwards is not counted.
struct TensorAnswer {
    int tensor = 0;
    std::int64_t reads = 0;
    std::int64_t fills = 0;
    std::int64_t updates = 0;
};

struct LevelAnswer {
    int level = 0;
    std::int64_t instances = 1;
    std::vector<TensorAnswer> tensors;  ///< those kept, in workload order
    double energy_pj = 0;
};

struct Answer {
    std::vector<LevelAnswer> levels;  ///< buffers, outermost first
    std::int64_t cycles = 0;
    double mac_energy_pj = 0;
    double energy_pj = 0;
};

/// Bandwidths and network latencies are those of design.architecture.timeloop.
Answer evaluate(const Design& design, const Options& options);

}  // namespace accelsim::timeloop
