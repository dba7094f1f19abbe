// SPDX-License-Identifier: Apache-2.0
// The passes "unroll" and "buffers": which loop runs on which axis, and which level holds which tile.
#include <algorithm>

#include "mappings/schedule_state.hpp"
#include "mappings/suggestion.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t max_axis = 65536;
constexpr std::int64_t max_lanes = std::int64_t{1} << 20;

/// The level of the given machine, which must be of this kind.
const Level& find_level(const ScheduleState& state, const std::string& name, LevelKind kind, const char* word) {
    std::vector<std::string> known;
    for (const Level& level : state.architecture.levels) {
        if (level.kind == kind) known.push_back(level.name);
        if (level.name != name) continue;
        if (level.kind == kind) return level;
        state.refuse("level " + quoted(name) + " in " + quoted(word) + " is not of type " +
                     (kind == LevelKind::array ? "array" : "buffer") +
                     (level.kind == LevelKind::dram ? "; the DRAM holds every tensor as it is" : ""));
    }
    state.refuse("the architecture has no level " + quoted(name) + " for " + quoted(word) + suggestion(name, known));
}

/// A generated level's name: not DRAM or MAC, and for one kind of level only.
void check_new_level(const ScheduleState& state, const std::string& name, bool array, const char* word) {
    if (name.empty() || name == "DRAM" || name == "MAC") {
        state.refuse(quoted(name) + " in " + quoted(word) + " cannot name a level of the generated architecture; choose a name " +
                     "other than DRAM and MAC");
    }
    const bool clash = array ? false : std::any_of(state.loops.begin(), state.loops.end(), [&](const ScheduledLoop& loop) {
        return !loop.is_temporal() && loop.array == name;
    });
    if (clash) state.refuse(quoted(name) + " in " + quoted(word) + " is an array of this schedule; a buffer needs another name");
}

void check_axis(const ScheduleState& state, const directive::Unroll& d, std::int64_t extent) {
    std::int64_t on_axis = extent;
    std::int64_t lanes = extent;
    for (const ScheduledLoop& loop : state.loops) {
        if (loop.is_temporal()) continue;
        lanes *= loop.extent();
        if (loop.array == d.array && loop.axis == d.axis) on_axis *= loop.extent();
    }
    const std::string& axis = array_axis_names()[static_cast<std::size_t>(d.axis)];
    std::int64_t size = max_axis;
    if (!state.generated) {
        const Level& level = find_level(state, d.array, LevelKind::array, "unroll");
        size = d.axis == ArrayAxis::rows ? level.rows : level.columns;
    }
    if (on_axis > size) {
        state.refuse("the " + std::to_string(extent) + " iterations of " + quoted(d.loop) +
                     (on_axis > extent ? " (with the others on the axis " + std::to_string(on_axis) + ")" : "") +
                     " are more than the " + std::to_string(size) + " " + axis + " of " + quoted(d.array) +
                     "; split the loop by a smaller factor");
    }
    if (lanes > max_lanes)
        state.refuse("the unrolled loops make " + std::to_string(lanes) + " MACs, more than 2^20; split them by smaller factors");
}

/// The places of all tiles as the directives give them.
void collect_tiles(ScheduleState& state) {
    for_each_directive<directive::In>(state, [&](const directive::In& d) {
        if (d.level.empty()) state.refuse("'in' needs 'compute_at' with it: the level that holds the tile, and the loop");
        if (d.tensors.empty()) state.refuse("'in' names no tensor");
        if (state.generated) {
            check_new_level(state, d.level, false, "compute_at");
        } else {
            find_level(state, d.level, LevelKind::buffer, "compute_at");
        }
        const std::size_t position = state.position_inside(d.loop, "compute_at");
        for (const std::string& name : d.tensors) {
            const int tensor = state.find_tensor(name, "in");
            for (const HeldTile& tile : state.tiles) {
                if (tile.tensor == tensor && tile.level == d.level)
                    state.refuse(quoted(d.level) + " already holds " + quoted(name) + ", by the directive at " +
                                 state.place(tile.by).text());
            }
            state.tiles.push_back({tensor, d.level, position, state.current});
        }
    });
}

/// A level's tiles are all inside the innermost of its tensors' loops; for a tensor with a loop further out that must not
/// make a difference.
void find_boundaries(ScheduleState& state) {
    const auto& levels = state.architecture.levels;
    state.boundaries.assign(levels.size(), 0);
    for (std::size_t l = 1; l < levels.size(); ++l) {
        if (levels[l].kind != LevelKind::buffer) continue;
        const HeldTile* innermost = nullptr;
        for (const HeldTile& tile : state.tiles) {
            if (tile.level == levels[l].name && (innermost == nullptr || tile.position > innermost->position)) innermost = &tile;
        }
        if (innermost == nullptr) {
            state.refuse("no tensor is held at level " + quoted(levels[l].name) +
                             " of the architecture; add 'in' with 'compute_at' for it, or take the level out",
                         -1);
        }
        state.boundaries[l] = innermost->position;
        for (const HeldTile& tile : state.tiles) {
            if (tile.level != levels[l].name) continue;
            for (std::size_t i = tile.position; i < innermost->position; ++i) {
                const ScheduledLoop& between = state.loops[i];
                if (!between.counts() || (between.is_temporal() && !state.depends(tile.tensor, between))) continue;
                const std::string& name = state.workload.tensors[static_cast<std::size_t>(tile.tensor)].name;
                state.refuse("level " + quoted(tile.level) + " holds tiles inside loop " +
                                 quoted(state.loops[innermost->position - 1].name) + ", and the loop " + quoted(between.name) +
                                 (between.is_temporal() ? " changes what " + quoted(name) + " needs there" : " is unrolled") +
                                 "; hold " + quoted(name) + " at the same loop, or at another level",
                             tile.by);
            }
        }
    }
}

