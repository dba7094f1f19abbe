// SPDX-License-Identifier: Apache-2.0
#include "models/boundary_counter.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "mappings/loop_walk.hpp"
#include "mappings/lowering.hpp"

namespace accelsim {

namespace {

using Values = BoundaryCounter::Values;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Calls visit(chosen) for every choice of one entry per list.
template <typename Entry, typename Visit>
void for_each_choice(const std::vector<std::vector<Entry>>& lists, Visit visit) {
    std::vector<Entry> chosen;
    for (const std::vector<Entry>& list : lists) {
        if (list.empty()) return;
        chosen.push_back(list.front());
    }
    std::vector<std::size_t> at(lists.size(), 0);
    while (true) {
        visit(chosen);
        std::size_t i = lists.size();
        while (i > 0 && ++at[i - 1] == lists[i - 1].size()) {
            at[i - 1] = 0;
            chosen[i - 1] = lists[i - 1].front();
            --i;
        }
        if (i == 0) return;
        chosen[i - 1] = lists[i - 1][at[i - 1]];
    }
}

/// Calls visit(indices) for every lane that some spatial loops make, from base indices of an axis's dimensions.
template <typename Visit>
void for_each_lane(const Design& design, const Axis& axis, const std::vector<int>& loops, const Values& base, Visit visit) {
    std::vector<Values> lists;
    for (std::size_t i = 0; i < base.size(); ++i)
        lists.push_back(dimension_values(design, loops, axis.terms[i].dimension, base[i]));
    for_each_choice(lists, visit);
}

/// The last active index that loops reach from a base.
std::int64_t last_value(const Design& design, const std::vector<int>& loops, int dimension, std::int64_t base) {
    for (int l : loops) {
        const LoweredLoop& loop = design.loops[index(l)];
        const std::int64_t room = (design.issued[index(dimension)] - 1 - base) / loop.stride;
        base += std::min(loop.bound - 1, room) * loop.stride;
    }
    return base;
}

using Positions = std::vector<BoundaryCounter::Position>;

void offsets_of(const Positions& positions, Values& result) {
    result.clear();
    for (const auto& position : positions) result.push_back(position.offset);
}

void before_of(const Positions& positions, Values& result) {
    result.clear();
    for (const auto& position : positions) result.push_back(position.before);
}

/// How many integers the half-open intervals hold together.
std::int64_t united_size(std::vector<std::pair<std::int64_t, std::int64_t>>& intervals) {
    std::sort(intervals.begin(), intervals.end());
    std::int64_t total = 0;
    std::int64_t end = std::numeric_limits<std::int64_t>::min();
    for (const auto& [low, high] : intervals) {
        if (high <= end) continue;
        total += high - std::max(low, end);
        end = high;
    }
    return total;
}

}  // namespace

BoundaryCounter::BoundaryCounter(const Design& design, const Boundary& boundary)
    : design_(design),
      boundary_(boundary),
      tensor_(design.tensor(boundary.tensor)),
      outer_(spatial_loops_between(design, -1, boundary.parent)),
      inner_(spatial_loops_between(design, boundary.parent, boundary.child)),
      spans_(spans_inside(design, boundary.child)) {
    for (std::size_t d = 0; d < spans_.size(); ++d) spans_[d] = std::min(spans_[d], design.issued[d]);
    Values covered(spans_.size(), 1);
    for (const LoweredLoop& l : design.loops) covered[index(l.dimension)] *= l.bound;
    for (std::size_t d = 0; d < spans_.size(); ++d) regular_.push_back(covered[d] == design.issued[d]);
    for (const Axis& axis : tensor_.axes) {
        std::int64_t last = axis.offset;
        bool regular = axis.offset >= 0;
        for (const Term& term : axis.terms) {
            regular = regular && regular_[index(term.dimension)];
            last += term.coefficient * (design.issued[index(term.dimension)] - 1);
        }
        regular_axes_.push_back(regular && last < axis.size);
    }
}

BoundaryCounter::Totals BoundaryCounter::operand_fill(std::vector<LoopHops>* each) const {
    Query query;
    query.shares = [this](int i) { return network(i).transport != Transport::unicast; };
    return totals(query, systolic_loops(false), each);
}

BoundaryCounter::Totals BoundaryCounter::write_back(bool first_met_only, std::vector<LoopHops>* each) const {
    Query query;
    query.first_met_only = first_met_only;
    query.shares = [this](int i) { return !boundary_.accumulates || network(i).reduction != Reduction::none; };
    return totals(query, systolic_loops(true), each);
}

BoundaryCounter::Totals BoundaryCounter::read_back_to_heads(bool first_met_only) const {
    Query query;
    query.first_met_only = first_met_only;
    query.heads = true;
    query.shares = [](int) { return true; };
    return totals(query, {}, nullptr);
}

BoundaryCounter::Totals BoundaryCounter::read_back_to_all(bool first_met_only, std::vector<LoopHops>* each) const {
    Query query;
    query.first_met_only = first_met_only;
    query.shares = [](int) { return true; };
    return totals(query, systolic_loops(false), each);
}

std::int64_t BoundaryCounter::first_updates() const {
    // From every element one lane comes first: as many as if the lanes shared.
    Query query;
    query.first_met_only = true;
    query.shares = [](int) { return true; };
    return sum(query);
}

std::vector<int> BoundaryCounter::systolic_loops(bool up) const {
    std::vector<int> result;  // adjacent first
    for (std::size_t i = inner_.size(); i-- > 0;) {
        const Network& net = network(inner_[i]);
        if (up ? net.reduction == Reduction::systolic : net.transport == Transport::systolic) result.push_back(inner_[i]);
    }
    return result;
}

BoundaryCounter::Totals BoundaryCounter::totals(Query query, const std::vector<int>& systolic,
                                                std::vector<LoopHops>* each) const {
    Totals result;
    result.words = sum(query);
    query.copies = true;
    std::int64_t before = result.copies = sum(query);
    for (int next : systolic) {
        query.dropped.push_back(next);
        const std::int64_t after = sum(query);
        result.hops += before - after;
        if (each != nullptr) each->push_back({next, before - after});
        result.hop_lengths += (before - after) * hop_length(next);
        before = after;
    }
    return result;
}

std::int64_t BoundaryCounter::hop_length(int position) const {
    std::int64_t length = 1;
    for (int other : inner_) {
        if (other > position && loop(other).level == loop(position).level && loop(other).kind == loop(position).kind)
            length *= loop(other).bound;
    }
    return length;
}

/// Sum of the metric over all tiles.
std::int64_t BoundaryCounter::sum(const Query& query) const {
    if (query.first_met_only && boundary_.accumulated_in >= 0) return sum_first_met_inside(query);
    Values values(tensor_.axes.size(), -1);
    if (boundary_.stream) return sum_class(query, loops_above(), values);
    std::int64_t total = 0;
    for (int j = -1; j < loops_above(); ++j) total += sum_class(query, j, values);
    return total;
}

/// Where nothing is cut, a tile holds as much wherever it stands, and all tiles of a class are as far from the one before.
BoundaryCounter::Uniform BoundaryCounter::uniform(const Axis& axis, int advancing) const {
    Uniform result;
    for (const Term& term : axis.terms) {
        result.count *= count_positions(term.dimension, advancing);
        if (result.count == 0) return result;
        result.first.push_back(first_position(term.dimension, advancing));
    }
    return result;
}

/// Of a regular dimension.
std::int64_t BoundaryCounter::count_positions(int dimension, int advancing) const {
    std::int64_t count = 1;
    for (int i = 0; i < loops_above() && i <= advancing; ++i) {
        const LoweredLoop& l = loop(boundary_.above[index(i)]);
        if (l.dimension == dimension) count *= i == advancing ? l.bound - 1 : l.bound;
    }
    return count;
}

BoundaryCounter::Position BoundaryCounter::first_position(int dimension, int advancing) const {
    Position result{0, 0};
    for (int i = std::max(0, advancing); i < loops_above(); ++i) {
        const LoweredLoop& l = loop(boundary_.above[index(i)]);
        if (l.dimension != dimension) continue;
        if (i == advancing)
            result.offset = l.stride;
        else
            result.before += (l.bound - 1) * l.stride;
    }
    return result;
}

/// A dimension that the tensor does not depend on, over the positions of a class.
std::int64_t BoundaryCounter::other_sum(const Query& query, int dimension, int advancing) const {
    const bool first_only = query.first_met_only && design_.workload.is_reduction(dimension);
    if (regular_[index(dimension)] && !first_only) {
        const std::int64_t count = count_positions(dimension, advancing);
        return count == 0 ? 0 : count * other_value(query, dimension, 0);
    }
    std::int64_t sum = 0;
    for (const Position& position : positions(design_, boundary_.above, 0, loops_above(), advancing, dimension, 0))
        if (!first_only || position.offset == 0) sum += other_value(query, dimension, position.offset);
    return sum;
}

/// The metric of the boxes that tiles of a class begin with, less what stays where it is: whole tiles that are the same as
/// before; with `halo: reuse` whatever the tile before held.
std::int64_t BoundaryCounter::sum_class(const Query& query, int advancing, Values& values) const {
    std::int64_t all = 1;
    std::int64_t kept = advancing < 0 || boundary_.stream ? 0 : 1;
    std::vector<bool> seen(spans_.size(), false);
    Values offsets, before;
    for (std::size_t a = 0; a < tensor_.axes.size(); ++a) {
        const Axis& axis = tensor_.axes[a];
        for (const Term& term : axis.terms) seen[index(term.dimension)] = true;
        std::int64_t axis_all = 0;
        std::int64_t axis_same = 0;
        if (regular_axes_[a]) {
            const Uniform tiles = uniform(axis, advancing);
            if (tiles.count == 0) return 0;
            offsets_of(tiles.first, offsets);
            if (values[a] < 0) values[a] = axis_value(query, axis, offsets);
            all *= tiles.count * values[a];
            if (kept == 0) continue;
            before_of(tiles.first, before);
            if (boundary_.reuses_halo)
                kept *= tiles.count * axis_kept(query, axis, offsets, before);
            else
                kept *= same_boxes(axis, offsets, before) ? tiles.count * values[a] : 0;
            continue;
        }
        std::vector<std::vector<Position>> lists;
        for (const Term& term : axis.terms) {
            lists.push_back(positions(design_, boundary_.above, 0, loops_above(), advancing, term.dimension, 0));
        }
        for_each_choice(lists, [&](const std::vector<Position>& chosen) {
            offsets_of(chosen, offsets);
            const std::int64_t value = axis_value(query, axis, offsets);
            axis_all += value;
            if (kept == 0) return;
            before_of(chosen, before);
            if (boundary_.reuses_halo) {
                axis_same += axis_kept(query, axis, offsets, before);
            } else if (same_boxes(axis, offsets, before)) {
                axis_same += value;
            }
        });
        all *= axis_all;
        kept *= axis_same;
        if (all == 0) return 0;
    }
    for (std::size_t d = 0; d < spans_.size(); ++d) {
        if (seen[d]) continue;
        const std::int64_t factor = other_sum(query, static_cast<int>(d), advancing);
        all *= factor;
        kept *= factor;
    }
    return all - kept;
}

/// Tiles first met, inside the tiles of an accumulating boundary: for each of those, in the iteration of its loops above with
/// which it begins, the tiles whose reduction loops in between stand at zero.
std::int64_t BoundaryCounter::sum_first_met_inside(const Query& query) const {
    const BoundaryCounter outer(design_, design_.boundaries[index(boundary_.accumulated_in)]);
    std::int64_t total = 0;
    for (int outer_class = -1; outer_class < outer.loops_above(); ++outer_class) {
        if (boundary_.stream) {
            total += sum_pair(query, outer, outer_class, loops_above());
            continue;
        }
        total += sum_pair(query, outer, outer_class, -1);
        for (int j = outer.loops_above(); j < loops_above(); ++j) total += sum_pair(query, outer, outer_class, j);
    }
    return total;
}

std::int64_t BoundaryCounter::sum_pair(const Query& query, const BoundaryCounter& outer, int outer_class, int inner_class) const {
    const int split = outer.loops_above();
    const bool outer_may_stay = outer_class >= 0 && !outer.boundary_.stream;
    const bool inner_may_stay = inner_class >= 0 && !boundary_.stream;
    std::array<std::int64_t, 4> product{1, outer_may_stay ? 1 : 0, inner_may_stay ? 1 : 0,
                                        outer_may_stay && inner_may_stay ? 1 : 0};
    for (const Axis& axis : tensor_.axes) {  // an output's axis is one dimension
        const int d = axis.terms[0].dimension;
        std::array<std::int64_t, 4> sums{0, 0, 0, 0};
        for (const Position& begin : positions(design_, boundary_.above, 0, split, outer_class, d, 0)) {
            const bool outer_same = outer_may_stay && outer.same_boxes(axis, {begin.offset}, {begin.before});
            for (const Position& at : positions(design_, boundary_.above, split, loops_above(), inner_class, d, begin.offset)) {
                const std::int64_t value = axis_value(query, axis, {at.offset});
                const bool inner_same = inner_may_stay && same_boxes(axis, {at.offset}, {at.before});
                sums[0] += value;
                sums[1] += outer_same ? value : 0;
                sums[2] += inner_same ? value : 0;
                sums[3] += outer_same && inner_same ? value : 0;
            }
        }
        for (std::size_t i = 0; i < 4; ++i) product[i] *= sums[i];
    }
    for (std::size_t i = 0; i < spans_.size(); ++i) {
        const int d = static_cast<int>(i);
        if (tensor_.depends_on(d)) continue;
        std::int64_t factor = 0;
        for (const Position& begin : positions(design_, boundary_.above, 0, split, outer_class, d, 0)) {
            for (const Position& at : positions(design_, boundary_.above, split, loops_above(), inner_class, d, begin.offset)) {
                if (at.offset == begin.offset) factor += other_value(query, d, at.offset);
            }
        }
        for (std::int64_t& p : product) p *= factor;
    }
    return product[0] - product[1] - product[2] + product[3];
}

std::vector<BoundaryCounter::Position> BoundaryCounter::positions(const Design& design, const std::vector<int>& loops, int begin,
                                                                  int end, int advancing, int dimension, std::int64_t base) {
    std::vector<int> free;
    std::vector<int> wrapped;
    int own = -1;
    for (int i = begin; i < end; ++i) {
        const int l = loops[index(i)];
        if (design.loops[index(l)].dimension != dimension) continue;
        if (i < advancing) free.push_back(l);
        if (i == advancing) own = l;
        if (i > advancing) wrapped.push_back(l);
    }
    std::vector<Position> result;
    for (std::int64_t from : dimension_values(design, free, dimension, base)) {
        if (own < 0) {
            result.push_back({from, last_value(design, wrapped, dimension, from)});
            continue;
        }
        const LoweredLoop& loop = design.loops[index(own)];
        for (std::int64_t v = 1; v < loop.bound && from + v * loop.stride < design.issued[index(dimension)]; ++v) {
            const std::int64_t before = last_value(design, wrapped, dimension, from + (v - 1) * loop.stride);
            result.push_back({from + v * loop.stride, before});
        }
    }
    return result;
}

/// The axis's part of "the same tile": equal origins and, in every instance, the same coordinates.
bool BoundaryCounter::same_boxes(const Axis& axis, const Values& offsets, const Values& before) const {
    std::int64_t difference = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) difference += axis.terms[i].coefficient * (offsets[i] - before[i]);
    if (difference != 0 || offsets == before) return difference == 0;
    if (!has_lanes(axis, outer_) && !has_lanes(axis, inner_)) return held(axis, offsets) == held(axis, before);
    return all_ranges(axis, offsets) == all_ranges(axis, before);
}

