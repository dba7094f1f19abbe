// SPDX-License-Identifier: Apache-2.0
// A lowered design: workload, architecture and nest checked against each other, with everything derived
// that the models, the simulator and the reports need. Plain values; terms as in docs/microarchitecture.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"

namespace accelsim {

struct LoweredLoop {
    int dimension = 0;
    std::int64_t bound = 1;   ///< cut to what can be active
    std::int64_t stride = 1;  ///< product of the bounds of the loops of this dimension inside it
    int level = 0;
    LoopKind kind = LoopKind::temporal;
    bool is_temporal() const { return kind == LoopKind::temporal; }
};

/// A tensor's tiles between a keeper and the next one inside it (or the FIFO at the MAC).
struct Boundary {
    int tensor = 0;
    int parent = 0;  ///< level index
    int child = 0;   ///< level index; the MAC's for a stream
    bool stream = false;
    std::vector<int> above;             ///< indices of the temporal loops above the child, outermost first
    std::vector<std::int64_t> extents;  ///< nominal tile of one child instance, per axis of the tensor
    std::int64_t tile_words = 1;        ///< product of the extents
    std::int64_t depth = 2;             ///< slots; windowed: more tiles than can stand in the window at once
    std::int64_t window_words = 0;      ///< W of a windowed memory, 0: slots
    std::int64_t flight_down = 0;
    std::int64_t flight_up = 0;
    bool accumulates = false;  ///< outputs: the parent adds what comes up
    int accumulated_in = -1;   ///< outputs: the nearest accumulating boundary strictly outside, -1: none
    bool reuses_halo = false;  ///< a tile's move leaves out what the tile before it held
};

struct Design {
    std::string name;
    Workload workload;
    Architecture architecture;
    Nest nest;

    std::vector<std::int64_t> issued;       ///< per dimension: B', indices below it are issued
    std::vector<LoweredLoop> loops;         ///< outermost first; spatial loops at their fan-out's place
    std::vector<std::vector<int>> keepers;  ///< per tensor: level indices, DRAM first
    std::vector<bool> direct;               ///< per tensor: the MAC accesses the innermost keeper directly
    std::vector<Boundary> boundaries;       ///< in mover order: child level, then tensor
    std::vector<std::int64_t> instances;    ///< per level: instances in use, by the loops (not the hardware's)
    std::int64_t steps = 0;                 ///< issued iterations of all temporal loops
    std::string dataflow;                   ///< "C | K"

    const Tensor& tensor(int index) const { return workload.tensors[static_cast<std::size_t>(index)]; }
    /// The memory of a tensor at a level.
    const Memory& memory(int level, int tensor) const;
    /// MACs on indices beyond a dimension's bound (tail round_up).
    std::int64_t padding_macs() const;
    const Level& level(int index) const { return architecture.levels[static_cast<std::size_t>(index)]; }
    /// Index into `boundaries` of the tensor's boundary with this child, -1 when there is none.
    int find_boundary(int tensor, int child) const;
    /// Boundaries of a tensor, outermost first.
    std::vector<int> boundaries_of(int tensor) const;
};

/// Checks the three against each other and derives the rest. Throws UserError with the offending
/// directive's place: a bound that the loops do not cover, a spatial loop beyond its axis, a tile that does
/// not fit (level, tensors, bytes over), a level that no tensor uses, `systolic` where sharing is not along an axis.
Design lower(const Workload& workload, const Architecture& architecture, const Nest& nest, const std::string& name = "design");

/// The nest as pseudo-code with allocations, tile sizes and capacities used, for `accelsim explain`.
std::string explain(const Design& design);

}  // namespace accelsim
