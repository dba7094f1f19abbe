// SPDX-License-Identifier: Apache-2.0
// The passes "links" and "accelerate", and the machine that a schedule generates when none is given.
#include <algorithm>
#include <utility>

#include "mappings/design.hpp"
#include "mappings/lowering.hpp"
#include "mappings/schedule_state.hpp"

namespace accelsim {

namespace {

constexpr int dram_latency_cycles = 100;  // as an architecture's default

Level new_level(const std::string& name, LevelKind kind, const Location& where) {
    Level level;
    level.name = name;
    level.kind = kind;
    level.where = where;
    return level;
}

Level new_buffer(const ScheduleState& state, const std::string& name) {
    Level level = new_level(name, LevelKind::buffer, {});
    level.keeps_all = false;
    for (const HeldTile& tile : state.tiles) {
        if (tile.level != name) continue;
        if (level.keeps.empty()) level.where = state.place(tile.by);
        level.keeps.push_back(state.workload.tensors[static_cast<std::size_t>(tile.tensor)].name);
    }
    return level;
}

Level new_array(const ScheduleState& state, const std::string& name) {
    Level level = new_level(name, LevelKind::array, {});
    std::int64_t rows = 1, columns = 1;
    for (const ScheduledLoop& loop : state.loops) {
        if (loop.is_temporal() || loop.array != name) continue;
        (loop.axis == ArrayAxis::rows ? rows : columns) *= loop.extent();
        level.where = state.place(loop.unrolled);
    }
    level.rows = static_cast<int>(rows);
    level.columns = static_cast<int>(columns);
    for (const Tensor& tensor : state.workload.tensors)
        level.networks[tensor.name] = {Transport::multicast, Reduction::tree, 1, 0};
    return level;
}

/// Refuses unless lanes along the unrolled loop can pass this tensor's words, or its sums, to each other.
void check_link(const ScheduleState& state, const directive::Systolic& d, const ScheduledLoop& loop, const Tensor& tensor) {
    if (loop.is_temporal())
        state.refuse("loop " + quoted(d.loop) + " in 'systolic' is not unrolled; only lanes of an array have neighbours");
    const bool shared = std::any_of(loop.pieces.begin(), loop.pieces.end(),
                                    [&](const Piece& piece) { return !tensor.depends_on(piece.dimension); });
    if (shared) return;
    if (tensor.is_output) {
        state.refuse("sums of " + quoted(d.tensor) + " cannot be accumulated along " + quoted(d.loop) +
                     ", which is no reduction: every lane has sums of its own; name an unrolled reduction loop");
    }
    state.refuse("words of " + quoted(d.tensor) + " cannot be passed along " + quoted(d.loop) +
                 ", which indexes it: every lane needs words of its own; name an unrolled loop that it does not depend on");
}

[[noreturn]] void refuse_spill(const ScheduleState& state, const ScheduledLoop& loop) {
    const std::string name = quoted(state.workload.output().name);
    state.refuse("partial sums of " + name + " have nowhere to go between the iterations of the reduction loop " +
                 quoted(loop.name) + " inside the accelerator; hold " + name + " at a level outside " + quoted(loop.name) +
                 ", or reorder that loop outside 'accelerate'");
}

/// Refuses reduction loops inside the accelerator whose sums would have to leave for the DRAM between two of their iterations.
void check_spills(const ScheduleState& state, std::size_t begin) {
    const int output = state.workload.output_index();
    std::size_t held = state.loops.size();
    bool streams = true;
    for (const HeldTile& tile : state.tiles) {
        if (tile.tensor != output) continue;
        held = std::min(held, tile.position);
        streams = false;
    }
    // From the inside out: is there anything so far that changes the tile of the output?
    bool changes = streams;
    for (std::size_t i = held; i-- > begin;) {
        const ScheduledLoop& loop = state.loops[i];
        if (!loop.is_temporal()) continue;
        for (std::size_t p = loop.pieces.size(); p-- > 0;) {
            const Piece& piece = loop.pieces[p];
            if (piece.extent == 1) continue;
            const bool reduces = state.workload.is_reduction(piece.dimension);
            if (reduces && changes) refuse_spill(state, loop);
            changes = changes || !reduces;
        }
    }
}

void check_inputs(const ScheduleState& state, const directive::Accelerate& d) {
    std::vector<int> named;
    for (const std::string& name : d.inputs) {
        const int tensor = state.find_tensor(name, "accelerate");
        if (tensor == state.workload.output_index())
            state.refuse("'accelerate' names the output " + quoted(name) + ", which leaves by itself; name the operands");
        if (std::find(named.begin(), named.end(), tensor) != named.end())
            state.refuse("'accelerate' names " + quoted(name) + " twice");
        named.push_back(tensor);
    }
    for (int t = 0; t < state.workload.output_index(); ++t) {
        if (std::find(named.begin(), named.end(), t) == named.end())
            state.refuse("'accelerate' leaves out the operand " +
                         quoted(state.workload.tensors[static_cast<std::size_t>(t)].name) +
                         ", which has no other way into the accelerator; name it too");
    }
}

void check_inside(const ScheduleState& state, const directive::Accelerate& d, std::size_t begin) {
    for (const HeldTile& tile : state.tiles) {
        if (tile.position < begin) {
            state.refuse("the tiles of level " + quoted(tile.level) + " are outside the accelerator, which begins inside " +
                             quoted(d.loop) + "; move one of them",
                         tile.by);
        }
    }
    for (std::size_t i = 0; i < state.loops.size(); ++i) {
        const ScheduledLoop& loop = state.loops[i];
        if (!loop.counts()) continue;
        if (!loop.is_temporal() && i < begin) {
            state.refuse("the unrolled loop " + quoted(loop.name) + " is outside the accelerator, which begins inside " +
                             quoted(d.loop) + "; reorder it inside",
                         std::max(loop.unrolled, loop.touched));
        }
        if (loop.is_temporal() && i >= begin && loop.level == 0) {
            state.refuse("loop " + quoted(loop.name) + " is inside the accelerator, but outside all tiles, so it steps through " +
                         "the DRAM; accelerate at that loop, or hold a tile outside it");
        }
    }
}

}  // namespace

Architecture generate_architecture(const ScheduleState& state) {
    // Twice the number of loops outside; an array comes behind a buffer at the place of its first loop.
    std::vector<std::pair<std::size_t, std::string>> buffers;
    std::vector<std::pair<std::size_t, Level>> levels;
    for (const HeldTile& tile : state.tiles) {
        const auto same = [&](const auto& buffer) { return buffer.second == tile.level; };
        const auto found = std::find_if(buffers.begin(), buffers.end(), same);
        if (found == buffers.end()) {
            buffers.emplace_back(tile.position, tile.level);
        } else {
            found->first = std::max(found->first, tile.position);
        }
    }
    for (const auto& [position, name] : buffers) levels.emplace_back(2 * position, new_buffer(state, name));
    for (std::size_t i = 0; i < state.loops.size(); ++i) {
        const ScheduledLoop& loop = state.loops[i];
        const bool known = std::any_of(levels.begin(), levels.end(), [&](const auto& l) { return l.second.name == loop.array; });
        if (!loop.is_temporal() && !known) levels.emplace_back(2 * i + 1, new_array(state, loop.array));
    }
    std::stable_sort(levels.begin(), levels.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    Architecture architecture;
    architecture.name = "generated";
    architecture.levels.push_back(new_level("DRAM", LevelKind::dram, state.schedule.where));
    architecture.levels[0].latency_cycles = dram_latency_cycles;
    for (auto& [position, level] : levels) architecture.levels.push_back(std::move(level));
    architecture.levels.push_back(new_level("MAC", LevelKind::mac, state.schedule.where));
    return architecture;
}

void fit_capacities(ScheduleState& state) {
    const Design design = lower(state.workload, state.architecture, state.nest);
    for (const Boundary& boundary : design.boundaries) {
        Level& level = state.architecture.levels[static_cast<std::size_t>(boundary.child)];
        if (!boundary.stream) level.capacity_bytes += bytes_needed(design, boundary);
    }
}

void link_neighbours(ScheduleState& state) {
    for_each_directive<directive::Systolic>(state, [&](const directive::Systolic& d) {
        const Tensor& tensor = state.workload.tensors[static_cast<std::size_t>(state.find_tensor(d.tensor, "systolic"))];
        const ScheduledLoop& loop = state.loops[state.find_loop(d.loop, "systolic")];
        check_link(state, d, loop, tensor);
        Level& array = state.architecture.levels[static_cast<std::size_t>(loop.level)];
        if (state.generated) {
            Network& network = array.networks[tensor.name];
            if (tensor.is_output) {
                network.reduction = Reduction::systolic;
            } else {
                network.transport = Transport::systolic;
            }
            array.where = state.place(state.current);  // what the network cannot do is this directive's fault
        } else if (!is_systolic(array, tensor)) {
            state.refuse("the array " + quoted(array.name) + " has no neighbour links for " + quoted(tensor.name) +
                         (tensor.is_output ? ", whose sums it reduces by a tree" : "") +
                         "; take 'systolic' out, or make the network of the architecture systolic");
        }
    });
}

void bound_accelerator(ScheduleState& state) {
    int previous = -1;
    for_each_directive<directive::Accelerate>(state, [&](const directive::Accelerate& d) {
        if (previous >= 0)
            state.refuse("'accelerate' is given twice, first at " + state.place(previous).text() + "; there is one accelerator");
        previous = state.current;
        check_inputs(state, d);
        state.accelerator = state.position_inside(d.loop, "accelerate");
        check_inside(state, d, *state.accelerator);
        check_spills(state, *state.accelerator);
    });
    if (state.generated && !state.accelerator) {
        state.refuse(
            "without an architecture the schedule must say where the accelerator begins; add 'accelerate', or give an "
            "architecture",
            -1);
    }
}

}  // namespace accelsim
