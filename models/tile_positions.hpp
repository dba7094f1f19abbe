// SPDX-License-Identifier: Apache-2.0
// Where the tiles of one class begin, by dimension: "loop `advancing` advances, the loops inside it wrap".
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// Where one dimension stands when a class of tiles begins, and where it stood in the iteration before.
struct TilePosition {
    std::int64_t offset;
    std::int64_t before;
};

/// Positions of a dimension, from a base, over the class in which loop `advancing` advances, of the loops [begin, end) of
/// a list (outermost first). advancing >= end: every iteration; < begin: the first.
std::vector<TilePosition> tile_positions(const Design& design, const std::vector<int>& loops, int begin, int end, int advancing,
                                         int dimension, std::int64_t base);

/// How many these are over all the loops of the list, of a dimension that its loops cover exactly.
std::int64_t count_tile_positions(const Design& design, const std::vector<int>& loops, int advancing, int dimension);

/// The first of them.
TilePosition first_tile_position(const Design& design, const std::vector<int>& loops, int advancing, int dimension);

}  // namespace accelsim
