// SPDX-License-Identifier: Apache-2.0
// From a workload and an architecture to a space, and from a mapping back to a nest.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"
#include "models/search/space.hpp"
#include "models/search_space.hpp"

namespace accelsim::search {

/// A space with the places of its levels and loops.
struct PlacedSpace {
    Space space;
    std::vector<int> level_of;                 ///< the architecture's level of each memory level, innermost first
    std::vector<int> array_of;                 ///< the fan-out right outside it, -1: none
    std::array<int, loop_count> dimension_of;  ///< the workload's dimension of each loop, -1: it has none
};

/// Throws UserError for what Interstellar's model cannot express: other workloads than convolutions and products, groups,
/// dilation, two arrays in a row or at the MAC. `rules` gives bypasses.
PlacedSpace place_space(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                        Rules whose);

/// A mapping as a nest, and the machine that it runs on.
struct PlacedMapping {
    Nest nest;                  ///< everything but the loops as in `rules`
    Architecture architecture;  ///< with arrays of another shape where the mapping does not go on the given one
    std::vector<std::string> notes;
};

/// Throws UserError when an array has fewer lanes than the mapping unrolls.
PlacedMapping place_mapping(const PlacedSpace& placed, const Architecture& architecture, const Mapping& mapping,
                            const Nest& rules);

}  // namespace accelsim::search
