// SPDX-License-Identifier: Apache-2.0
// Closed-form sums of what one boundary moves; used by exact_counts.cpp alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "mappings/lowering.hpp"
#include "mappings/loop_walk.hpp"

namespace accelsim {

/// What is summed: words of the parent, or distinct lane tuples. `dropped` systolic loops (adjacent first) are ignored: n_i of
/// microarchitecture.md, 7; dropped = 0 counts the copies.
enum class Metric { words, copies };

/// Where one dimension stands when a class of tiles begins, and where it stood in the iteration before.
struct Position {
    std::int64_t offset;
    std::int64_t before;
};

/// Closed-form sums for one boundary.
class BoundaryCounter {
public:
    using Values = std::vector<std::int64_t>;

    BoundaryCounter(const Design& design, const Boundary& boundary)
        : design_(design),
          boundary_(boundary),
          tensor_(design.tensor(boundary.tensor)),
          outer_(spatial_loops_between(design, -1, boundary.parent)),
          inner_(spatial_loops_between(design, boundary.parent, boundary.child)) {
        spans_ = spans_inside(design, boundary.child);
        for (std::size_t d = 0; d < spans_.size(); ++d) spans_[d] = std::min(spans_[d], design.workload.dimensions[d].bound);
    }

    struct Totals {
        std::int64_t words = 0, copies = 0, hops = 0, hop_lengths = 0;
    };

    /// Sums over all tiles, or over those first met only.
    Totals operand_fill() const { return totals(false, false, false); }
    Totals write_back(bool first_met_only) const { return totals(true, first_met_only, false); }
    Totals read_back_to_heads(bool first_met_only) const { return totals(true, first_met_only, true); }
    /// Copies to all lanes of the chains, travelling as the read-back network does.
    Totals read_back_to_all(bool first_met_only) const { return totals(true, first_met_only, false, true); }

private:
    static std::size_t index(int i) { return static_cast<std::size_t>(i); }
    const LoweredLoop& loop(int i) const { return design_.loops[index(i)]; }
    std::int64_t bound(int dimension) const { return design_.workload.dimensions[index(dimension)].bound; }
    const Network& network(int i) const { return design_.level(loop(i).level).network(tensor_.name); }

    Totals totals(bool output, bool first_met_only, bool heads, bool down = false) const {
        const auto shares = [&](int i) { return output || network(i).transport != Transport::unicast; };
        std::vector<int> systolic;  // adjacent first
        for (std::size_t i = inner_.size(); i-- > 0 && !heads;) {
            const Network& net = network(inner_[i]);
            const bool is = output && !down ? net.reduction == Reduction::systolic : net.transport == Transport::systolic;
            if (is) systolic.push_back(inner_[i]);
        }
        Totals result;
        std::vector<int> dropped;
        // words: every shared loop dropped where it only repeats the word.
        const Query base{output, first_met_only, heads, {}, Metric::words};
        result.words = sum(base, shares);
        Query copies = base;
        copies.metric = Metric::copies;
        std::int64_t before = result.copies = sum(copies, shares);
        for (int next : systolic) {
            copies.dropped.push_back(next);
            const std::int64_t after = sum(copies, shares);
            result.hops += before - after;
            result.hop_lengths += (before - after) * hop_length(next);
            before = after;
        }
        return result;
    }

    struct Query {
        bool output;
        bool first_met_only;
        bool heads;
        std::vector<int> dropped;
        Metric metric;
    };
    using Shares = std::function<bool(int)>;

    std::int64_t hop_length(int position) const {
        std::int64_t length = 1;
        for (int other : inner_) {
            if (other > position && loop(other).level == loop(position).level && loop(other).kind == loop(position).kind) {
                length *= loop(other).bound;
            }
        }
        return length;
    }

    /// Sum of the metric over all tiles: over the classes "loop j advances, the loops inside wrap".
    std::int64_t sum(const Query& query, const Shares& shares) const {
        if (boundary_.stream) return sum_class(query, shares, static_cast<int>(boundary_.above.size()), true);
        std::int64_t total = 0;
        for (int j = -1; j < static_cast<int>(boundary_.above.size()); ++j) total += sum_class(query, shares, j, false);
        return total;
    }