int directive_of(const ScheduleState& state, const std::string& level) {
    int by = -1;
    for (const HeldTile& tile : state.tiles) {
        if (tile.level == level) by = std::max(by, tile.by);
    }
    return by;
}

/// The levels' order is that of their tiles; an array's loops are inside the tiles of all levels outside it, and outside
/// the others.
void check_levels(const ScheduleState& state) {
    const auto& levels = state.architecture.levels;
    for (std::size_t l = 1; l < levels.size(); ++l) {
        if (levels[l].kind != LevelKind::buffer) continue;
        const std::size_t position = state.boundaries[l];
        const int by = directive_of(state, levels[l].name);
        for (std::size_t outer = 1; outer < l; ++outer) {
            if (levels[outer].kind == LevelKind::buffer && state.boundaries[outer] > position) {
                state.refuse("level " + quoted(levels[l].name) + " is inside " + quoted(levels[outer].name) +
                                 ", but its tiles are outside those of it; move one of them, or exchange the levels",
                             by);
            }
        }
        for (std::size_t i = 0; i < state.loops.size(); ++i) {
            const ScheduledLoop& loop = state.loops[i];
            if (loop.is_temporal() || !loop.counts()) continue;
            const auto array = static_cast<std::size_t>(state.architecture.find_level(loop.array));
            if (array < l && i >= position) {
                state.refuse("level " + quoted(levels[l].name) + " is inside the array " + quoted(loop.array) +
                                 ", but its tiles are outside the unrolled loop " + quoted(loop.name) +
                                 "; reorder that loop outside, or compute at a loop inside it",
                             by);
            }
            if (array > l && i < position) {
                state.refuse("level " + quoted(levels[l].name) + " is outside the array " + quoted(loop.array) +
                                 ", but its tiles are inside the unrolled loop " + quoted(loop.name) +
                                 "; reorder that loop inside, or compute at a loop outside it",
                             by);
            }
        }
    }
}

/// Temporal loops iterate at the innermost level whose tiles are outside them; then levels must follow in order.
void assign_levels(ScheduleState& state) {
    const ScheduledLoop* previous = nullptr;
    for (std::size_t i = 0; i < state.loops.size(); ++i) {
        ScheduledLoop& loop = state.loops[i];
        if (!loop.is_temporal()) {
            loop.level = state.architecture.find_level(loop.array);
        } else {
            loop.level = 0;
            for (std::size_t l = 1; l < state.boundaries.size(); ++l) {
                if (state.architecture.levels[l].kind == LevelKind::buffer && state.boundaries[l] <= i)
                    loop.level = static_cast<int>(l);
            }
        }
        if (!loop.counts()) continue;
        if (previous != nullptr && previous->level > loop.level) {
            const int by = std::max({loop.touched, previous->touched, previous->unrolled, loop.unrolled});
            if (!loop.is_temporal()) {
                state.refuse("the array " + quoted(loop.array) + " is outside " + quoted(previous->array) +
                                 ", but its unrolled loop " + quoted(loop.name) + " is inside " + quoted(previous->name) +
                                 "; reorder them",
                             by);
            }
            state.refuse("the temporal loop " + quoted(loop.name) + " is inside the unrolled " + quoted(previous->name) +
                             ", and no level inside the array " + quoted(previous->array) +
                             " holds tiles for it; reorder it outside the unrolled loops, or compute a tile at the innermost of "
                             "them",
                         by);
        }
        previous = &loop;
    }
}

}  // namespace

void unroll_loops(ScheduleState& state) {
    for_each_directive<directive::Unroll>(state, [&](const directive::Unroll& d) {
        ScheduledLoop& loop = state.loops[state.find_loop(d.loop, "unroll")];
        if (!loop.is_temporal()) {
            state.refuse("loop " + quoted(d.loop) + " is already unrolled, by the directive at " +
                         state.place(loop.unrolled).text());
        }
        if (state.generated) check_new_level(state, d.array, true, "unroll");
        check_axis(state, d, loop.extent());
        loop.unrolled = state.current;
        loop.array = d.array;
        loop.axis = d.axis;
    });
}

void place_buffers(ScheduleState& state) {
    collect_tiles(state);
    if (state.generated) state.architecture = generate_architecture(state);
    for (const HeldTile& tile : state.tiles) {
        const Level& level = state.architecture.levels[static_cast<std::size_t>(state.architecture.find_level(tile.level))];
        const std::string& name = state.workload.tensors[static_cast<std::size_t>(tile.tensor)].name;
        if (level.keeps_all || std::find(level.keeps.begin(), level.keeps.end(), name) != level.keeps.end()) continue;
        state.refuse("level " + quoted(level.name) + " does not keep " + quoted(name) + "; it keeps " + join(level.keeps),
                     tile.by);
    }
    find_boundaries(state);
    check_levels(state);
    assign_levels(state);
}

}  // namespace accelsim
