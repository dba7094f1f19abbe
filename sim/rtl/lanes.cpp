// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/lanes.hpp"

#include <algorithm>

#include "mappings/tile_stream.hpp"

namespace accelsim {

namespace {

struct AxisPosition {
    std::vector<std::int64_t> offset;
    std::int64_t chain = 0;  ///< value of the adjacent loop
    bool reduces = false;
};

/// Loops of the axis, adjacent first.
std::vector<const LoweredLoop*> loops_of(const Design& design, int level, LoopKind axis) {
    std::vector<const LoweredLoop*> loops;
    for (const LoweredLoop& loop : design.loops) {
        if (loop.level == level && loop.kind == axis) loops.insert(loops.begin(), &loop);
    }
    return loops;
}

bool carries(const Design& design, const LoweredLoop& loop, int tensor) {
    const Network& network = design.level(loop.level).network(design.tensor(tensor).name);
    if (design.tensor(tensor).is_output)
        return network.reduction == Reduction::systolic && design.workload.is_reduction(loop.dimension);
    return network.transport == Transport::systolic && !design.tensor(tensor).depends_on(loop.dimension);
}

/// The axis carries some tensor systolically.
bool is_skewed(const Design& design, int level, LoopKind axis) {
    for (const LoweredLoop* loop : loops_of(design, level, axis)) {
        for (int t = 0; t < 3; ++t) {
            if (carries(design, *loop, t)) return true;
        }
    }
    return false;
}

/// The positions in use, in order.
std::vector<AxisPosition> axis_positions(const Design& design, int level, LoopKind axis) {
    const std::vector<const LoweredLoop*> loops = loops_of(design, level, axis);
    std::int64_t count = 1;
    for (const LoweredLoop* loop : loops) count *= loop->bound;
    const bool skewed = is_skewed(design, level, axis);
    std::vector<AxisPosition> positions;
    for (std::int64_t p = 0; p < count; ++p) {
        AxisPosition position;
        position.offset.assign(design.workload.dimensions.size(), 0);
        std::int64_t rest = p;
        for (const LoweredLoop* loop : loops) {
            const std::int64_t value = rest % loop->bound;
            rest /= loop->bound;
            position.offset[static_cast<std::size_t>(loop->dimension)] += value * loop->stride;
            if (loop == loops.front() && skewed) position.chain = value;
            if (value > 0 && design.workload.is_reduction(loop->dimension)) position.reduces = true;
        }
        positions.push_back(position);
    }
    return positions;
}

RtlPosition nowhere(const Design& design) {
    RtlPosition position;
    position.offset.assign(design.workload.dimensions.size(), 0);
    return position;
}

}  // namespace

std::vector<RtlPosition> fan_out_positions(const Design& design, int level) {
    const std::vector<AxisPosition> rows = axis_positions(design, level, LoopKind::rows),
                                    columns = axis_positions(design, level, LoopKind::columns);
    std::vector<RtlPosition> positions;
    for (std::size_t r = 0; r < static_cast<std::size_t>(design.level(level).rows); ++r) {
        for (std::size_t c = 0; c < static_cast<std::size_t>(design.level(level).columns); ++c) {
            RtlPosition position = nowhere(design);
            position.used = r < rows.size() && c < columns.size();
            if (position.used) {
                for (std::size_t d = 0; d < position.offset.size(); ++d)
                    position.offset[d] = rows[r].offset[d] + columns[c].offset[d];
                position.down = rows[r].chain;
                position.across = columns[c].chain;
                position.reduces = rows[r].reduces || columns[c].reduces;
            }
            positions.push_back(position);
        }
    }
    return positions;
}

std::int64_t fan_out_skew(const Design& design, int level) {
    std::int64_t longest = 0;
    for (const RtlPosition& position : fan_out_positions(design, level))
        longest = std::max(longest, position.down + position.across);
    return longest;
}

std::vector<RtlPosition> rtl_instances(const Design& design, const RtlPlaces& places, std::size_t from, std::size_t to) {
    std::vector<RtlPosition> instances = {nowhere(design)};
    for (std::size_t f = from; f < to; ++f) {
        std::vector<RtlPosition> inner;
        for (const RtlPosition& outer : instances) {
            for (RtlPosition position : fan_out_positions(design, places.fan_outs[f])) {
                position.used = position.used && outer.used;
                for (std::size_t d = 0; d < position.offset.size(); ++d) position.offset[d] += outer.offset[d];
                position.down += outer.down;
                position.across += outer.across;
                position.reduces = position.reduces || outer.reduces;
                inner.push_back(position);
            }
        }
        instances = inner;
    }
    return instances;
}

std::vector<int> instance_numbers(const std::vector<RtlPosition>& instances) {
    std::vector<int> numbers;
    int used = 0;
    for (const RtlPosition& instance : instances) numbers.push_back(instance.used ? used++ : -1);
    return numbers;
}

std::vector<std::vector<std::int64_t>> tile_places(const Design& design, const Boundary& boundary,
                                                   const std::vector<RtlPosition>& children) {
    Tensor displaced = design.tensor(boundary.tensor);
    for (Axis& axis : displaced.axes) axis.offset = 0;
    std::vector<std::vector<std::int64_t>> result;
    for (const RtlPosition& child : children) {
        std::vector<std::int64_t> place;
        axis_origin(displaced, child.offset, place);
        result.push_back(place);
    }
    return result;
}

}  // namespace accelsim