    std::int64_t sum_class(const Query& query, const Shares& shares, int advancing, bool every_step) const {
        std::int64_t all = 1;
        std::int64_t unchanged = advancing < 0 || every_step ? 0 : 1;
        std::vector<bool> seen(spans_.size(), false);
        for (const Axis& axis : tensor_.axes) {
            std::int64_t axis_all = 0;
            std::int64_t axis_unchanged = 0;
            for_each_position(axis, advancing, [&](const Values& offsets, const Values& before) {
                const std::int64_t value = axis_value(query, shares, axis, offsets);
                axis_all += value;
                if (unchanged != 0 && same_boxes(axis, offsets, before)) axis_unchanged += value;
            });
            for (const Term& term : axis.terms) seen[index(term.dimension)] = true;
            all *= axis_all;
            unchanged *= axis_unchanged;
            if (all == 0) return 0;
        }
        for (std::size_t d = 0; d < spans_.size(); ++d) {
            if (seen[d]) continue;
            std::int64_t factor = 0;
            for (const Position& position : positions(static_cast<int>(d), advancing)) {
                const bool reduction = design_.workload.is_reduction(static_cast<int>(d));
                if (query.first_met_only && reduction && position.offset != 0) continue;
                factor += other_value(query, shares, static_cast<int>(d), position.offset);
            }
            all *= factor;
            unchanged *= factor;
        }
        return all - unchanged;
    }

    /// Positions of a dimension over the tiles of a class. advancing = number of loops: every iteration.
    std::vector<Position> positions(int dimension, int advancing) const {
        std::vector<int> free;
        std::vector<int> wrapped;
        int own = -1;
        for (std::size_t i = 0; i < boundary_.above.size(); ++i) {
            const int l = boundary_.above[i];
            if (loop(l).dimension != dimension) continue;
            if (static_cast<int>(i) < advancing) free.push_back(l);
            if (static_cast<int>(i) == advancing) own = l;
            if (static_cast<int>(i) > advancing) wrapped.push_back(l);
        }
        std::vector<Position> result;
        for (std::int64_t base : dimension_values(design_, free, dimension, 0)) {
            const std::int64_t count = own < 0 ? 1 : loop(own).bound - 1;
            for (std::int64_t v = 1; v <= count; ++v) {
                const std::int64_t after = own < 0 ? base : base + v * loop(own).stride;
                if (after >= bound(dimension)) break;
                const std::int64_t from = own < 0 ? base : after - loop(own).stride;
                result.push_back({after, last_value(wrapped, dimension, from)});
            }
        }
        return result;
    }

    /// The last active index that the wrapped loops reach from a base.
    std::int64_t last_value(const std::vector<int>& loops, int dimension, std::int64_t base) const {
        for (int l : loops) {
            const std::int64_t room = (bound(dimension) - 1 - base) / loop(l).stride;
            base += std::min(loop(l).bound - 1, room) * loop(l).stride;
        }
        return base;
    }

    template <typename Visit>
    void for_each_position(const Axis& axis, int advancing, Visit visit) const {
        std::vector<std::vector<Position>> lists;
        for (const Term& term : axis.terms) lists.push_back(positions(term.dimension, advancing));
        Values offsets(axis.terms.size());
        Values before(axis.terms.size());
        const std::function<void(std::size_t)> recurse = [&](std::size_t i) {
            if (i == lists.size()) return visit(offsets, before);
            for (const Position& position : lists[i]) {
                offsets[i] = position.offset;
                before[i] = position.before;
                recurse(i + 1);
            }
        };
        recurse(0);
    }

    /// The axis's part of "the same tile": equal origins and, in every instance, equal ranges after cutting at the bounds.
    bool same_boxes(const Axis& axis, const Values& offsets, const Values& before) const {
        std::int64_t difference = 0;
        for (std::size_t i = 0; i < offsets.size(); ++i) difference += axis.terms[i].coefficient * (offsets[i] - before[i]);
        if (difference != 0 || offsets == before) return difference == 0;
        std::vector<int> spatial = outer_;
        spatial.insert(spatial.end(), inner_.begin(), inner_.end());
        return all_ranges(axis, spatial, offsets) == all_ranges(axis, spatial, before);
    }