/// What all lanes hold, by the values of their spatial loops; cut at the bounds but not at the tensor.
std::vector<Ranges> BoundaryCounter::all_ranges(const Axis& axis, const Values& base) const {
    std::vector<int> spatial = outer_;
    spatial.insert(spatial.end(), inner_.begin(), inner_.end());
    std::vector<Values> lanes{base};
    for (int l : spatial) {
        if (!has_lanes(axis, {l})) continue;
        std::vector<Values> next;
        for (const Values& lane : lanes) {
            for (std::int64_t v = 0; v < loop(l).bound; ++v) {
                next.push_back(lane);
                for (std::size_t i = 0; i < base.size(); ++i) {
                    if (axis.terms[i].dimension == loop(l).dimension) next.back()[i] += v * loop(l).stride;
                }
            }
        }
        lanes = std::move(next);
    }
    std::vector<Ranges> result;
    for (const Values& lane : lanes) result.push_back(held(axis, lane));
    return result;
}

/// The coordinates of a lane's box on an axis, from the indices at which it begins; cut at the bounds.
Ranges BoundaryCounter::held(const Axis& axis, const Values& low) const {
    const auto [origin, end] = interval(axis, low);
    if (!design_.nest.skip_gaps || origin == end) return {origin, end};
    Ranges result(origin, origin + 1);
    for (std::size_t i = 0; i < low.size(); ++i) {
        const std::size_t d = index(axis.terms[i].dimension);
        result = result.spread(axis.terms[i].coefficient, std::min(spans_[d], design_.issued[d] - low[i]));
    }
    return result;
}

