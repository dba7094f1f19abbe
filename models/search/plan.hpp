// SPDX-License-Identifier: Apache-2.0
// The blockings of one unrolling: for every level below the DRAM all tiles that fit it, with a lower bound of what they cost.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/search/level_cost.hpp"
#include "models/search/tilings.hpp"

namespace accelsim::search {

/// What a level holds, one number per loop.
struct Tile {
    std::array<std::uint16_t, loop_count> cuts{};  ///< indices into the loop's cuts at this level
    PerLoop outside{};                             ///< products of the trips in time outside the level
    double bound_pj = 0;  ///< no mapping with this tile spends less at the next level outward; of level 0
                          ///< with what happens inside it, exactly
};

/// The energy of a mapping is a sum over the levels, and that of level l depends on the tiles of level l and l-1 alone; so a
/// mapping is a path through the levels' tiles. Bounds: docs/optimize.md.
class Plan {
public:
    /// Tiles beyond `most_tiles` per level are left out, and complete() is false.
    Plan(const Space& space, const Unrolling& unrolling, const std::vector<LevelOrders>& orders, std::size_t most_tiles);

    bool complete() const { return complete_; }
    /// False when some level has no tile that fits.
    bool feasible() const;

    /// Of a level below the DRAM, the cheapest bound first.
    const std::vector<Tile>& tiles(std::size_t level) const { return tiles_[level]; }
    /// No path spends less at the levels up to and including this one.
    double rest_bound(std::size_t level) const { return rest_[level]; }
    /// Whether the inner tile of `level` can be cut from the outer one of the next level.
    bool follows(std::size_t level, const Tile& inner, const Tile& outer) const;

    /// The cheapest order of a level between its own tile's `outside` and that of the level inside it.
    LevelEnergy cheapest(std::size_t level, const PerLoop& own, const PerLoop& outside, const OrderClass** order = nullptr) const;

    /// Trips of the innermost level, under its tile.
    PerLoop innermost_trips(const Tile& tile) const;

    /// The mapping along a path: tiles of levels 0, 1... below the DRAM.
    Mapping mapping(const std::vector<const Tile*>& path) const;

    /// What the innermost level costs below its tile; exact.
    LevelEnergy innermost(const Tile& tile, const OrderClass** order = nullptr) const;

private:
    /// A loop at a level's boundary.
    struct Cut {
        std::int64_t checked = 1;  ///< values in the level's tile as its capacity is checked
        std::int64_t bank = 1;     ///< trips in time up to the level
        std::int64_t outside = 1;  ///< trips in time beyond it
        bool operator==(const Cut&) const = default;
    };
    using Chain = std::vector<Cut>;  ///< per level

    void read_cuts();
    Chain chain_of(const Tiling& tiling, int loop) const;
    void collect(std::size_t level, std::size_t loop, PerLoop& checked, PerLoop& bank, Tile& tile);
    bool may_fit(std::size_t level, const PerLoop& checked, const PerLoop& bank, bool final) const;
    void bound_tiles();

    const Space& space_;
    const Unrolling& unrolling_;
    const std::vector<LevelOrders>& orders_;
    std::size_t most_tiles_;
    bool complete_ = true;
    std::vector<LevelCost> costs_;
    std::vector<std::array<std::vector<Cut>, loop_count>> cuts_;                   ///< per level below the DRAM
    std::vector<std::array<std::vector<std::vector<char>>, loop_count>> follows_;  ///< per level: [inner cut][outer cut]
    std::array<std::vector<Tiling>, loop_count> tilings_;
    std::vector<std::vector<Tile>> tiles_;
    std::vector<double> rest_;
};

}  // namespace accelsim::search