    /// [low, high) of all lanes by the values of their spatial loops, cut at the bounds but not at the tensor.
    std::vector<std::pair<std::int64_t, std::int64_t>> all_ranges(const Axis& axis, const std::vector<int>& spatial,
                                                                  const Values& base) const {
        std::vector<Values> displacements{Values(base.size(), 0)};
        for (int l : spatial) {
            std::vector<Values> next;
            for (const Values& lane : displacements) {
                for (std::int64_t v = 0; v < loop(l).bound; ++v) {
                    next.push_back(lane);
                    for (std::size_t i = 0; i < base.size(); ++i) {
                        if (axis.terms[i].dimension == loop(l).dimension) next.back()[i] += v * loop(l).stride;
                    }
                }
            }
            displacements = std::move(next);
        }
        std::vector<std::pair<std::int64_t, std::int64_t>> result;
        for (Values& lane : displacements) {
            bool empty = false;
            for (std::size_t i = 0; i < base.size(); ++i) {
                lane[i] += base[i];
                empty = empty || lane[i] >= bound(axis.terms[i].dimension);
            }
            result.push_back(empty ? std::pair<std::int64_t, std::int64_t>{0, 0} : range(axis, lane));
        }
        return result;
    }

    /// Lane values of a dimension on some spatial loops, from a base.
    Values lane_values(const std::vector<int>& loops, int dimension, std::int64_t base) const {
        return dimension_values(design_, loops, dimension, base);
    }

    bool is_dropped(const Query& query, int l) const {
        return std::find(query.dropped.begin(), query.dropped.end(), l) != query.dropped.end();
    }

    /// A dimension that the tensor does not depend on: number of (parent instance, lane) values told apart.
    std::int64_t other_value(const Query& query, const Shares& shares, int dimension, std::int64_t offset) const {
        std::vector<int> loops;
        for (int l : outer_) loops.push_back(l);
        for (int l : inner_) {
            const bool merged = query.metric == Metric::words ? shares(l) : is_dropped(query, l);
            if (!query.heads && !merged) loops.push_back(l);
        }
        return static_cast<std::int64_t>(lane_values(loops, dimension, offset).size());
    }

    /// Words of one axis over parent instances and unicast lanes: the union of the lanes' clipped boxes; or their sum.
    std::int64_t axis_value(const Query& query, const Shares& shares, const Axis& axis, const Values& offsets) const {
        std::vector<int> apart = outer_;  // loops whose lanes never share
        std::vector<int> together;
        for (int l : inner_) (query.metric == Metric::words && shares(l) ? together : apart).push_back(l);
        std::int64_t total = 0;
        for_each_lane(axis, apart, offsets, [&](const Values& instance) {
            if (together.empty()) {
                const auto [low, high] = clipped(axis, instance);
                total += std::max<std::int64_t>(0, high - low);
                return;
            }
            std::vector<std::pair<std::int64_t, std::int64_t>> boxes;
            for_each_lane(axis, together, instance, [&](const Values& lane) { boxes.push_back(clipped(axis, lane)); });
            std::sort(boxes.begin(), boxes.end());
            std::int64_t reached = 0;
            for (const auto& [low, high] : boxes) {
                total += std::max<std::int64_t>(0, high - std::max(low, reached));
                reached = std::max(reached, high);
            }
        });
        return total;
    }

    template <typename Visit>
    void for_each_lane(const Axis& axis, const std::vector<int>& loops, const Values& base, Visit visit) const {
        Values values(base.size());
        const std::function<void(std::size_t)> recurse = [&](std::size_t i) {
            if (i == values.size()) return visit(values);
            for (std::int64_t value : lane_values(loops, axis.terms[i].dimension, base[i])) {
                values[i] = value;
                recurse(i + 1);
            }
        };
        recurse(0);
    }

    /// [low, high) of a lane's box on the axis, cut to the dimensions.
    std::pair<std::int64_t, std::int64_t> range(const Axis& axis, const Values& low_index) const {
        std::int64_t low = axis.offset;
        std::int64_t high = axis.offset + 1;
        for (std::size_t i = 0; i < axis.terms.size(); ++i) {
            const int d = axis.terms[i].dimension;
            const std::int64_t last = std::min(low_index[i] + spans_[index(d)], bound(d)) - 1;
            low += axis.terms[i].coefficient * low_index[i];
            high += axis.terms[i].coefficient * last;
        }
        return {low, high};
    }

    /// The same, cut to the tensor.
    std::pair<std::int64_t, std::int64_t> clipped(const Axis& axis, const Values& low_index) const {
        const auto [low, high] = range(axis, low_index);
        return {std::max<std::int64_t>(low, 0), std::min(high, axis.size)};
    }

    const Design& design_;
    const Boundary& boundary_;
    const Tensor& tensor_;
    std::vector<int> outer_;
    std::vector<int> inner_;
    Values spans_;
};

}  // namespace accelsim
