// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/timeloop_model.hpp"

#include <algorithm>

#include "tests/reference/timeloop_tiles.hpp"

namespace accelsim::testing {

namespace {

/// Sums over all steps and instances of one move from a keeper to the next one inside it, or to the MAC.
struct MoveCount {
    std::int64_t parent_words = 0;  ///< words that the parent reads for (or is updated by) all lanes
    std::int64_t new_words = 0;     ///< sum of the children's deltas
};

/// Walks the steps of one move of one tensor.
class MoveWalk {
public:
    MoveWalk(const Workload& workload, const Architecture& architecture, const std::vector<TimeloopNestLoop>& loops, int tensor,
             int parent, int child, const TimeloopHabits& habits)
        : workload_(workload),
          architecture_(architecture),
          loops_(loops),
          tensor_(workload.tensors[static_cast<std::size_t>(tensor)]),
          parent_(parent),
          child_(child),
          to_mac_(child == architecture.mac_level()),
          habits_(habits) {
        for (std::size_t i = 0; i < loops.size(); ++i) {
            if (loops[i].level >= child) continue;
            if (loops[i].kind == LoopKind::temporal)
                above_.push_back(i);
            else
                (loops[i].level < parent ? parent_lanes_ : lanes_).push_back(i);
        }
        for (const TimeloopNestLoop& loop : loops) residual_ = residual_ || loop.last != loop.bound;
    }

    MoveCount count() {
        values_.assign(loops_.size(), 0);
        walk(0, 1, 1);
        return result_;
    }

private:
    Numbers lows() const {
        Numbers low(workload_.dimensions.size(), 0);
        for (std::size_t i = 0; i < loops_.size(); ++i)
            low[static_cast<std::size_t>(loops_[i].dimension)] += values_[i] * loops_[i].stride;
        return low;
    }

    std::int64_t bound(std::size_t d) const { return workload_.dimensions[d].bound; }

    bool inside_bounds() const {
        const Numbers low = lows();
        for (std::size_t d = 0; d < low.size(); ++d)
            if (low[d] >= bound(d)) return false;
        return true;
    }

    /// All loops of the dimension outside the i-th are in their last iteration.
    bool in_last_iteration(std::size_t i, int dimension) const {
        for (std::size_t o = 0; o < i; ++o)
            if (loops_[o].dimension == dimension && values_[o] + 1 < loops_[o].last) return false;
        return true;
    }

    /// The temporal loops above the child. `epochs`: steps that this one stands for; `delta_epochs`: the same for the deltas
    /// of a child right inside the innermost loop.
    void walk(std::size_t i, std::int64_t epochs, std::int64_t delta_epochs) {
        if (i == above_.size()) {
            if (inside_bounds()) step(epochs, delta_epochs);
            return;
        }
        const std::size_t loop = above_[i];
        const std::int64_t count = in_last_iteration(loop, loops_[loop].dimension) ? loops_[loop].last : loops_[loop].bound;
        const auto visit = [&](std::int64_t value, std::int64_t weight, std::int64_t delta_weight) {
            values_[loop] = value;
            walk(i + 1, epochs * weight, epochs * delta_weight);
        };
        if (!habits_.forgets_at_wraps) {
            for (std::int64_t value = 0; value < count; ++value) visit(value, 1, 1);
        } else if (!residual_) {
            visit(0, 1, 1);
            if (count > 1) visit(1, count - 1, count - 1);
        } else {
            const bool innermost = i + 1 == above_.size() && loops_[loop].level + 1 == child_;
            visit(0, 1, 1);
            if (count > 2) visit(1, count - 2, innermost ? count - 1 : count - 2);
            if (count > 1) visit(count - 1, 1, innermost && count > 2 ? 0 : 1);
        }
        values_[loop] = 0;
    }

    void step(std::int64_t epochs, std::int64_t delta_epochs) {
        for_lanes(parent_lanes_, 0, [&] { parent_step(epochs, delta_epochs); });
        if (!habits_.idle_lanes_keep) move_idle_lanes();
    }

    void parent_step(std::int64_t epochs, std::int64_t delta_epochs) {
        const std::int64_t weight = lanes_.empty() && !to_mac_ ? delta_epochs : epochs;
        LaneDeltas deltas;
        for_lanes(lanes_, 0, [&] { deltas[lane_number()] = delta(); });
        for (const auto& [lane, points] : deltas) result_.new_words += weight * static_cast<std::int64_t>(points.size());
        result_.parent_words += weight * reads(deltas);
    }