/// From the first of these coordinates to one past the last; twice the same when there are none.
std::pair<std::int64_t, std::int64_t> BoundaryCounter::interval(const Axis& axis, const Values& low) const {
    std::int64_t origin = axis.offset;
    std::int64_t last = axis.offset;
    for (std::size_t i = 0; i < low.size(); ++i) {
        const std::size_t d = index(axis.terms[i].dimension);
        if (low[i] >= design_.issued[d]) return {0, 0};
        origin += axis.terms[i].coefficient * low[i];
        last += axis.terms[i].coefficient * (std::min(low[i] + spans_[d], design_.issued[d]) - 1);
    }
    return {origin, last + 1};
}

/// A dimension that the tensor does not depend on: number of (parent instance, lane) values told apart.
std::int64_t BoundaryCounter::other_value(const Query& query, int dimension, std::int64_t offset) const {
    std::vector<int> loops = outer_;
    for (int l : inner_) {
        const bool dropped = std::find(query.dropped.begin(), query.dropped.end(), l) != query.dropped.end();
        const bool merged = query.copies ? dropped : query.shares(l);
        if (!query.heads && !merged) loops.push_back(l);
    }
    return count_dimension_values(design_, loops, dimension, offset);
}

/// Loops whose lanes never share, and those whose lanes do.
void BoundaryCounter::split_lanes(const Query& query, std::vector<int>& apart, std::vector<int>& together) const {
    apart = outer_;
    for (int l : inner_) (!query.copies && query.shares(l) ? together : apart).push_back(l);
}

