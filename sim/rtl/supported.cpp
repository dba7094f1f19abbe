// SPDX-License-Identifier: Apache-2.0
// What the RTL has, and by which name the rest is refused.
#include <fmt/format.h>

#include <algorithm>

#include "mappings/tile_stream.hpp"
#include "sim/rtl/hardware.hpp"
#include "sim/rtl/lanes.hpp"

namespace accelsim {

namespace {

constexpr std::array<const char*, 7> names = {"N", "K", "C", "Y", "X", "FY", "FX"};

[[noreturn]] void refuse(const std::string& what, const Location& where) {
    throw UserError("accelsim rtl: " + what + "; docs/rtl.md says what the RTL has", where);
}

void require_levels(const Design& design) {
    const auto& levels = design.architecture.levels;
    const std::array<LevelKind, 5> wanted = {LevelKind::dram, LevelKind::buffer, LevelKind::array, LevelKind::buffer,
                                             LevelKind::mac};
    for (std::size_t l = 0; l < std::max(levels.size(), wanted.size()); ++l) {
        if (l < levels.size() && l < wanted.size() && levels[l].kind == wanted[l]) continue;
        const Level& level = levels[std::min(l, levels.size() - 1)];
        refuse(fmt::format("level {} ('{}') does not fit DRAM, buffer, array, buffer, mac", l, level.name), level.where);
    }
}

void require_memory(const Memory& memory, const Level& level) {
    if (memory.windowed) refuse("'windowed' at level '" + level.name + "'", level.where);
    if (memory.interleave == Interleave::word && memory.banks > 1)
        refuse("banks with 'interleave: word' at level '" + level.name + "'", level.where);
    std::vector<Ports> ports = {memory.ports};
    for (const PortSet& set : memory.port_sets) ports.push_back(set.ports);
    for (const Ports& p : ports) {
        if (p.reads > 15 || p.writes > 15) refuse("more than 15 ports at level '" + level.name + "'", level.where);
    }
}

void require_memories(const Design& design) {
    for (const Level& level : design.architecture.levels) {
        if (level.is_buffer()) {
            if (level.bursts) refuse("a detailed DRAM ('" + level.name + "')", level.where);
            require_memory(level, level);
            for (const auto& [tensor, memory] : level.memories) require_memory(memory, level);
        }
        if (level.kind == LevelKind::array && level.network(design.workload.output().name).reduction == Reduction::none)
            refuse("outputs with reduction 'none' at level '" + level.name + "'", level.where);
        if (level.operand_latch) refuse("'operand_latch' at level '" + level.name + "'", level.where);
    }
}

void require_workload(const Design& design) {
    for (const Dimension& dimension : design.workload.dimensions) {
        if (rtl_dimension(dimension.name) < 0) refuse("dimension '" + dimension.name + "'", dimension.where);
    }
    if (design.workload.type != "conv2d" && design.workload.type != "gemm")
        refuse("workloads of type '" + design.workload.type + "' (conv2d and gemm only)", design.nest.where);
    if (design.workload.output().bits != 32) refuse("outputs of other than 32 bits", design.nest.where);
}

void require_nest(const Design& design) {
    const Nest& nest = design.nest;
    if (nest.partials == Partials::copy) refuse("'partials: copy'", nest.where);
    if (nest.halo == Halo::reuse) refuse("'halo: reuse'", nest.where);
    if (nest.skip_gaps) refuse("'gaps: skip'", nest.where);
    for (std::size_t d = 0; d < design.issued.size(); ++d) {
        if (design.issued[d] != design.workload.dimensions[d].bound)
            refuse("'tail: round_up' of dimension '" + design.workload.dimensions[d].name + "'", nest.where);
    }
    const auto temporal =
        std::count_if(design.loops.begin(), design.loops.end(), [](const LoweredLoop& l) { return l.is_temporal(); });
    if (temporal > rtl_loops) refuse(fmt::format("{} temporal loops (at most {})", temporal, rtl_loops), nest.where);
}

/// The RTL's movers take tiles as new when an index of the tensor changes.
void require_plain_tiles(const Design& design, int boundary) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    if (b.stream) return;
    std::vector<std::int64_t> last;
    LoopWalk walk(design, b.above);
    std::int64_t tiles = 0;
    do {
        std::vector<std::int64_t> seen;
        for (std::size_t d = 0; d < walk.offsets().size(); ++d) {
            if (design.tensor(b.tensor).depends_on(static_cast<int>(d))) seen.push_back(walk.offsets()[d]);
        }
        if (tiles == 0 || seen != last) ++tiles;
        last = seen;
    } while (walk.next());
    TileStream stream(design, boundary);
    std::int64_t distinct = 0;
    for (; !stream.done(); stream.next()) ++distinct;
    if (distinct != tiles) {
        refuse(fmt::format("tiles of {} in '{}' that stay the same from one output row to the next (halo)",
                           design.tensor(b.tensor).name, design.level(b.child).name),
               design.nest.where);
    }
}

/// Two lanes' tiles are the same or apart: the movers share a word among lanes at one address only.
void require_plain_sharing(const Design& design, int boundary) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    if (b.stream) return;
    const std::vector<std::vector<std::int64_t>> places = lane_places(design, b.tensor);
    for (std::size_t i = 0; i < places.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            bool apart = false;
            for (std::size_t a = 0; a < b.extents.size(); ++a)
                apart = apart || std::abs(places[i][a] - places[j][a]) >= b.extents[a];
            if (!apart && places[i] != places[j])
                refuse("lanes whose tiles of " + design.tensor(b.tensor).name + " overlap in part", design.nest.where);
        }
    }
}

RtlPlaces find_places(const Design& design) {
    RtlPlaces places{1, 2, 3, 4, {}, {}, {}};
    for (int t = 0; t < 3; ++t) {
        const auto at = static_cast<std::size_t>(t);
        places.buffer_boundary[at] = design.find_boundary(t, places.buffer);
        if (places.buffer_boundary[at] < 0)
            refuse("a shared buffer without " + design.tensor(t).name, design.level(places.buffer).where);
        const int lanes = design.find_boundary(t, places.lanes);
        places.kept[at] = lanes >= 0;
        places.lane_boundary[at] = lanes >= 0 ? lanes : design.find_boundary(t, places.mac);
    }
    return places;
}

}  // namespace

int rtl_dimension(const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

RtlPlaces require_rtl(const Design& design) {
    require_levels(design);
    require_memories(design);
    require_workload(design);
    require_nest(design);
    const RtlPlaces places = find_places(design);
    for (int t = 0; t < 3; ++t) {
        const auto at = static_cast<std::size_t>(t);
        require_plain_tiles(design, places.buffer_boundary[at]);
        require_plain_tiles(design, places.lane_boundary[at]);
        require_plain_sharing(design, places.lane_boundary[at]);
    }
    return places;
}

}  // namespace accelsim
