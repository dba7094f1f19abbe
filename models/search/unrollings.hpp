// SPDX-License-Identifier: Apache-2.0
// All ways in which loops are unrolled over the arrays.
#pragma once

#include <cstdint>
#include <vector>

#include "models/search/space.hpp"

namespace accelsim::search {

/// What one array's lanes take.
struct LevelUnrolling {
    PerLoop factors{1, 1, 1, 1, 1, 1, 1};
    PerLoop divides{1, 1, 1, 1, 1, 1, 1};            ///< Rules::program: must divide the loop's tile at the level
    std::vector<std::vector<LoopName>> array_loops;  ///< per axis the adjacent loop and its replica
};

using Unrolling = std::vector<LevelUnrolling>;  ///< per level, innermost first

/// All that the space allows, each once; empty when it allows none (a utilization that nothing reaches).
std::vector<Unrolling> unrollings(const Space& space);

}  // namespace accelsim::search