/// Words of one axis over parent instances and lanes apart: the union of what the lanes together hold.
std::int64_t BoundaryCounter::axis_value(const Query& query, const Axis& axis, const Values& offsets) const {
    if (!design_.nest.skip_gaps && !has_lanes(axis, outer_) && !has_lanes(axis, inner_)) {
        const auto [low, high] = interval(axis, offsets);
        return std::max<std::int64_t>(0, std::min(high, axis.size) - std::max<std::int64_t>(low, 0));
    }
    std::vector<int> apart;
    std::vector<int> together;
    split_lanes(query, apart, together);
    std::int64_t total = 0;
    std::vector<Ranges> sets;
    std::vector<std::pair<std::int64_t, std::int64_t>> intervals;
    for_each_lane(design_, axis, apart, offsets, [&](const Values& instance) {
        if (design_.nest.skip_gaps) {
            sets.clear();
            for_each_lane(design_, axis, together, instance,
                          [&](const Values& lane) { sets.push_back(held(axis, lane).cut(0, axis.size)); });
            total += Ranges::unite(sets).size();
            return;
        }
        intervals.clear();
        for_each_lane(design_, axis, together, instance, [&](const Values& lane) {
            const auto [low, high] = interval(axis, lane);
            const std::int64_t from = std::max<std::int64_t>(low, 0);
            if (from < std::min(high, axis.size)) intervals.push_back({from, std::min(high, axis.size)});
        });
        total += united_size(intervals);
    });
    return total;
}

bool BoundaryCounter::has_lanes(const Axis& axis, const std::vector<int>& loops) const {
    return std::any_of(loops.begin(), loops.end(), [&](int l) {
        return std::any_of(axis.terms.begin(), axis.terms.end(),
                           [&](const Term& term) { return term.dimension == loop(l).dimension; });
    });
}

/// Of these, the coordinates that every lane that holds them held before.
std::int64_t BoundaryCounter::axis_kept(const Query& query, const Axis& axis, const Values& offsets, const Values& before) const {
    std::vector<int> apart;
    std::vector<int> together;
    split_lanes(query, apart, together);
    std::int64_t total = 0;
    for_each_lane(design_, axis, apart, offsets, [&](const Values& instance) {
        std::vector<Ranges> now;
        std::vector<Ranges> fresh;
        for_each_lane(design_, axis, together, instance, [&](const Values& lane) {
            Values old = lane;
            for (std::size_t i = 0; i < old.size(); ++i) old[i] += before[i] - offsets[i];
            now.push_back(held(axis, lane).cut(0, axis.size));
            fresh.push_back(now.back().without(held(axis, old)));
        });
        total += Ranges::unite(now).size() - Ranges::unite(fresh).size();
    });
    return total;
}

}  // namespace accelsim
