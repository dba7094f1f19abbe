// SPDX-License-Identifier: Apache-2.0
// Searches that try everything, through the models' public interfaces alone: slow, and written anew from the rules.
#pragma once

#include <functional>
#include <optional>

#include "models/search/space.hpp"
#include "mappings/design.hpp"

namespace accelsim::testing {

struct PlainBest {
    double energy_pj = 0;
    std::int64_t mappings = 0;  ///< that were evaluated
};

/// As the Interstellar program searches: all tiles, cut over the lanes, in all orders. None when nothing fits.
std::optional<PlainBest> search_as_interstellar(const search::Space& space);

/// Every nest with at most a loop per level and dimension, and per axis at most a loop or, where one alone does not fill the
/// asked share of the axis, a loop and its replica: factors divide, or are the smallest that need so few steps. `use` gets those
/// that lower() takes. Hints are not looked at.
void for_each_nest(const Workload& workload, const Architecture& architecture, double min_utilization,
                   const std::function<void(const Design&)>& use);

}  // namespace accelsim::testing
