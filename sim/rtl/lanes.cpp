// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/lanes.hpp"

#include "mappings/tile_stream.hpp"

namespace accelsim {

namespace {

/// Loops of the axis, adjacent first.
std::vector<const LoweredLoop*> loops_of(const Design& design, LoopKind axis) {
    std::vector<const LoweredLoop*> loops;
    for (const LoweredLoop& loop : design.loops) {
        if (loop.kind == axis) loops.insert(loops.begin(), &loop);
    }
    return loops;
}

bool carries(const Design& design, const LoweredLoop& loop, int tensor) {
    const Network& network = design.level(loop.level).network(design.tensor(tensor).name);
    if (design.tensor(tensor).is_output) return network.reduction == Reduction::systolic && design.workload.is_reduction(loop.dimension);
    return network.transport == Transport::systolic && !design.tensor(tensor).depends_on(loop.dimension);
}

}  // namespace

std::vector<AxisPosition> axis_positions(const Design& design, LoopKind axis) {
    const std::vector<const LoweredLoop*> loops = loops_of(design, axis);
    std::int64_t count = 1;
    for (const LoweredLoop* loop : loops) count *= loop->bound;
    std::vector<AxisPosition> positions;
    for (std::int64_t p = 0; p < count; ++p) {
        AxisPosition position;
        position.offset.assign(design.workload.dimensions.size(), 0);
        std::int64_t rest = p;
        for (const LoweredLoop* loop : loops) {
            const std::int64_t value = rest % loop->bound;
            rest /= loop->bound;
            position.offset[static_cast<std::size_t>(loop->dimension)] += value * loop->stride;
            if (loop == loops.front()) position.chain = value;
            if (value > 0 && design.workload.is_reduction(loop->dimension)) position.reduces = true;
        }
        positions.push_back(position);
    }
    return positions;
}

bool axis_is_skewed(const Design& design, LoopKind axis) {
    for (const LoweredLoop* loop : loops_of(design, axis)) {
        for (int t = 0; t < 3; ++t) {
            if (carries(design, *loop, t)) return true;
        }
    }
    return false;
}

std::vector<std::vector<std::int64_t>> lane_places(const Design& design, int tensor) {
    const std::vector<AxisPosition> columns = axis_positions(design, LoopKind::columns);
    Tensor displaced = design.tensor(tensor);
    for (Axis& axis : displaced.axes) axis.offset = 0;
    std::vector<std::vector<std::int64_t>> places;
    for (const AxisPosition& row : axis_positions(design, LoopKind::rows)) {
        for (const AxisPosition& column : columns) {
            std::vector<std::int64_t> offsets = row.offset, place;
            for (std::size_t d = 0; d < offsets.size(); ++d) offsets[d] += column.offset[d];
            axis_origin(displaced, offsets, place);
            places.push_back(place);
        }
    }
    return places;
}

}  // namespace accelsim
