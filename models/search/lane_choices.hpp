// SPDX-License-Identifier: Apache-2.0
// What an array's lanes may take: one loop per axis, or a loop and its replica.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace accelsim::search {

/// Loops by number.
struct LaneRules {
    std::vector<std::int64_t> sizes;
    std::vector<bool> exact;                          ///< only factors that divide
    std::vector<std::optional<std::int64_t>> hinted;  ///< fixed; others then only fill what is left
    std::vector<int> replicate;                       ///< loops that may fill it; empty: all
    bool replication = true;
    double min_utilization = 0;  ///< of every axis
    bool program = false;        ///< divisors only, and as the Interstellar program pairs them
};

/// Loops on one axis, adjacent first.
struct AxisChoice {
    std::vector<int> loops;
    std::vector<std::int64_t> factors;
};

struct LaneChoice {
    AxisChoice rows;
    AxisChoice columns;
};

/// Whether so many lanes are at least the asked share of an axis, and at most the whole of it.
bool fills(const LaneRules& rules, std::int64_t lanes, std::int64_t axis);

/// A loop that fills the axis stands alone; one that does not gets a replica where that is allowed.
std::vector<AxisChoice> axis_choices(const LaneRules& rules, std::int64_t axis);

/// Both axes of an array, no loop on both. Of axes of one length each pair is listed once.
std::vector<LaneChoice> lane_choices(const LaneRules& rules, std::int64_t rows, std::int64_t columns);

}  // namespace accelsim::search
