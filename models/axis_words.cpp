// SPDX-License-Identifier: Apache-2.0
#include "models/axis_words.hpp"

#include <algorithm>
#include <limits>

#include "mappings/loop_walk.hpp"
#include "mappings/lowering.hpp"
#include "models/choices.hpp"

namespace accelsim {

namespace {

using Values = AxisWords::Values;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Calls visit(indices) for every lane that some spatial loops make, from base indices of an axis's dimensions.
template <typename Visit>
void for_each_lane(const Design& design, const Axis& axis, const std::vector<int>& loops, const Values& base, Visit visit) {
    std::vector<Values> lists;
    for (std::size_t i = 0; i < base.size(); ++i)
        lists.push_back(dimension_values(design, loops, axis.terms[i].dimension, base[i]));
    for_each_choice(lists, visit);
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

AxisWords::AxisWords(const Design& design, const Boundary& boundary)
    : design_(design),
      outer_(spatial_loops_between(design, -1, boundary.parent)),
      inner_(spatial_loops_between(design, boundary.parent, boundary.child)),
      spans_(spans_inside(design, boundary.child)) {
    for (std::size_t d = 0; d < spans_.size(); ++d) spans_[d] = std::min(spans_[d], design.issued[d]);
}

bool AxisWords::same(const Axis& axis, const Values& offsets, const Values& before) const {
    std::int64_t difference = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) difference += axis.terms[i].coefficient * (offsets[i] - before[i]);
    if (difference != 0 || offsets == before) return difference == 0;
    if (!has_lanes(axis, outer_) && !has_lanes(axis, inner_)) return held(axis, offsets) == held(axis, before);
    return all_ranges(axis, offsets) == all_ranges(axis, before);
}

/// What all lanes hold, by the values of their spatial loops; cut at the bounds but not at the tensor.
std::vector<Ranges> AxisWords::all_ranges(const Axis& axis, const Values& base) const {
    std::vector<int> spatial = outer_;
    spatial.insert(spatial.end(), inner_.begin(), inner_.end());
    std::vector<Values> lanes{base};
    for (int l : spatial) {
        if (!has_lanes(axis, {l})) continue;
        const LoweredLoop& loop = design_.loops[index(l)];
        std::vector<Values> next;
        for (const Values& lane : lanes) {
            for (std::int64_t v = 0; v < loop.bound; ++v) {
                next.push_back(lane);
                for (std::size_t i = 0; i < base.size(); ++i) {
                    if (axis.terms[i].dimension == loop.dimension) next.back()[i] += v * loop.stride;
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
Ranges AxisWords::held(const Axis& axis, const Values& low) const {
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
std::pair<std::int64_t, std::int64_t> AxisWords::interval(const Axis& axis, const Values& low) const {
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

std::int64_t AxisWords::count(const Axis& axis, const Lanes& lanes, const Values& offsets) const {
    if (!design_.nest.skip_gaps && !has_lanes(axis, outer_) && !has_lanes(axis, inner_)) {
        const auto [low, high] = interval(axis, offsets);
        return std::max<std::int64_t>(0, std::min(high, axis.size) - std::max<std::int64_t>(low, 0));
    }
    if (!design_.nest.skip_gaps && axis.terms.size() == 1) return count_single(axis, lanes, offsets.front());
    std::int64_t total = 0;
    std::vector<Ranges> sets;
    std::vector<std::pair<std::int64_t, std::int64_t>> intervals;
    for_each_lane(design_, axis, lanes.apart, offsets, [&](const Values& instance) {
        if (design_.nest.skip_gaps) {
            sets.clear();
            for_each_lane(design_, axis, lanes.together, instance,
                          [&](const Values& lane) { sets.push_back(held(axis, lane).cut(0, axis.size)); });
            total += Ranges::unite(sets).size();
            return;
        }
        intervals.clear();
        for_each_lane(design_, axis, lanes.together, instance, [&](const Values& lane) {
            const auto [low, high] = interval(axis, lane);
            const std::int64_t from = std::max<std::int64_t>(low, 0);
            if (from < std::min(high, axis.size)) intervals.push_back({from, std::min(high, axis.size)});
        });
        total += united_size(intervals);
    });
    return total;
}

/// The same where one dimension makes the axis. A default mapping asks for it some million times, so there are no lists of lists.
std::int64_t AxisWords::count_single(const Axis& axis, const Lanes& lanes, std::int64_t offset) const {
    const auto [dimension, coefficient] = axis.terms.front();
    const std::int64_t span = spans_[index(dimension)];
    const std::int64_t issued = design_.issued[index(dimension)];
    lane_offsets(lanes.apart, dimension, apart_);
    lane_offsets(lanes.together, dimension, together_);
    std::int64_t total = 0;
    for (const std::int64_t apart : apart_) {
        std::int64_t end = 0;  // of what the lanes so far hold together
        for (const std::int64_t together : together_) {
            const std::int64_t low = offset + apart + together;
            if (low >= issued) break;
            const std::int64_t last = std::min(low + span, issued) - 1;
            const std::int64_t from = std::max(axis.offset + coefficient * low, end);
            const std::int64_t to = std::min(axis.offset + coefficient * last + 1, axis.size);
            if (from < to) total += to - from, end = to;
        }
    }
    return total;
}

/// In rising order what the lanes of some spatial loops add to a dimension.
void AxisWords::lane_offsets(const std::vector<int>& loops, int dimension, Values& result) const {
    result.assign(1, 0);
    for (const int l : loops) {
        const LoweredLoop& loop = design_.loops[index(l)];
        if (loop.dimension != dimension) continue;
        const std::size_t count = result.size();
        for (std::int64_t v = 1; v < loop.bound; ++v)
            for (std::size_t i = 0; i < count; ++i) result.push_back(result[i] + v * loop.stride);
    }
    if (!std::is_sorted(result.begin(), result.end())) std::sort(result.begin(), result.end());
}

bool AxisWords::has_lanes(const Axis& axis, const std::vector<int>& loops) const {
    return std::any_of(loops.begin(), loops.end(), [&](int l) {
        return std::any_of(axis.terms.begin(), axis.terms.end(),
                           [&](const Term& term) { return term.dimension == design_.loops[index(l)].dimension; });
    });
}

std::int64_t AxisWords::count_kept(const Axis& axis, const Lanes& lanes, const Values& offsets, const Values& before) const {
    std::int64_t total = 0;
    for_each_lane(design_, axis, lanes.apart, offsets, [&](const Values& instance) {
        std::vector<Ranges> now;
        std::vector<Ranges> fresh;
        for_each_lane(design_, axis, lanes.together, instance, [&](const Values& lane) {
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