    /// Runs the action for all values of the spatial loops that lie inside the bounds.
    template <class Action>
    void for_lanes(const std::vector<std::size_t>& loops, std::size_t i, const Action& action) {
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

    /// Lanes beyond the bounds go on to the tile that is theirs by geometry.
    void move_idle_lanes() {
        for (auto& [key, memory] : memories_) {
            for (std::size_t i = 0; i < parent_lanes_.size(); ++i) values_[parent_lanes_[i]] = key[i];
            for (std::size_t i = 0; i < lanes_.size(); ++i) values_[lanes_[i]] = key[parent_lanes_.size() + i];
            if (!inside_bounds()) memory.box = tile();
        }
        for (const std::vector<std::size_t>* loops : {&parent_lanes_, &lanes_})
            for (const std::size_t i : *loops) values_[i] = 0;
    }

    /// Outer loops count more; rows (Y) stand outside columns (X).
    std::int64_t lane_number() const {
        std::int64_t number = 0;
        for (const std::size_t i : lanes_) number = number * loops_[i].bound + values_[i];
        return number;
    }

    Numbers instance(const std::vector<std::size_t>& loops) const {
        Numbers key;
        for (const std::size_t i : loops) key.push_back(values_[i]);
        return key;
    }

    Points delta() {
        const PointBox box = habits_.forgets_at_wraps ? assumed_tile() : tile();
        if (to_mac_) return difference(tensor_, box, {});
        Numbers key = instance(parent_lanes_);
        for (const std::int64_t value : instance(lanes_)) key.push_back(value);
        TileMemory& memory = memories_[key];
        return habits_.forgets_at_wraps ? forgetful_delta(tensor_, memory, box) : true_delta(tensor_, memory, box);
    }

    /// What the child holds: the spans of the loops inside it, cut at the bounds.
    PointBox tile() const {
        const Numbers low = lows();
        Numbers size(low.size(), 1);
        for (const TimeloopNestLoop& loop : loops_)
            if (loop.level >= child_) size[static_cast<std::size_t>(loop.dimension)] *= loop.bound;
        for (std::size_t d = 0; d < size.size(); ++d) size[d] = std::min(size[d], bound(d) - low[d]);
        return project(tensor_, low, size);
    }

    /// With residual factors: all dimensions are taken as in their last iteration when the child's outermost loop's is, else
    /// none.
    PointBox assumed_tile() const {
        if (!residual_ || to_mac_) return tile();
        int dimension = static_cast<int>(workload_.dimensions.size()) - 1;
        std::size_t first = loops_.size();
        for (std::size_t i = loops_.size(); i-- > 0;) {
            if (loops_[i].level < child_) continue;
            first = i;
            if (loops_[i].level == child_) dimension = loops_[i].dimension;
        }
        const bool last = in_last_iteration(first, dimension);
        const Numbers low = lows();
        Numbers size(low.size(), 1);
        for (const TimeloopNestLoop& loop : loops_)
            if (loop.level >= child_)
                size[static_cast<std::size_t>(loop.dimension)] += loop.stride * ((last ? loop.last : loop.bound) - 1);
        return project(tensor_, low, size);
    }

    std::int64_t reads(const LaneDeltas& deltas) {
        if (!habits_.merges_whole_deltas) return union_reads(deltas);
        if (!habits_.links_neighbours || lanes_.empty() || !one_fan_out()) return whole_delta_reads(deltas);
        const Level& mesh = architecture_.levels[static_cast<std::size_t>(parent_ + 1)];
        LaneDeltas& before = before_[instance(parent_lanes_)];
        const std::int64_t words = linked_reads(deltas, before, mesh.columns, mesh.rows);
        before = deltas;
        return words;
    }

    /// Neighbours exchange words of one fan-out only, not of several with bypassed storages between them.
    bool one_fan_out() const { return child_ == parent_ + 2; }

    const Workload& workload_;
    const Architecture& architecture_;
    const std::vector<TimeloopNestLoop>& loops_;
    const Tensor& tensor_;
    int parent_, child_;
    bool to_mac_;
    TimeloopHabits habits_;
    bool residual_ = false;
    std::vector<std::size_t> above_, parent_lanes_, lanes_;
    Numbers values_;
    std::map<Numbers, TileMemory> memories_;
    std::map<Numbers, LaneDeltas> before_;
    MoveCount result_;
};

std::vector<int> keepers_of(const Architecture& architecture, const Nest& nest, int tensor) {
    std::vector<int> keepers;
    for (std::size_t l = 0; l < architecture.levels.size(); ++l) {
        if (!architecture.levels[l].is_buffer()) continue;
        const auto bypass = nest.bypass.find(static_cast<int>(l));
        const bool passes = bypass != nest.bypass.end() &&
                            std::find(bypass->second.begin(), bypass->second.end(), tensor) != bypass->second.end();
        if (!passes) keepers.push_back(static_cast<int>(l));
    }
    return keepers;
}

/// Lanes outside the level that ever have work in a dimension.
std::int64_t working_lanes(const std::vector<TimeloopNestLoop>& loops, int dimension, std::int64_t bound, int level) {
    Numbers firsts = {0};  // the lowest index of each lane
    for (const TimeloopNestLoop& loop : loops) {
        if (loop.kind == LoopKind::temporal || loop.level >= level || loop.dimension != dimension) continue;
        Numbers next;
        for (const std::int64_t first : firsts)
            for (std::int64_t value = 0; value < loop.bound; ++value) next.push_back(first + value * loop.stride);
        firsts = next;
    }
    return std::count_if(firsts.begin(), firsts.end(), [&](std::int64_t first) { return first < bound; });
}

/// Words of an output that all instances of a level ever hold: the whole tensor, once for each lane that sums a part of it.
std::int64_t partitions(const Workload& workload, const std::vector<TimeloopNestLoop>& loops, const Tensor& tensor, int level) {
    std::int64_t words = tensor.words();
    for (std::size_t d = 0; d < workload.dimensions.size(); ++d)
        if (!tensor.depends_on(static_cast<int>(d)))
            words *= working_lanes(loops, static_cast<int>(d), workload.dimensions[d].bound, level);
    return words;
}

std::int64_t tile_words(const Workload& workload, const std::vector<TimeloopNestLoop>& loops, const Tensor& tensor, int level) {
    Numbers size(workload.dimensions.size(), 1);
    for (const TimeloopNestLoop& loop : loops)
        if (loop.level >= level) size[static_cast<std::size_t>(loop.dimension)] *= loop.bound;
    for (std::size_t d = 0; d < size.size(); ++d) size[d] = std::min(size[d], workload.dimensions[d].bound);
    return points_in(project(tensor, Numbers(size.size(), 0), size));
}

}  // namespace

std::vector<TimeloopLevelCount> timeloop_counts(const Workload& workload, const Architecture& architecture, const Nest& nest,
                                                const TimeloopHabits& habits) {
    const std::vector<TimeloopNestLoop> loops = timeloop_loops(workload, nest);
    std::vector<TimeloopLevelCount> counts(architecture.levels.size());
    for (std::size_t l = 0; l < counts.size(); ++l) {
        counts[l].name = architecture.levels[l].name;
        for (const TimeloopNestLoop& loop : loops)
            if (loop.kind != LoopKind::temporal && loop.level < static_cast<int>(l)) counts[l].instances *= loop.bound;
    }
    for (std::size_t t = 0; t < workload.tensors.size(); ++t) {
        const Tensor& tensor = workload.tensors[t];
        const std::vector<int> keepers = keepers_of(architecture, nest, static_cast<int>(t));
        for (std::size_t k = 0; k < keepers.size(); ++k) {
            const int child = k + 1 < keepers.size() ? keepers[k + 1] : architecture.mac_level();
            const MoveCount move =
                MoveWalk(workload, architecture, loops, static_cast<int>(t), keepers[k], child, habits).count();
            TimeloopCount& parent = counts[static_cast<std::size_t>(keepers[k])].tensors[tensor.name];
            parent.tile_words = tile_words(workload, loops, tensor, keepers[k]);
            parent.reads = move.parent_words;
            if (tensor.is_output) {
                parent.updates = move.parent_words;
                parent.reads -= partitions(workload, loops, tensor, keepers[k]);
            }
            if (child == architecture.mac_level()) continue;
            TimeloopCount& inner = counts[static_cast<std::size_t>(child)].tensors[tensor.name];
            inner.fills = move.new_words - (tensor.is_output ? partitions(workload, loops, tensor, child) : 0);
            inner.drains = tensor.is_output ? move.new_words : 0;
        }
    }
    return counts;
}

}  // namespace accelsim::testing
