// SPDX-License-Identifier: Apache-2.0
// Loops, boxes and deltas of timeloop_model.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "mappings/nest.hpp"
#include "mappings/workload.hpp"

namespace accelsim::testing {

using Numbers = std::vector<std::int64_t>;

/// `last`: iterations of the loop when all loops of the dimension outside it are in their last one.
struct TimeloopNestLoop {
    int dimension = 0;
    std::int64_t bound = 1;
    std::int64_t last = 1;
    std::int64_t stride = 1;
    int level = 0;
    LoopKind kind = LoopKind::temporal;
};

/// Half-open ranges per axis; empty without any axis.
using PointBox = std::vector<std::pair<std::int64_t, std::int64_t>>;
using Points = std::vector<std::int64_t>;  ///< row-major numbers in the tensor, ascending

/// Outermost first, as in the nest; strides and last iterations from the bounds.
std::vector<TimeloopNestLoop> timeloop_loops(const Workload& workload, const Nest& nest);

/// The box of a tensor whose dimensions run over [low, low + size).
PointBox project(const Tensor& tensor, const Numbers& low, const Numbers& size);
std::int64_t points_in(const PointBox& box);

/// The points of the box that `without` does not hold.
Points difference(const Tensor& tensor, const PointBox& box, const PointBox& without);

/// What an instance remembers of its tile.
struct TileMemory {
    PointBox box;
    std::optional<Numbers> displacement;  ///< of the last change of tile; none after forgetting
};

/// New points of the next tile: exactly those that the one before did not hold.
Points true_delta(const Tensor& tensor, TileMemory& memory, const PointBox& box);
/// The same, but everything is new when the tile moves by another displacement than before.
Points forgetful_delta(const Tensor& tensor, TileMemory& memory, const PointBox& box);

using LaneDeltas = std::map<std::int64_t, Points>;  ///< by lane number

/// Reads that serve all lanes when a word is read once for all of them.
std::int64_t union_reads(const LaneDeltas& deltas);
/// Reads when lanes share only equal deltas.
std::int64_t whole_delta_reads(const LaneDeltas& deltas);
/// Whole-delta reads without the lanes whose delta is that of a mesh neighbour in the step before, if those are fewer.
std::int64_t linked_reads(const LaneDeltas& deltas, const LaneDeltas& before, std::int64_t mesh_x, std::int64_t mesh_y);

}  // namespace accelsim::testing
