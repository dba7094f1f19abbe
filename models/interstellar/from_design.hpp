// SPDX-License-Identifier: Apache-2.0
// A design of ours in Interstellar's terms: blocking, partitioning and order per memory level.
#pragma once

#include <array>
#include <vector>

#include "mappings/design.hpp"
#include "models/interstellar/interstellar.hpp"

namespace accelsim::interstellar {

/// A workload in Interstellar's terms.
struct ExpressedWorkload {
    Layer layer;
    std::vector<LoopName> loop_of;              ///< by dimension
    std::array<int, tensor_count> tensor_of{};  ///< our number of each tensor
};

/// Throws UserError for a workload that is no convolution or product, groups, dilation. `where`: of what asks.
ExpressedWorkload express(const Workload& workload, const Location& where);

/// How a fan-out carries words between the units of the memory level inside it; its counts, mode and price. Throws UserError when
/// it does not add sums.
void express_array(const Level& fan_out, const Workload& workload, MemoryLevel& inside);

struct ExpressedDesign {
    Layer layer;
    Machine machine;
    Mapping mapping;
    std::vector<int> level_of;                            ///< our level of each memory level, innermost first
    std::vector<int> array_of;                            ///< our level of the fan-out right outside it, -1: none
    std::array<int, tensor_count> tensor_of{};            ///< our number of each tensor
    std::vector<std::array<bool, tensor_count>> unicast;  ///< per memory level: every lane of the fan-out is served by itself
    bool sums_to_all_lanes = false;                       ///< Partials::copy
};

/// Throws UserError (with the place in the mapping or the architecture) for a design that Interstellar cannot express: a workload
/// that is no convolution or product, groups, dilation, several loops of a dimension at a level, lanes right at the MAC, sums
/// that no network adds. Padding, tails, halo reuse and gaps are left out: its model knows none of them.
ExpressedDesign express(const Design& design);

}  // namespace accelsim::interstellar
