// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/timeloop_tiles.hpp"

#include <algorithm>
#include <set>

namespace accelsim::testing {

std::vector<TimeloopNestLoop> timeloop_loops(const Workload& workload, const Nest& nest) {
    std::vector<TimeloopNestLoop> loops;
    Numbers stride(workload.dimensions.size(), 1);
    for (std::size_t i = nest.loops.size(); i-- > 0;) {
        const Loop& loop = nest.loops[i];
        std::int64_t& inner = stride[static_cast<std::size_t>(loop.dimension)];
        const std::int64_t bound = workload.dimensions[static_cast<std::size_t>(loop.dimension)].bound;
        // The last value of the dimension, written with one digit per loop.
        const std::int64_t digit = (bound - 1) / inner % loop.bound;
        loops.push_back({loop.dimension, loop.bound, digit + 1, inner, loop.level, loop.kind});
        inner *= loop.bound;
    }
    std::reverse(loops.begin(), loops.end());
    return loops;
}

PointBox project(const Tensor& tensor, const Numbers& low, const Numbers& size) {
    PointBox box;
    for (const Axis& axis : tensor.axes) {
        std::int64_t first = axis.offset;
        std::int64_t last = axis.offset;
        for (const Term& term : axis.terms) {
            const auto d = static_cast<std::size_t>(term.dimension);
            if (size[d] <= 0) return {};
            first += term.coefficient * low[d];
            last += term.coefficient * (low[d] + size[d] - 1);
        }
        box.emplace_back(first, last + 1);
    }
    return box;
}

std::int64_t points_in(const PointBox& box) {
    std::int64_t count = box.empty() ? 0 : 1;
    for (const auto& [first, end] : box) count *= end - first;
    return count;
}

Points difference(const Tensor& tensor, const PointBox& box, const PointBox& without) {
    Points points;
    if (box.empty()) return points;
    Numbers at;
    for (const auto& [first, end] : box) at.push_back(first);
    for (;;) {
        bool held = !without.empty();
        std::int64_t number = 0;
        for (std::size_t a = 0; a < box.size(); ++a) {
            held = held && at[a] >= without[a].first && at[a] < without[a].second;
            // With residual factors a tile reaches beyond the tensor: there, too, no two points have one number.
            number = number * (8 * tensor.axes[a].size + 64) + tensor.axes[a].size + 32 + at[a];
        }
        if (!held) points.push_back(number);
        std::size_t a = box.size();
        while (a > 0 && ++at[a - 1] == box[a - 1].second) {
            at[a - 1] = box[a - 1].first;
            --a;
        }
        if (a == 0) return points;
    }
}

Points true_delta(const Tensor& tensor, TileMemory& memory, const PointBox& box) {
    Points delta = box == memory.box ? Points{} : difference(tensor, box, memory.box);
    memory.box = box;
    return delta;
}

Points forgetful_delta(const Tensor& tensor, TileMemory& memory, const PointBox& box) {
    std::optional<Numbers> displacement;
    if (!memory.box.empty() && !box.empty()) {
        displacement = Numbers{};
        for (std::size_t a = 0; a < box.size(); ++a) displacement->push_back(box[a].first - memory.box[a].first);
    }
    const bool keeps = !memory.displacement || displacement == memory.displacement;
    Points delta = difference(tensor, box, keeps ? memory.box : PointBox{});
    memory.box = box;
    if (!keeps)
        memory.displacement.reset();
    else if (!memory.displacement)
        memory.displacement = displacement;
    return delta;
}

std::int64_t union_reads(const LaneDeltas& deltas) {
    std::set<std::int64_t> words;
    for (const auto& [lane, points] : deltas) words.insert(points.begin(), points.end());
    return static_cast<std::int64_t>(words.size());
}

std::int64_t whole_delta_reads(const LaneDeltas& deltas) {
    std::set<Points> different;
    for (const auto& [lane, points] : deltas) different.insert(points);
    std::int64_t reads = 0;
    for (const Points& points : different) reads += static_cast<std::int64_t>(points.size());
    return reads;
}

std::int64_t linked_reads(const LaneDeltas& deltas, const LaneDeltas& before, std::int64_t mesh_x, std::int64_t mesh_y) {
    LaneDeltas left;
    for (const auto& [lane, points] : deltas) {
        const std::int64_t x = lane % mesh_x;
        const std::int64_t y = lane / mesh_x;
        bool linked = false;
        for (const auto& [dx, dy] : {std::pair<int, int>{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
            if (x + dx < 0 || x + dx >= mesh_x || y + dy < 0 || y + dy >= mesh_y) continue;
            const auto neighbour = before.find((y + dy) * mesh_x + x + dx);
            linked = linked || (!points.empty() && neighbour != before.end() && neighbour->second == points);
        }
        if (!linked) left[lane] = points;
    }
    return std::min(whole_delta_reads(left), whole_delta_reads(deltas));
}

}  // namespace accelsim::testing
