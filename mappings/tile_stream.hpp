// SPDX-License-Identifier: Apache-2.0
// The tiles of a boundary, one after the other (docs/microarchitecture.md, 1).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "mappings/design.hpp"
#include "mappings/loop_walk.hpp"
#include "mappings/tile_identity.hpp"

namespace accelsim {

struct Tile {
    std::int64_t number = 0;
    std::vector<std::int64_t> offsets;  ///< index of each dimension from the loops above, where the tile begins
    std::vector<std::int64_t> origin;   ///< of lane 0, per axis
    std::int64_t source = 0;            ///< number of the parent's tile (0 at DRAM)
    std::int64_t source_address =
        0;  ///< of the origin in the parent's tile (nominal extents), when the parent is windowed or banked
    std::vector<std::int64_t> before;  ///< offsets of the tile in front of it, when the boundary reuses its halo; empty: none
    bool first_met = false;            ///< outputs: nothing was added to it yet
    bool starts_at_zero = false;       ///< outputs: first met, or the boundary accumulates
    std::int64_t era = 0;              ///< outputs: number of the enclosing accumulating boundary's tile (0 without one)
};

/// Lazily walks the tiles of a boundary; copies walk on by themselves. Cost: one odometer step per iteration of the loops above.
class TileStream {
public:
    TileStream(const Design& design, int boundary);

    const Tile& current() const { return tile_; }
    bool done() const { return done_; }
    void next();
    /// The tile after the current one, if any, begins in another source tile (or there is none).
    bool last_of_source() const { return !has_ahead_ || ahead_.source != tile_.source; }
    bool has_ahead() const { return has_ahead_; }

private:
    void look_ahead();
    void describe(Tile& tile) const;
    std::int64_t source_address(const Tile& tile) const;
    void follow_accumulator();

    const Boundary* boundary_;
    const Tensor* tensor_;
    TileIdentity identity_;
    std::shared_ptr<const TileIdentity> parent_identity_;  ///< null at DRAM
    std::vector<int> reductions_;                          ///< reduction dimensions of the nest
    LoopWalk walk_;
    std::size_t parent_loops_ = 0;              ///< how many loops of the walk are above the parent
    std::vector<std::int64_t> parent_offsets_;  ///< at which the parent's tile begins
    std::int64_t parent_number_ = 0;
    std::vector<std::int64_t> parent_extents_;          ///< of a windowed or banked parent's tile, else empty
    std::shared_ptr<const TileIdentity> era_identity_;  ///< of the enclosing accumulating boundary, null: none
    std::size_t era_loops_ = 0;
    std::vector<std::int64_t> era_offsets_;  ///< at which its tile begins
    std::int64_t era_ = 0;
    Tile tile_;
    Tile ahead_;
    bool has_ahead_ = false;
    bool done_ = false;
};

/// Coordinates of an axis vector at given dimension indices.
void axis_origin(const Tensor& tensor, const std::vector<std::int64_t>& offsets, std::vector<std::int64_t>& origin);

}  // namespace accelsim
