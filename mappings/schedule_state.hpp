// SPDX-License-Identifier: Apache-2.0
// What the passes of lower_schedule() work on: the loops so far, and what the directives have said about them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mappings/schedule.hpp"

namespace accelsim {

/// Digits of a dimension's index: extent values, each `stride` apart.
struct Piece {
    int dimension = 0;
    std::int64_t extent = 1;
    std::int64_t stride = 1;
    bool outermost = true;  ///< of its dimension: no other piece has a larger stride
};

struct ScheduledLoop {
    std::string name;
    std::vector<Piece> pieces;  ///< outermost first; several: a fused loop
    int touched = -1;           ///< directive that made or last moved it; -1: the algorithm
    int unrolled = -1;          ///< directive that unrolled it; -1: temporal
    ArrayAxis axis = ArrayAxis::rows;
    std::string array;
    int level = 0;  ///< where it iterates; known after the pass "buffers"

    std::int64_t extent() const;
    bool is_temporal() const { return unrolled < 0; }
    /// A loop of one iteration is no loop: it can stand anywhere.
    bool counts() const { return extent() > 1; }
};

/// One tensor held at one level.
struct HeldTile {
    int tensor = 0;
    std::string level;
    std::size_t position = 0;  ///< the tile is inside so many loops
    int by = 0;                ///< directive
};

struct ScheduleState {
    ScheduleState(const Workload& w, const std::optional<Architecture>& given, const Schedule& s)
        : workload(w), schedule(s), generated(!given), architecture(given.value_or(Architecture{})) {}

    const Workload& workload;
    const Schedule& schedule;
    bool generated;
    Architecture architecture;

    std::vector<ScheduledLoop> loops;            ///< outermost first
    std::vector<std::int64_t> issued;            ///< per dimension: indices below are issued
    std::vector<bool> guarded;                   ///< per dimension: a split guards it, so later ones issue no more
    std::map<std::string, std::string> retired;  ///< loops that are no more, and what became of them
    std::vector<HeldTile> tiles;
    std::vector<std::size_t> boundaries;  ///< per level: its tiles are inside so many loops (buffers only)
    std::optional<std::size_t> accelerator;
    Nest nest;
    bool built = false;  ///< the nest is there
    int current = -1;    ///< the directive being applied

    const std::string& dimension_name(int dimension) const;
    /// Index of a loop that the current directive names; refuses with what became of it, or with the nearest name.
    std::size_t find_loop(const std::string& name, const char* word) const;
    /// How many loops the body of this loop (or of `root`) is inside.
    std::size_t position_inside(const std::string& name, const char* word) const;
    int find_tensor(const std::string& name, const char* word) const;
    std::vector<std::string> loop_names() const;
    bool depends(int tensor, const ScheduledLoop& loop) const;
    /// Throws UserError at a directive; -1: at the schedule.
    [[noreturn]] void refuse(const std::string& message, int directive) const;
    [[noreturn]] void refuse(const std::string& message) const { refuse(message, current); }
    Location place(int directive) const;
};

/// Calls `apply` for every directive of one kind, in the order written; it is the current one meanwhile.
template <class Kind, class Apply>
void for_each_directive(ScheduleState& state, Apply apply) {
    for (std::size_t i = 0; i < state.schedule.directives.size(); ++i) {
        state.current = static_cast<int>(i);
        if (const Kind* directive = std::get_if<Kind>(&state.schedule.directives[i].what)) apply(*directive);
    }
}

/// "'a'"
std::string quoted(const std::string& name);

// The passes, in order.
void begin_with_algorithm(ScheduleState& state);  ///< one loop per dimension, in the workload's order
void transform_loops(ScheduleState& state);       ///< split, tile, fuse and reorder, in the order written
void unroll_loops(ScheduleState& state);          ///< loops onto the axes of arrays
void place_buffers(ScheduleState& state);         ///< which level holds what, hence which loop iterates where
void link_neighbours(ScheduleState& state);       ///< systolic: checked against the networks, or made
void bound_accelerator(ScheduleState& state);     ///< accelerate: what is outside belongs to the DRAM
void build_nest(ScheduleState& state);            ///< the nest; capacities of a generated machine

/// The levels of a machine in which the tiles stand where the schedule puts them; without capacities.
Architecture generate_architecture(const ScheduleState& state);
/// Sets every buffer's capacity to what its tiles need.
void fit_capacities(ScheduleState& state);

/// The loops as pseudo-code, with everything known about them so far.
std::string pseudo_code(const ScheduleState& state);

}  // namespace accelsim
