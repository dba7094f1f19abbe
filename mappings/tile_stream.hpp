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
    bool first_met = false;             ///< outputs: starts at zero
};

/// Lazily walks the tiles of a boundary. Cost: one odometer step per iteration of the loops above.
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

    const Boundary* boundary_;
    const Tensor* tensor_;
    TileIdentity identity_;
    std::unique_ptr<TileIdentity> parent_identity_;  ///< null at DRAM
    std::vector<int> reductions_;                    ///< reduction dimensions of the nest
    LoopWalk walk_;
    std::size_t parent_loops_ = 0;              ///< how many loops of the walk are above the parent
    std::vector<std::int64_t> parent_offsets_;  ///< at which the parent's tile begins
    std::int64_t parent_number_ = 0;
    Tile tile_;
    Tile ahead_;
    bool has_ahead_ = false;
    bool done_ = false;
};

/// Coordinates of an axis vector at given dimension indices.
void axis_origin(const Tensor& tensor, const std::vector<std::int64_t>& offsets, std::vector<std::int64_t>& origin);

}  // namespace accelsim
