// SPDX-License-Identifier: Apache-2.0
// What Timeloop's back end counts for a nest, enumerated from the nest alone: tiles as boxes of points, step by step, lane by
// lane. Each way in which it differs from true set differences is a switch; with all of them off, the counts are those of
// docs/microarchitecture.md with halo reuse. docs/timeloop.md names the differences.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"

namespace accelsim::testing {

struct TimeloopHabits {
    /// Only the first two iterations of a loop are looked at (and the last one, when factors have residuals), and what a
    /// tile holds is forgotten when its displacement changes, as it does when an inner loop wraps.
    bool forgets_at_wraps = true;
    /// Lanes share words only when the whole of what is new to them is equal.
    bool merges_whole_deltas = true;
    /// A lane without work (spatial residuals) keeps its tile while the others go on; else it goes along.
    bool idle_lanes_keep = true;
    /// A lane takes from its neighbour what that one received in the step before, when that saves reads of the parent.
    bool links_neighbours = true;
};

/// One tensor at one level, over all instances in use; fills and partition per rule 2: a first update reads nothing.
struct TimeloopCount {
    std::int64_t reads = 0;
    std::int64_t fills = 0;
    std::int64_t updates = 0;
    std::int64_t drains = 0;  ///< words that leave a tile upward; not counted by Timeloop
    std::int64_t tile_words = 0;
    bool operator==(const TimeloopCount&) const = default;
};

struct TimeloopLevelCount {
    std::string name;
    std::int64_t instances = 1;
    std::map<std::string, TimeloopCount> tensors;  ///< those kept
};

struct TimeloopBandwidth {
    double read = 0, write = 0, shared = 0;  ///< words per cycle and instance; 0: not limited
};

std::vector<TimeloopLevelCount> timeloop_counts(const Workload& workload, const Architecture& architecture, const Nest& nest,
                                                const TimeloopHabits& habits);

/// The largest of the steps (residual iterations counted in full) and what each level's bandwidth makes of them, plus
/// `network_latency`. `bandwidths` by level name.
std::int64_t timeloop_cycles(const Nest& nest, const std::vector<TimeloopLevelCount>& counts,
                             const std::map<std::string, TimeloopBandwidth>& bandwidths, std::int64_t network_latency = 0);

/// Accesses by block, priced by the architecture, plus the MACs.
double timeloop_energy(const Workload& workload, const Architecture& architecture, const std::vector<TimeloopLevelCount>& counts);

}  // namespace accelsim::testing
