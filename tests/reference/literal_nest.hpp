// SPDX-License-Identifier: Apache-2.0
// Section 1 of docs/microarchitecture.md, enumerated: every step, every instance, every tile of every boundary.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"

namespace accelsim::testing {

using Values = std::vector<std::int64_t>;  ///< one per loop, per dimension or per axis

struct LiteralLoop {
    int dimension = 0;
    std::int64_t bound = 1;
    std::int64_t stride = 1;
    int level = 0;
    LoopKind kind = LoopKind::temporal;
};

/// An instance of a level: the values of all loops (zero but for the fan-outs outside it) and what they add to each dimension.
struct Instance {
    Values loop_values;
    Values indices;
};

struct LiteralTile {
    std::int64_t first_step = 0;
    std::int64_t last_step = 0;  ///< the tile stays until the next one begins
    Values indices;              ///< of every dimension, by the loops above alone, when the tile begins
    Values origin;               ///< per axis, of lane 0
    std::int64_t source = 0;     ///< src(k)
    bool first_met = false;
    bool starts_at_zero = false;
    std::int64_t same_box_before = -1;
};

struct LiteralBoundary {
    int tensor = 0;
    int parent = 0;
    int child = 0;
    bool stream = false;
    int outer = -1;  ///< the boundary whose child is our parent, -1 when the parent is the DRAM
    bool accumulates = false;
    bool reuses_halo = false;
    std::int64_t window = 0;  ///< words, 0: slots
    Values spans;             ///< per dimension
    Values extents;           ///< per axis
    std::int64_t tile_words = 1;
    std::vector<Instance> parents;   ///< instances of the parent
    std::vector<Instance> lanes;     ///< instances of the child below one instance of the parent
    std::vector<Instance> children;  ///< all instances of the child, parent major
    std::vector<LiteralTile> tiles;
    std::vector<std::int64_t> tile_of_step;
};

/// Coordinates of each axis in order; empty when any of them is.
struct Box {
    std::vector<std::pair<std::int64_t, std::int64_t>> axes;  ///< first and last
    std::vector<std::vector<char>> reached;                   ///< from the first on, with `gaps: skip`; else empty
    bool empty = false;
    bool holds(const Values& coordinate) const;
};

/// The design, walked loop by loop. Keeps references: the three must outlive it.
class LiteralNest {
public:
    LiteralNest(const Workload& workload, const Architecture& architecture, const Nest& nest);

    const Workload& workload;
    const Architecture& architecture;
    const Nest& nest;
    std::vector<LiteralLoop> loops;
    std::vector<std::vector<int>> keepers;    ///< per tensor, DRAM first
    std::vector<LiteralBoundary> boundaries;  ///< by child level, then tensor
    std::vector<std::vector<int>> chains;     ///< per tensor: its boundaries, outermost first
    std::vector<Values> steps;                ///< of every issued step: the values of the temporal loops

    const Tensor& tensor(int t) const { return workload.tensors[static_cast<std::size_t>(t)]; }
    const Level& level(int l) const { return architecture.levels[static_cast<std::size_t>(l)]; }
    std::int64_t bound(std::size_t dimension) const { return issued_[dimension]; }  ///< B' of section 1
    bool is_padding(const Values& indices) const;                                   ///< beyond B, below B'
    const Memory& memory(int level, int tensor) const;
    bool is_reduction(int dimension) const;
    bool depends_on(int tensor, int dimension) const;
    Network network(int level, int tensor) const;

    Values indices_of(const Values& loop_values) const;
    Values coordinate(int tensor, const Values& indices) const;    ///< offsets included
    Values displacement(int tensor, const Values& indices) const;  ///< offsets left out
    std::pair<std::int64_t, std::int64_t> range_at_bounds(const LiteralBoundary& boundary, const Axis& axis,
                                                          const LiteralTile& tile, const Instance& child) const;
    Box clipped_box(const LiteralBoundary& boundary, const LiteralTile& tile, const Instance& child) const;
    bool masked(const LiteralTile& tile, const Instance& child) const;
    std::vector<Instance> instances(int outside, int inside) const;  ///< of the fan-outs between two levels
    std::vector<int> spatial_loops(int outside, int inside) const;
    std::vector<std::int64_t> coordinates_at_bounds(const LiteralBoundary& boundary, const Axis& axis, const LiteralTile& tile,
                                                    const Instance& child) const;

private:
    std::vector<std::int64_t> issued_;
    std::int64_t window_of(const LiteralBoundary& boundary) const;
    void cut_loops();
    void find_keepers();
    void find_boundaries();
    void walk_steps();
    bool same_tile(const LiteralBoundary& boundary, const LiteralTile& before, const LiteralTile& now) const;
    void walk_tiles(LiteralBoundary& boundary);
    void size_tiles(LiteralBoundary& boundary);
};

/// Row-major over the extents.
std::int64_t row_major(const Values& position, const Values& extents);
/// The next position of an odometer whose last digit turns fastest; false after the last.
bool advance_odometer(Values& position, const Values& extents);

}  // namespace accelsim::testing
