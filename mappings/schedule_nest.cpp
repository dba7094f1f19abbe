// SPDX-License-Identifier: Apache-2.0
// The pass "nest", and the list of all passes.
#include <algorithm>

#include "mappings/schedule_state.hpp"

namespace accelsim {

namespace {

/// Index of the loop of the nest, and the scheduled loop that it comes from.
struct Emitted {
    const ScheduledLoop* loop;
    const Piece* piece;
};

/// The loops of one axis outermost first: the first unrolled is the adjacent one, so it comes last.
std::vector<const ScheduledLoop*> axis_loops(const ScheduleState& state, int level, ArrayAxis axis) {
    std::vector<const ScheduledLoop*> loops;
    for (const ScheduledLoop& loop : state.loops) {
        if (!loop.is_temporal() && loop.level == level && loop.axis == axis) loops.push_back(&loop);
    }
    std::sort(loops.begin(), loops.end(),
              [](const ScheduledLoop* a, const ScheduledLoop* b) { return a->unrolled > b->unrolled; });
    return loops;
}

/// Level by level; in an array rows before columns.
std::vector<Emitted> ordered_pieces(const ScheduleState& state) {
    std::vector<const ScheduledLoop*> order;
    for (int l = 0; l < static_cast<int>(state.architecture.levels.size()); ++l) {
        for (const ScheduledLoop& loop : state.loops) {
            if (loop.is_temporal() && loop.level == l) order.push_back(&loop);
        }
        for (const ArrayAxis axis : {ArrayAxis::rows, ArrayAxis::columns}) {
            const std::vector<const ScheduledLoop*> loops = axis_loops(state, l, axis);
            order.insert(order.end(), loops.begin(), loops.end());
        }
    }
    std::vector<Emitted> result;
    for (const ScheduledLoop* loop : order) {
        for (const Piece& piece : loop->pieces) {
            if (piece.extent > 1) result.push_back({loop, &piece});
        }
    }
    return result;
}

/// The nest's index counts a loop in steps of all loops of its dimension inside it; the schedule's names say the same
/// only when the parts of a dimension are in the order in which they were split.
void check_strides(const ScheduleState& state, const std::vector<Emitted>& order) {
    std::vector<const Emitted*> inside(state.workload.dimensions.size(), nullptr);
    for (std::size_t i = order.size(); i-- > 0;) {
        const Emitted*& inner = inside[static_cast<std::size_t>(order[i].piece->dimension)];
        if (inner != nullptr && inner->piece->stride > order[i].piece->stride) {
            const ScheduledLoop& a = *order[i].loop;
            const ScheduledLoop& b = *inner->loop;
            const bool unrolled = !a.is_temporal() && !b.is_temporal();
            const int by = unrolled ? std::max({a.unrolled, b.unrolled, a.touched, b.touched}) : std::max(a.touched, b.touched);
            state.refuse(
                "loop " + quoted(a.name) + " comes outside " + quoted(b.name) + ", of which it is the inner part" +
                    (unrolled ? " (on an array rows are outside columns, and the first unrolled of an axis is innermost)" : "") +
                    "; put " + quoted(b.name) + " outside it",
                by);
        }
        inner = &order[i];
    }
}

LoopKind kind_of(const ScheduledLoop& loop) {
    if (loop.is_temporal()) return LoopKind::temporal;
    return loop.axis == ArrayAxis::rows ? LoopKind::rows : LoopKind::columns;
}

/// What a level of the given machine could keep and the schedule does not put there.
void find_bypasses(ScheduleState& state) {
    for (std::size_t l = 1; l < state.architecture.levels.size(); ++l) {
        const Level& level = state.architecture.levels[l];
        if (level.kind != LevelKind::buffer) continue;
        for (int t = 0; t <= state.workload.output_index(); ++t) {
            const std::string& name = state.workload.tensors[static_cast<std::size_t>(t)].name;
            const bool can = level.keeps_all || std::find(level.keeps.begin(), level.keeps.end(), name) != level.keeps.end();
            const bool does = std::any_of(state.tiles.begin(), state.tiles.end(),
                                          [&](const HeldTile& tile) { return tile.tensor == t && tile.level == level.name; });
            if (can && !does) state.nest.bypass[static_cast<int>(l)].push_back(t);
        }
    }
}

struct Pass {
    const char* name;
    void (*run)(ScheduleState& state);
};

constexpr Pass passes[] = {
    {"algorithm", begin_with_algorithm}, {"loops", transform_loops},        {"unroll", unroll_loops}, {"buffers", place_buffers},
    {"links", link_neighbours},          {"accelerate", bound_accelerator}, {"nest", build_nest}};

}  // namespace

void build_nest(ScheduleState& state) {
    const std::vector<Emitted> order = ordered_pieces(state);
    check_strides(state, order);
    state.nest.where = state.schedule.where;
    for (const Emitted& emitted : order) {
        const ScheduledLoop& loop = *emitted.loop;
        state.nest.loops.push_back({emitted.piece->dimension, emitted.piece->extent, loop.level, kind_of(loop),
                                    state.place(loop.is_temporal() ? loop.touched : loop.unrolled)});
    }
    find_bypasses(state);
    bool rounds = false;
    for (std::size_t d = 0; d < state.issued.size(); ++d) rounds = rounds || state.issued[d] > state.workload.dimensions[d].bound;
    if (rounds) state.nest.issued = state.issued;
    state.built = true;
    if (state.generated) fit_capacities(state);
}

LoweredSchedule lower_schedule(const Workload& workload, const std::optional<Architecture>& given, const Schedule& schedule) {
    ScheduleState state(workload, given, schedule);
    LoweredSchedule result;
    for (const Pass& pass : passes) {
        state.current = -1;
        pass.run(state);
        result.passes.push_back({pass.name, pseudo_code(state)});
    }
    result.architecture = std::move(state.architecture);
    result.nest = std::move(state.nest);
    return result;
}

}  // namespace accelsim
