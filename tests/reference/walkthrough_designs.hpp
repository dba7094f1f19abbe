// SPDX-License-Identifier: Apache-2.0
// The three designs of docs/walkthroughs.md with what its tables say, typed in by hand.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/hardware/result.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// One granted group of a table.
struct ExpectedGrant {
    std::int64_t cycle = 0;
    int boundary = 0;
    bool up = false;
    std::int64_t tile = 0;
    std::size_t words = 0;
    bool operator==(const ExpectedGrant&) const = default;
};

struct Walkthrough {
    RandomDesign design;
    std::int64_t cycles = 0;
    std::int64_t busy = 0;
    std::vector<StallCount> stalls;  ///< causes that occur, by name
    std::vector<std::int64_t> issue_cycles;
    std::vector<ExpectedGrant> grants;  ///< by cycle, then boundary
};

Walkthrough weight_stationary_walkthrough();  ///< (a) `C | K`, partial sums stream
Walkthrough row_stationary_walkthrough();     ///< (b) `FY | Y`, inputs shared on diagonals
Walkthrough output_stationary_walkthrough();  ///< (c) `N | K`, partial sums spilled to the DRAM, tails
std::vector<Walkthrough> all_walkthroughs();

}  // namespace accelsim::testing
