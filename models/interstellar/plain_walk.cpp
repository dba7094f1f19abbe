// SPDX-License-Identifier: Apache-2.0
#include "models/interstellar/plain_walk.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "mappings/lowering.hpp"
#include "models/boundary_counter.hpp"
#include "models/ranges.hpp"

namespace accelsim::interstellar {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

const std::vector<LoopName> all_loops = {FX, FY, OX, OY, OC, IC, ON};

/// Whether a tensor's elements really depend on a loop: inputs on a window's loops, too.
bool indexes(TensorName tensor, int loop) { return is_relevant(tensor, loop) || (tensor == input && (loop == FX || loop == FY)); }

std::vector<LoopName> loops_that(TensorName tensor, bool index) {
    std::vector<LoopName> result;
    for (const LoopName x : all_loops)
        if (indexes(tensor, x) == index) result.push_back(x);
    return result;
}

}  // namespace

PlainWalk::PlainWalk(const ExpressedDesign& design, int level, TensorName tensor, Kind kind)
    : design_(design), level_(level), tensor_(tensor), kind_(kind) {}

std::int64_t PlainWalk::value(const Habits& habits) const {
    if (kind_ == Kind::near_hops || kind_ == Kind::far_hops) return accesses(habits, level_ + 1) * hops_per_access();
    const std::int64_t words = accesses(habits, level_);
    if (tensor_ != output || kind_ == Kind::writes_from_child) return words;
    return words - (habits[Cause::lanes_start_at_zero] ? size() : first_reads(level_));
}

std::int64_t PlainWalk::accesses(const Habits& habits, int level) const {
    if (level == 0) return at_macs(habits);
    return habits[Cause::halo] ? by_elements(habits, level) : by_tiles(habits, level);
}

/// Level 0, which the MACs use directly.
std::int64_t PlainWalk::at_macs(const Habits& habits) const {
    const std::int64_t lanes = spatial(0, static_cast<int>(design_.mapping.size()), all_loops);
    std::int64_t macs = lanes;
    for (const LevelMapping& level : design_.mapping)
        macs = std::accumulate(level.blocking.begin(), level.blocking.end(), macs, std::multiplies<>());
    const bool held = design_.machine.mac_holds_operands;
    const bool as_model = tensor_ == output ? (held ? habits[Cause::mac_keeps_sums] : habits[Cause::halo]) : habits[Cause::halo];
    if (as_model) return by_elements(habits, 0);
    return held && tensor_ != output ? visits(habits, -1, false) * lanes : macs;
}

/// Every element of the tensor so many times: the model's own formula (interstellar.hpp).
std::int64_t PlainWalk::by_elements(const Habits& habits, int level) const {
    std::int64_t times = 1;
    if (level == 0 && !design_.machine.mac_holds_operands) {
        for (const LoopName x : irrelevant_loops(tensor_)) times *= design_.layer.sizes[at(x)];
    } else {
        times = spatial(level, static_cast<int>(design_.mapping.size()), irrelevant_loops(tensor_));
        times *= habits[Cause::stationarity] ? trips_by_level(habits, level) : trips_across_levels(level);
    }
    const std::int64_t area = tensor_ == input ? design_.layer.stride_x * design_.layer.stride_y : 1;
    return habits[Cause::integer_division] ? times / area * size() : times * size() / area;
}

/// Trips of the irrelevant loops, less those that stand innermost on this very level.
std::int64_t PlainWalk::trips_by_level(const Habits& habits, int level) const {
    const std::array<int, loop_count>& order = design_.mapping[at(level)].order;
    int first_relevant = absent;
    for (int x = 0; x < loop_count; ++x)
        if (is_relevant(tensor_, x)) first_relevant = std::min(first_relevant, order[at(x)]);
    const bool keeps_window = habits[level == 0 ? Cause::mac_keeps_window : Cause::window_reuse];
    std::int64_t trips = 1;
    for (std::size_t l = at(level); l < design_.mapping.size(); ++l) {
        for (const LoopName x : irrelevant_loops(tensor_)) {
            const bool stays = l == at(level) && order[at(x)] < first_relevant && (keeps_window || !indexes(tensor_, x));
            trips *= stays ? 1 : design_.mapping[l].blocking[at(x)];
        }
    }
    return trips;
}

/// The same, less those inside of which, through all levels, nothing indexes the tensor.
std::int64_t PlainWalk::trips_across_levels(int level) const {
    std::int64_t trips = 1;
    bool stays = true;
    for (const TemporalLoop& loop : loops_above(level - 1)) {
        stays = stays && !indexes(tensor_, loop.name);
        if (!stays && !is_relevant(tensor_, loop.name)) trips *= loop.trips;
    }
    return trips;
}

