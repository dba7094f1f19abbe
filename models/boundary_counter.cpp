// SPDX-License-Identifier: Apache-2.0
#include "models/boundary_counter.hpp"

#include <algorithm>
#include <array>

#include "mappings/loop_walk.hpp"
#include "mappings/lowering.hpp"
#include "models/choices.hpp"

namespace accelsim {

namespace {

using Values = BoundaryCounter::Values;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

using Positions = std::vector<TilePosition>;

void offsets_of(const Positions& positions, Values& result) {
    result.clear();
    for (const auto& position : positions) result.push_back(position.offset);
}

void before_of(const Positions& positions, Values& result) {
    result.clear();
    for (const auto& position : positions) result.push_back(position.before);
}

}  // namespace

BoundaryCounter::BoundaryCounter(const Design& design, const Boundary& boundary)
    : design_(design), boundary_(boundary), tensor_(design.tensor(boundary.tensor)), words_(design, boundary) {
    Values covered(design.issued.size(), 1);
    for (const LoweredLoop& l : design.loops) covered[index(l.dimension)] *= l.bound;
    for (std::size_t d = 0; d < covered.size(); ++d) regular_.push_back(covered[d] == design.issued[d]);
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
    for (std::size_t i = words_.inner().size(); i-- > 0;) {
        const Network& net = network(words_.inner()[i]);
        if (up ? net.reduction == Reduction::systolic : net.transport == Transport::systolic) result.push_back(words_.inner()[i]);
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
    for (int other : words_.inner()) {
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
        result.count *= count_tile_positions(design_, boundary_.above, advancing, term.dimension);
        if (result.count == 0) return result;
        result.first.push_back(first_tile_position(design_, boundary_.above, advancing, term.dimension));
    }
    return result;
}

/// A dimension that the tensor does not depend on, over the positions of a class.
std::int64_t BoundaryCounter::other_sum(const Query& query, int dimension, int advancing) const {
    const bool first_only = query.first_met_only && design_.workload.is_reduction(dimension);
    if (regular_[index(dimension)] && !first_only) {
        const std::int64_t count = count_tile_positions(design_, boundary_.above, advancing, dimension);
        return count == 0 ? 0 : count * other_value(query, dimension, 0);
    }
    std::int64_t sum = 0;
    for (const TilePosition& position : tile_positions(design_, boundary_.above, 0, loops_above(), advancing, dimension, 0))
        if (!first_only || position.offset == 0) sum += other_value(query, dimension, position.offset);
    return sum;
}

/// The metric of the boxes that tiles of a class begin with, less what stays where it is: whole tiles that are the same as
/// before; with `halo: reuse` whatever the tile before held.
std::int64_t BoundaryCounter::sum_class(const Query& query, int advancing, Values& values) const {
    std::int64_t all = 1;
    std::int64_t kept = advancing < 0 || boundary_.stream ? 0 : 1;
    const AxisWords::Lanes lanes = lanes_of(query);
    std::vector<bool> seen(design_.issued.size(), false);
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
            if (values[a] < 0) values[a] = words_.count(axis, lanes, offsets);
            all *= tiles.count * values[a];
            if (kept == 0) continue;
            before_of(tiles.first, before);
            if (boundary_.reuses_halo)
                kept *= tiles.count * words_.count_kept(axis, lanes, offsets, before);
            else
                kept *= words_.same(axis, offsets, before) ? tiles.count * values[a] : 0;
            continue;
        }
        std::vector<std::vector<TilePosition>> lists;
        for (const Term& term : axis.terms) {
            lists.push_back(tile_positions(design_, boundary_.above, 0, loops_above(), advancing, term.dimension, 0));
        }
        for_each_choice(lists, [&](const std::vector<TilePosition>& chosen) {
            offsets_of(chosen, offsets);
            const std::int64_t value = words_.count(axis, lanes, offsets);
            axis_all += value;
            if (kept == 0) return;
            before_of(chosen, before);
            if (boundary_.reuses_halo) {
                axis_same += words_.count_kept(axis, lanes, offsets, before);
            } else if (words_.same(axis, offsets, before)) {
                axis_same += value;
            }
        });
        all *= axis_all;
        kept *= axis_same;
        if (all == 0) return 0;
    }
    for (std::size_t d = 0; d < design_.issued.size(); ++d) {
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
    const AxisWords::Lanes lanes = lanes_of(query);
    std::array<std::int64_t, 4> product{1, outer_may_stay ? 1 : 0, inner_may_stay ? 1 : 0,
                                        outer_may_stay && inner_may_stay ? 1 : 0};
    for (const Axis& axis : tensor_.axes) {  // an output's axis is one dimension
        const int d = axis.terms[0].dimension;
        std::array<std::int64_t, 4> sums{0, 0, 0, 0};
        for (const TilePosition& begin : tile_positions(design_, boundary_.above, 0, split, outer_class, d, 0)) {
            const bool outer_same = outer_may_stay && outer.words_.same(axis, {begin.offset}, {begin.before});
            for (const TilePosition& at :
                 tile_positions(design_, boundary_.above, split, loops_above(), inner_class, d, begin.offset)) {
                const std::int64_t value = words_.count(axis, lanes, {at.offset});
                const bool inner_same = inner_may_stay && words_.same(axis, {at.offset}, {at.before});
                sums[0] += value;
                sums[1] += outer_same ? value : 0;
                sums[2] += inner_same ? value : 0;
                sums[3] += outer_same && inner_same ? value : 0;
            }
        }
        for (std::size_t i = 0; i < 4; ++i) product[i] *= sums[i];
    }
    for (std::size_t i = 0; i < design_.issued.size(); ++i) {
        const int d = static_cast<int>(i);
        if (tensor_.depends_on(d)) continue;
        std::int64_t factor = 0;
        for (const TilePosition& begin : tile_positions(design_, boundary_.above, 0, split, outer_class, d, 0)) {
            for (const TilePosition& at :
                 tile_positions(design_, boundary_.above, split, loops_above(), inner_class, d, begin.offset)) {
                if (at.offset == begin.offset) factor += other_value(query, d, at.offset);
            }
        }
        for (std::int64_t& p : product) p *= factor;
    }
    return product[0] - product[1] - product[2] + product[3];
}

AxisWords::Lanes BoundaryCounter::lanes_of(const Query& query) const {
    AxisWords::Lanes result{words_.outer(), {}};
    for (int l : words_.inner()) (!query.copies && query.shares(l) ? result.together : result.apart).push_back(l);
    return result;
}

/// A dimension that the tensor does not depend on: number of (parent instance, lane) values told apart.
std::int64_t BoundaryCounter::other_value(const Query& query, int dimension, std::int64_t offset) const {
    std::vector<int> loops = words_.outer();
    for (int l : words_.inner()) {
        const bool dropped = std::find(query.dropped.begin(), query.dropped.end(), l) != query.dropped.end();
        const bool merged = query.copies ? dropped : query.shares(l);
        if (!query.heads && !merged) loops.push_back(l);
    }
    return count_dimension_values(design_, loops, dimension, offset);
}

}  // namespace accelsim
