// SPDX-License-Identifier: Apache-2.0
// What a search for a mapping is told beforehand: parts that are fixed, and what it may use.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace accelsim {

/// One dimension at one buffer level. What is not given is free.
struct SearchHint {
    int dimension = 0;
    int level = 0;                       ///< index of the buffer in the architecture
    std::optional<std::int64_t> trips;   ///< of its temporal loop there
    std::optional<std::int64_t> unroll;  ///< over the fan-out right outside the buffer
    std::optional<int> order;            ///< 0 is innermost; Interstellar's optimiser ignores it
    bool operator==(const SearchHint&) const = default;
};

/// A family of memory systems: the sizes of the inner memories and their prices multiplied step by step.
struct MemoryFamily {
    std::vector<double> capacity_scale;
    std::vector<double> access_cost_scale;
    std::vector<std::int64_t> points;
    bool operator==(const MemoryFamily&) const = default;
};

struct SearchSpace {
    std::vector<SearchHint> hints;
    std::vector<int> replicate;  ///< dimensions that may fill what the unrolled ones leave of an axis; empty: all
    bool replication = true;     ///< several dimensions on one axis
    double min_utilization = 0;  ///< of the MACs
    bool half_full = false;      ///< every buffer must be at least half full
    std::optional<MemoryFamily> memories;
    bool program_rules = false;  ///< what fits and may be unrolled is as in the Interstellar program, not as on this machine
    bool operator==(const SearchSpace&) const = default;
};

}  // namespace accelsim