std::int64_t PlainWalk::by_tiles(const Habits& habits, int level) const {
    const int child = habits[Cause::bypass] ? level - 1 : child_of(level);
    return visits(habits, child, child < 0) * words(child, level, habits[Cause::spatial_overlap]);
}

/// The next level inside that holds the tensor; -1: the MACs.
int PlainWalk::child_of(int level) const {
    int child = level - 1;
    while (child >= 0 && !design_.machine.levels[at(child)].memories[at(tensor_)]) --child;
    return child;
}

/// The temporal loops outside a level, innermost first, without those of one trip.
std::vector<PlainWalk::TemporalLoop> PlainWalk::loops_above(int child) const {
    std::vector<TemporalLoop> loops;
    std::array<std::int64_t, loop_count> step{1, 1, 1, 1, 1, 1, 1};
    for (std::size_t l = 0; l < design_.mapping.size(); ++l) {
        const LevelMapping& level = design_.mapping[l];
        for (int order = 0; order <= absent; ++order) {
            for (int x = 0; x < loop_count; ++x) {
                if (level.order[at(x)] != order || level.blocking[at(x)] == 1) continue;
                if (static_cast<int>(l) > child) loops.push_back({x, level.blocking[at(x)], step[at(x)]});
                step[at(x)] *= level.blocking[at(x)];
            }
        }
        for (std::size_t x = 0; x < loop_count; ++x) step[x] *= level.partitioning[x];
    }
    return loops;
}

/// Tiles of the child that are fetched one after the other; a stream fetches at every step.
std::int64_t PlainWalk::visits(const Habits& habits, int child, bool every_step) const {
    const std::vector<TemporalLoop> loops = loops_above(child);
    std::int64_t count = 1;
    std::int64_t outer = std::accumulate(loops.begin(), loops.end(), std::int64_t{1},
                                         [](std::int64_t product, const TemporalLoop& loop) { return product * loop.trips; });
    if (every_step) return outer;
    bool stays = true;
    std::array<std::int64_t, loop_count> reach{};  // of the loops inside the one that advances
    for (const TemporalLoop& loop : loops) {
        outer /= loop.trips;
        stays = stays && !indexes(tensor_, loop.name);
        const bool moves = habits[Cause::window_wraps] ? !stays : moves_tile(loop, reach);
        if (moves) count += (loop.trips - 1) * outer;
        reach[at(loop.name)] += (loop.trips - 1) * loop.step;
    }
    return count;
}

/// Whether the tile's origin changes where this loop advances and all inside it wrap.
bool PlainWalk::moves_tile(const TemporalLoop& loop, const std::array<std::int64_t, loop_count>& reach) const {
    std::array<std::int64_t, loop_count> delta{};
    for (std::size_t x = 0; x < loop_count; ++x) delta[x] = -reach[x];
    delta[at(loop.name)] += loop.step;
    if (tensor_ == input)
        return delta[OX] * design_.layer.stride_x + delta[FX] != 0 || delta[OY] * design_.layer.stride_y + delta[FY] != 0 ||
               delta[IC] != 0 || delta[ON] != 0;
    return std::any_of(all_loops.begin(), all_loops.end(), [&](LoopName x) { return indexes(tensor_, x) && delta[at(x)] != 0; });
}

std::int64_t PlainWalk::span_inside(int child, int loop) const {
    std::int64_t span = 1;
    for (int l = 0; l <= child; ++l)
        span *= design_.mapping[at(l)].blocking[at(loop)] * (l < child ? design_.mapping[at(l)].partitioning[at(loop)] : 1);
    return span;
}

/// Product of spatial trips over the fan-outs outside the levels [from, to).
std::int64_t PlainWalk::spatial(int from, int to, const std::vector<LoopName>& loops) const {
    std::int64_t product = 1;
    for (int l = from; l < to; ++l)
        for (const LoopName x : loops) product *= design_.mapping[at(l)].partitioning[at(x)];
    return product;
}

/// Coordinates on an axis of the input that the units of the fan-outs [child, end) need together, but those served alone.
std::int64_t PlainWalk::axis_words(int child, int end, bool overlap_shared, LoopName outer, LoopName window,
                                   std::int64_t stride) const {
    Ranges words(0, (span_inside(child, outer) - 1) * stride + span_inside(child, window));
    for (int l = std::max(child, 0); l < end; ++l) {
        if (!overlap_shared && design_.unicast[at(l)][input]) continue;
        words = words.spread(stride * span_inside(l, outer), design_.mapping[at(l)].partitioning[outer]);
        words = words.spread(span_inside(l, window), design_.mapping[at(l)].partitioning[window]);
    }
    return words.size();
}

