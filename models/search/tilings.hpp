// SPDX-License-Identifier: Apache-2.0
// All ways in which a loop is cut over the levels.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/search/space.hpp"
#include "models/search/unrollings.hpp"

namespace accelsim::search {

/// One way of cutting a loop, per level.
struct Tiling {
    std::vector<std::int64_t> tiles;  ///< values in space and time together; by them the program checks capacities
    std::vector<std::int64_t> trips;  ///< in time
    bool operator==(const Tiling&) const = default;
};

std::vector<std::int64_t> divisors(std::int64_t number);

/// Calls `use` with every list of `count` (at least 1) numbers whose product is `number`.
void for_each_product(std::int64_t number, std::size_t count, const std::function<void(const std::vector<std::int64_t>&)>& use);

/// Every tiling of a loop under an unrolling and the hints. Of Rules::program the program's own, which may reach beyond the
/// loop's size where a hint does not divide it; of Rules::machine every product of trips that is the loop's size over what is
/// unrolled, rounded up.
std::vector<Tiling> tilings(const Space& space, LoopName loop, const Unrolling& unrolling);

}  // namespace accelsim::search
