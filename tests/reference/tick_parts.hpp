// SPDX-License-Identifier: Apache-2.0
// What the tick model keeps per boundary: registered counts of tiles, slots with data, movers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <vector>

#include "tests/reference/literal_move.hpp"

namespace accelsim::testing {

/// A registered count of tiles (section 4): tile k is counted from a given cycle on, never before the tile in front of it.
class TileCount {
public:
    /// The next tile is counted from this cycle on.
    void count_next_from(std::int64_t cycle) { from_.push_back(from_.empty() ? cycle : std::max(cycle, from_.back())); }
    std::int64_t announced() const { return static_cast<std::int64_t>(from_.size()); }
    std::int64_t at(std::int64_t cycle) const { return std::upper_bound(from_.begin(), from_.end(), cycle) - from_.begin(); }
    std::int64_t from(std::int64_t tile) const { return from_.at(static_cast<std::size_t>(tile)); }

private:
    std::vector<std::int64_t> from_;
};

/// What one tile occupies: [child instance][address]. `touched`: updated since the tile began (outputs).
struct SlotData {
    std::vector<std::vector<std::int32_t>> words;
    std::vector<std::vector<char>> touched;
};

/// One mover: its next tile and how much of it was sent.
struct LiteralPort {
    bool exists = false;
    std::int64_t tile = 0;
    std::size_t group = 0;
    bool requesting = false;  ///< the request for `group` is asserted
    std::int64_t last_grant = -1;
    LiteralMove move;
};

struct BoundaryState {
    explicit BoundaryState(const LiteralNest& nest, const LiteralBoundary& boundary) : mover(nest, boundary) {}

    TileCount reserved, usable, released, complete, landed;
    std::int64_t depth = 2, flight_down = 0, flight_up = 0;
    std::map<std::int64_t, SlotData> slots;  ///< by tile
    LiteralMover mover;
    LiteralPort fill, drain;
};

}  // namespace accelsim::testing