/// Words of one fetch over all instances of the parent. `overlap_shared`: all units share what their tiles share.
std::int64_t PlainWalk::words(int child, int level, bool overlap_shared) const {
    const int levels = static_cast<int>(design_.mapping.size());
    const int first = std::max(child, 0);
    const int end = overlap_shared ? levels : level;
    const auto alone = [&](int l) { return !overlap_shared && design_.unicast[at(l)][at(tensor_)]; };
    std::int64_t product = spatial(level, levels, loops_that(tensor_, false));
    if (!overlap_shared) product = spatial(level, levels, all_loops);
    for (const LoopName x : loops_that(tensor_, true)) {
        const bool windowed = tensor_ == input && (x == OX || x == OY || x == FX || x == FY);
        if (!windowed) product *= span_inside(child, x);
        for (int l = first; l < end && !windowed; ++l)
            if (!alone(l)) product *= design_.mapping[at(l)].partitioning[at(x)];
    }
    for (int l = first; l < level; ++l)
        if (alone(l)) product *= spatial(l, l + 1, all_loops);
    if (tensor_ != input) return product;
    return product * axis_words(child, end, overlap_shared, OX, FX, design_.layer.stride_x) *
           axis_words(child, end, overlap_shared, OY, FY, design_.layer.stride_y);
}

/// First updates of a sum, which read nothing: in every unit that starts one.
std::int64_t PlainWalk::first_reads(int level) const {
    const int levels = static_cast<int>(design_.mapping.size());
    const std::vector<LoopName> reductions = irrelevant_loops(output);
    if (level > 0) return size() * spatial(level, levels, reductions);
    int parent = 1;
    while (!design_.machine.levels[at(parent)].memories[output]) ++parent;
    Habits none;
    none.on.fill(false);
    const std::int64_t tiles = visits(none, 0, false);
    std::int64_t first_tiles = 1;
    for (const TemporalLoop& loop : loops_above(0)) first_tiles *= indexes(output, loop.name) ? loop.trips : 1;
    std::int64_t tile = 1;
    for (const LoopName x : loops_that(output, true)) tile *= span_inside(0, x);
    const std::int64_t lanes = spatial(0, levels, all_loops);
    const std::int64_t filled = design_.sums_to_all_lanes ? lanes : lanes / spatial(0, parent, reductions);
    return tile * (tiles * lanes - (tiles - first_tiles) * filled);
}

std::int64_t PlainWalk::hops_per_access() const {
    const LevelMapping& mapping = design_.mapping[at(level_)];
    const bool replicates = design_.machine.levels[at(level_)].parallel_mode == 1;  // a broadcast has near ones only
    std::int64_t near = 1;
    std::int64_t far = 0;
    for (const std::vector<LoopName>& axis : mapping.array_loops) {
        for (std::size_t i = 0; i < axis.size(); ++i) {
            if (is_relevant(tensor_, axis[i])) continue;
            if (i == 0 || !replicates)
                near *= mapping.partitioning[at(axis[i])];
            else
                far += mapping.partitioning[at(axis[i])];
        }
    }
    return kind_ == Kind::near_hops ? near : far;
}

namespace {

/// No loop inside it on its axis.
bool is_adjacent(const Design& design, int index) {
    const LoweredLoop& loop = design.loops[static_cast<std::size_t>(index)];
    for (std::size_t i = static_cast<std::size_t>(index) + 1; i < design.loops.size(); ++i)
        if (design.loops[i].level == loop.level && design.loops[i].kind == loop.kind && design.loops[i].bound > 1) return false;
    return true;
}

}  // namespace

std::int64_t exact_hops(const Design& design, int fan_out, int tensor, bool near) {
    std::vector<BoundaryCounter::LoopHops> each;
    std::int64_t hops = 0;
    for (const Boundary& boundary : design.boundaries) {
        if (boundary.tensor != tensor || boundary.parent > fan_out || boundary.child < fan_out) continue;
        const BoundaryCounter counter(design, boundary);
        if (!design.tensor(tensor).is_output) {
            counter.operand_fill(&each);
        } else {
            counter.write_back(false, &each);
            if (design.nest.partials == Partials::copy && !boundary.accumulates) {
                std::vector<BoundaryCounter::LoopHops> first;
                counter.read_back_to_all(false, &each);
                counter.read_back_to_all(true, &first);
                for (BoundaryCounter::LoopHops& loop : first) each.push_back({loop.loop, -loop.hops});
            }
        }
        for (const auto& [loop, count] : each)
            if (design.loops[static_cast<std::size_t>(loop)].level == fan_out && (is_adjacent(design, loop) == near))
                hops += count;
    }
    return hops;
}

}  // namespace accelsim::interstellar
