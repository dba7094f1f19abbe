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

void require_levels(const Design& design, const RtlPlaces& places) {
    if (static_cast<int>(places.buffers.size()) > rtl_levels)
        refuse(fmt::format("{} memory levels (at most {})", places.buffers.size(), rtl_levels),
               design.level(places.buffers.back()).where);
    for (const Boundary& boundary : design.boundaries) {
        std::int64_t lanes = 1;
        for (int l = boundary.parent; l < boundary.child; ++l) lanes *= design.level(l).rows * design.level(l).columns;
        if (lanes > 256)
            refuse(fmt::format("{} instances of '{}' below one of '{}' (at most 256)", lanes, design.level(boundary.child).name,
                               design.level(boundary.parent).name),
                   design.level(boundary.child).where);
    }
}

void require_memory(const Memory& memory, const Level& level) {
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
}

void require_nest(const Design& design) {
    const Nest& nest = design.nest;
    if (nest.halo == Halo::reuse) refuse("'halo: reuse'", nest.where);
    if (nest.skip_gaps) refuse("'gaps: skip'", nest.where);
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

/// A fill gives back the space of a windowed parent up to the first word of the lowest later tile: its first lane's.
void require_plain_windows(const Design& design, const RtlPlaces& places, int boundary) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    const Tensor& tensor = design.tensor(b.tensor);
    const int outer = design.find_boundary(b.tensor, b.parent);
    if (tensor.is_output || outer < 0 || design.boundaries[static_cast<std::size_t>(outer)].window_words == 0) return;
    for (const Axis& axis : tensor.axes) {
        bool beyond = axis.offset < 0;
        for (const Term& term : axis.terms) {
            const auto d = static_cast<std::size_t>(term.dimension);
            beyond = beyond || design.issued[d] != design.workload.dimensions[d].bound;
        }
        if (beyond) {
            refuse("'windowed' at level '" + design.level(b.parent).name + "' with padding or 'round_up' of " + tensor.name,
                   design.level(b.parent).where);
        }
    }
    if (children_overlap(design, places, b)) {
        refuse("'windowed' at level '" + design.level(b.parent).name + "' with lanes whose tiles of " + tensor.name +
                   " overlap in part",
               design.level(b.parent).where);
    }
}

RtlPlaces find_places(const Design& design) {
    RtlPlaces places;
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        const Level& level = design.architecture.levels[l];
        if (level.is_buffer()) places.buffers.push_back(static_cast<int>(l));
        if (level.kind == LevelKind::array) places.fan_outs.push_back(static_cast<int>(l));
    }
    for (std::size_t t = 0; t < 3; ++t) {
        places.boundaries[t] = design.boundaries_of(static_cast<int>(t));
        places.kept[t] = design.direct[t];
    }
    for (const int boundary : places.all_boundaries()) places.movers.push_back({boundary, false});
    for (const int boundary : places.boundaries[2]) places.movers.push_back({boundary, true});
    return places;
}

}  // namespace

int rtl_dimension(const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

bool children_overlap(const Design& design, const RtlPlaces& places, const Boundary& boundary) {
    if (boundary.stream) return false;
    std::vector<RtlPosition> children;
    for (const RtlPosition& child :
         rtl_instances(design, places, places.outside(boundary.parent), places.outside(boundary.child))) {
        if (child.used) children.push_back(child);
    }
    const std::vector<std::vector<std::int64_t>> at = tile_places(design, boundary, children);
    for (std::size_t i = 0; i < at.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            bool apart = false;
            for (std::size_t a = 0; a < boundary.extents.size(); ++a)
                apart = apart || std::abs(at[i][a] - at[j][a]) >= boundary.extents[a];
            if (!apart && at[i] != at[j]) return true;
        }
    }
    return false;
}

RtlPlaces require_rtl(const Design& design) {
    require_workload(design);
    require_memories(design);
    require_nest(design);
    const RtlPlaces places = find_places(design);
    require_levels(design, places);
    for (int b = 0; b < static_cast<int>(design.boundaries.size()); ++b) {
        require_plain_tiles(design, b);
        require_plain_windows(design, places, b);
    }
    return places;
}

}  // namespace accelsim
