// SPDX-License-Identifier: Apache-2.0
// What the tick model keeps per boundary: registered counts of tiles, slots with data, movers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <utility>
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

/// Positions given back: what is set in one cycle is seen from a later one on.
class PositionCount {
public:
    void set(std::int64_t cycle, std::int64_t position) {
        if (!values_.empty() && position < values_.back().second) throw std::runtime_error("reference: space taken back");
        values_.push_back({cycle, position});
    }
    std::int64_t at(std::int64_t cycle) const {
        for (std::size_t i = values_.size(); i-- > 0;) {
            if (values_[i].first <= cycle) return values_[i].second;
        }
        return 0;
    }

private:
    std::vector<std::pair<std::int64_t, std::int64_t>> values_;
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
    bool started = false;      ///< the tile has its slot and is not wholly sent
    bool requesting = false;   ///< the request for `group` is asserted
    std::int64_t listed = -1;  ///< the tile that `move` is of
    std::int64_t last_grant = -1;
    LiteralMove move;
};

struct BoundaryState {
    explicit BoundaryState(const LiteralNest& nest, const LiteralBoundary& boundary) : mover(nest, boundary) {}

    TileCount reserved, usable, released, complete, landed;
    std::int64_t depth = 2, flight_down = 0, flight_up = 0;
    PositionCount given_back;
    std::map<std::int64_t, SlotData> slots;            ///< by tile
    std::vector<std::vector<std::int32_t>> last_tile;  ///< halo reuse: what the tile completed last held
    std::vector<std::int64_t> left_after_step;         ///< windows: see give_back_used()
    std::vector<std::int64_t> left_after_tile;         ///< windows: see left_after_tile()
    LiteralMover mover;
    LiteralPort fill, drain;
};

}  // namespace accelsim::testing
