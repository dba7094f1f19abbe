// SPDX-License-Identifier: Apache-2.0
#include "models/timeloop_walk.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace accelsim::timeloop {

namespace {

std::int64_t points(const Box& box) {
    std::int64_t count = box.empty() ? 0 : 1;
    for (const auto& [first, end] : box) count *= std::max<std::int64_t>(end - first, 0);
    return count;
}

Box project(const Tensor& tensor, const Numbers& low, const Numbers& size) {
    Box box;
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

/// A part of the union: what all axes up to one have been narrowed to.
struct Cover {
    const Delta* delta;
    bool in_hole;  ///< on all axes so far
};

std::int64_t cover_words(const std::vector<Cover>& covers, std::size_t axis, std::size_t axes) {
    if (axis == axes) return std::any_of(covers.begin(), covers.end(), [](const Cover& cover) { return !cover.in_hole; }) ? 1 : 0;
    std::set<std::int64_t> ends;
    for (const Cover& cover : covers) {
        ends.insert({cover.delta->box[axis].first, cover.delta->box[axis].second});
        if (!cover.delta->hole.empty()) ends.insert({cover.delta->hole[axis].first, cover.delta->hole[axis].second});
    }
    std::int64_t words = 0;
    for (auto end = ends.begin(); end != ends.end() && std::next(end) != ends.end(); ++end) {
        std::vector<Cover> inside;
        for (const Cover& cover : covers) {
            const auto& box = cover.delta->box[axis];
            if (*end < box.first || *end >= box.second) continue;
            const bool hole = cover.in_hole && *end >= cover.delta->hole[axis].first && *end < cover.delta->hole[axis].second;
            inside.push_back({cover.delta, hole});
        }
        if (!inside.empty()) words += (*std::next(end) - *end) * cover_words(inside, axis + 1, axes);
    }
    return words;
}

std::int64_t different_words(const std::map<std::int64_t, Delta>& deltas) {
    std::set<Delta> different;
    for (const auto& [lane, delta] : deltas) different.insert(delta);
    return union_words({different.begin(), different.end()});
}

std::int64_t distinct_words(const std::map<std::int64_t, Delta>& deltas) {
    std::set<Delta> different;
    for (const auto& [lane, delta] : deltas) different.insert(delta);
    std::int64_t words = 0;
    for (const Delta& delta : different) words += delta.words();
    return words;
}

}  // namespace

std::int64_t Delta::words() const { return points(box) - points(hole); }

std::int64_t union_words(const std::vector<Delta>& deltas) {
    std::vector<Cover> covers;
    for (const Delta& delta : deltas)
        if (delta.words() > 0) covers.push_back({&delta, !delta.hole.empty()});
    return covers.empty() ? 0 : cover_words(covers, 0, covers.front().delta->box.size());
}

Delta make_delta(const Box& box, const Box& without) {
    if (points(box) == 0) return {};
    Box hole = box;
    for (std::size_t a = 0; a < box.size() && !without.empty(); ++a)
        hole[a] = {std::max(box[a].first, without[a].first), std::min(box[a].second, without[a].second)};
    if (without.empty() || points(hole) == 0) return {box, {}};
    std::size_t partial = box.size();
    for (std::size_t a = 0; a < box.size(); ++a) {
        if (hole[a] == box[a]) continue;
        if (partial != box.size()) return {box, hole};
        partial = a;
    }
    if (partial == box.size()) return {};
    Box rest = box;
    if (hole[partial].first == box[partial].first)
        rest[partial].first = hole[partial].second;
    else if (hole[partial].second == box[partial].second)
        rest[partial].second = hole[partial].first;
    else
        return {box, hole};
    return {rest, {}};
}

std::vector<WalkLoop> walk_loops(const Design& design) {
    std::vector<WalkLoop> loops;
    Numbers stride(design.workload.dimensions.size(), 1);
    for (std::size_t i = design.nest.loops.size(); i-- > 0;) {
        const Loop& loop = design.nest.loops[i];
        std::int64_t& inner = stride[static_cast<std::size_t>(loop.dimension)];
        const std::int64_t bound = design.workload.dimensions[static_cast<std::size_t>(loop.dimension)].bound;
        // The last value of the dimension, written with one digit per loop.
        const std::int64_t digit = (bound - 1) / inner % loop.bound;
        loops.push_back({loop.dimension, loop.bound, digit + 1, inner, loop.level, loop.kind});
        inner *= loop.bound;
    }
    std::reverse(loops.begin(), loops.end());
    return loops;
}

Walk::Walk(const Design& design, const std::vector<WalkLoop>& loops, int tensor, int parent, int child, Sharing sharing)
    : design_(design),
      loops_(loops),
      tensor_(design.tensor(tensor)),
      parent_(parent),
      child_(child),
      to_mac_(child == design.architecture.mac_level()),
      sharing_(sharing),
      values_(loops.size(), 0) {
    for (std::size_t i = 0; i < loops.size(); ++i) {
        residual_ = residual_ || loops[i].last != loops[i].bound;
        if (loops[i].level >= child) continue;
        if (loops[i].kind == LoopKind::temporal)
            above_.push_back(i);
        else
            (loops[i].level < parent ? parent_lanes_ : lanes_).push_back(i);
    }
}

Walk::Result Walk::count() {
    walk(0, 1, 1);
    return result_;
}

/// The temporal loops above the child. `epochs`: steps that this one stands for; `delta_epochs`: the same for what is new in a
/// child right inside the innermost loop.
void Walk::walk(std::size_t i, std::int64_t epochs, std::int64_t delta_epochs) {
    if (i == above_.size()) {
        if (inside_bounds()) for_lanes(parent_lanes_, 0, [&] { parent_step(epochs, delta_epochs); });
        return;
    }
    const std::size_t loop = above_[i];
    const std::int64_t count = in_last_iteration(loop, loops_[loop].dimension) ? loops_[loop].last : loops_[loop].bound;
    const auto visit = [&](std::int64_t value, std::int64_t weight, std::int64_t delta_weight) {
        values_[loop] = value;
        walk(i + 1, epochs * weight, epochs * delta_weight);
    };
    visit(0, 1, 1);
    if (!residual_) {
        if (count > 1) visit(1, count - 1, count - 1);
    } else {
        const bool innermost = i + 1 == above_.size() && loops_[loop].level + 1 == child_;
        if (count > 2) visit(1, count - 2, innermost ? count - 1 : count - 2);
        if (count > 1) visit(count - 1, 1, innermost && count > 2 ? 0 : 1);
    }
    values_[loop] = 0;
}

void Walk::parent_step(std::int64_t epochs, std::int64_t delta_epochs) {
    const std::int64_t weight = lanes_.empty() && !to_mac_ ? delta_epochs : epochs;
    LaneDeltas deltas;
    for_lanes(lanes_, 0, [&] { deltas[lane_number()] = delta(); });
    for (const auto& [lane, part] : deltas) result_.new_words += weight * part.words();
    result_.parent_words += weight * reads(deltas);
}

/// Runs the action for all values of the spatial loops that lie inside the bounds.
template <class Action>
void Walk::for_lanes(const std::vector<std::size_t>& loops, std::size_t i, const Action& action) {
    if (i == loops.size()) {
        if (inside_bounds()) action();
        return;
    }
    for (std::int64_t value = 0; value < loops_[loops[i]].bound; ++value) {
        values_[loops[i]] = value;
        for_lanes(loops, i + 1, action);
    }
    values_[loops[i]] = 0;
}

/// All loops of the dimension outside the i-th are in their last iteration.
bool Walk::in_last_iteration(std::size_t i, int dimension) const {
    for (std::size_t o = 0; o < i; ++o)
        if (loops_[o].dimension == dimension && values_[o] + 1 < loops_[o].last) return false;
    return true;
}

bool Walk::inside_bounds() const {
    const Numbers low = lows();
    for (std::size_t d = 0; d < low.size(); ++d)
        if (low[d] >= design_.workload.dimensions[d].bound) return false;
    return true;
}

Numbers Walk::lows() const {
    Numbers low(design_.workload.dimensions.size(), 0);
    for (std::size_t i = 0; i < loops_.size(); ++i)
        low[static_cast<std::size_t>(loops_[i].dimension)] += values_[i] * loops_[i].stride;
    return low;
}

Numbers Walk::values_of(const std::vector<std::size_t>& loops) const {
    Numbers values;
    for (const std::size_t i : loops) values.push_back(values_[i]);
    return values;
}

/// What the child is taken to hold. With residual factors all dimensions count as in their last iteration when the child's
/// outermost loop's is, else none.
Box Walk::tile() const {
    const Numbers low = lows();
    Numbers size(low.size(), 1);
    if (!residual_ || to_mac_) {
        for (const WalkLoop& loop : loops_)
            if (loop.level >= child_) size[static_cast<std::size_t>(loop.dimension)] *= loop.bound;
        for (std::size_t d = 0; d < size.size(); ++d) size[d] = std::min(size[d], design_.workload.dimensions[d].bound - low[d]);
        return project(tensor_, low, size);
    }
    int dimension = static_cast<int>(low.size()) - 1;
    std::size_t first = loops_.size();
    for (std::size_t i = loops_.size(); i-- > 0;) {
        if (loops_[i].level < child_) continue;
        first = i;
        if (loops_[i].level == child_) dimension = loops_[i].dimension;
    }
    const bool last = in_last_iteration(first, dimension);
    for (const WalkLoop& loop : loops_)
        if (loop.level >= child_)
            size[static_cast<std::size_t>(loop.dimension)] += loop.stride * ((last ? loop.last : loop.bound) - 1);
    return project(tensor_, low, size);
}

Delta Walk::delta() {
    const Box box = tile();
    if (to_mac_) return make_delta(box, {});
    Numbers key = values_of(parent_lanes_);
    for (const std::int64_t value : values_of(lanes_)) key.push_back(value);
    TileMemory& memory = memories_[key];
    std::optional<Numbers> displacement;
    if (!memory.box.empty() && !box.empty()) {
        displacement = Numbers{};
        for (std::size_t a = 0; a < box.size(); ++a) displacement->push_back(box[a].first - memory.box[a].first);
    }
    const bool keeps = !memory.displacement || displacement == memory.displacement;
    const Delta result = make_delta(box, keeps ? memory.box : Box{});
    memory.box = box;
    if (!keeps)
        memory.displacement.reset();
    else if (!memory.displacement)
        memory.displacement = displacement;
    return result;
}

/// Lanes share whole equal deltas; with links, across a single fan-out, a lane whose delta a mesh neighbour had in the step
/// before takes it from there, when that saves reads.
std::int64_t Walk::reads(const LaneDeltas& deltas) {
    const std::int64_t all = sharing_.merges_whole_deltas ? distinct_words(deltas) : different_words(deltas);
    if (!sharing_.links_neighbours || lanes_.empty() || child_ != parent_ + 2) return all;
    std::int64_t rows = 1;
    std::int64_t columns = 1;
    for (const std::size_t i : lanes_) (loops_[i].kind == LoopKind::rows ? rows : columns) *= loops_[i].bound;
    LaneDeltas& before = before_[values_of(parent_lanes_)];
    LaneDeltas left;
    for (const auto& [lane, part] : deltas) {
        bool linked = false;
        const std::int64_t x = lane % columns;
        const std::int64_t y = lane / columns;
        for (const auto& [dx, dy] : {std::pair<int, int>{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
            if (x + dx < 0 || x + dx >= columns || y + dy < 0 || y + dy >= rows) continue;
            const auto neighbour = before.find((y + dy) * columns + x + dx);
            linked = linked || (part.words() > 0 && neighbour != before.end() && neighbour->second == part);
        }
        if (!linked) left[lane] = part;
    }
    before = deltas;
    return std::min(distinct_words(left), all);
}

/// Outer loops count more; rows stand outside columns.
std::int64_t Walk::lane_number() const {
    std::int64_t number = 0;
    for (const std::size_t i : lanes_) number = number * loops_[i].bound + values_[i];
    return number;
}

}  // namespace accelsim::timeloop
