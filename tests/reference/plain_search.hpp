// SPDX-License-Identifier: Apache-2.0
// Searches that try everything, through the models' public interfaces alone: slow, and written anew from the rules.
#pragma once

#include <optional>

#include "models/search/space.hpp"
#include "models/search_space.hpp"
#include "mappings/design.hpp"

namespace accelsim::testing {

struct PlainBest {
    double energy_pj = 0;
    std::int64_t mappings = 0;  ///< that were evaluated
};

/// As the Interstellar program searches: all tiles, cut over the lanes, in all orders. None when nothing fits.
std::optional<PlainBest> search_as_interstellar(const search::Space& space);

}  // namespace accelsim::testing
