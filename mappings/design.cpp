// SPDX-License-Identifier: Apache-2.0
// Lowering: a readable list of small passes, each of which checks or derives one thing.
#include "mappings/design.hpp"

#include <algorithm>
#include <set>

#include "mappings/lowering.hpp"
#include "mappings/loop_walk.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t max_macs = std::int64_t{1} << 60;  // as of a workload

/// Strides from the innermost loop outwards; bounds are cut to what can be active (microarchitecture.md, 1).
void lower_loops(Design& design) {
    const auto& dimensions = design.workload.dimensions;
    design.issued.clear();
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
        const std::int64_t wanted = d < design.nest.issued.size() ? design.nest.issued[d] : 0;
        design.issued.push_back(std::max(dimensions[d].bound, wanted));
    }
    std::int64_t all = 1;
    for (const std::int64_t bound : design.issued) {
        if (bound > max_macs / all) {
            throw UserError(
                "with the tails that are rounded up the nest has more than 2^60 MACs; use smaller bounds or tail: guard",
                design.nest.where);
        }
        all *= bound;
    }
    std::vector<std::int64_t> inner(dimensions.size(), 1);
    design.loops.clear();
    for (std::size_t i = design.nest.loops.size(); i-- > 0;) {
        const Loop& loop = design.nest.loops[i];
        const auto d = static_cast<std::size_t>(loop.dimension);
        const std::int64_t useful = (design.issued[d] + inner[d] - 1) / inner[d];
        const std::int64_t bound = std::min(loop.bound, useful);
        design.loops.push_back({loop.dimension, bound, inner[d], loop.level, loop.kind});
        inner[d] *= bound;
    }
    std::reverse(design.loops.begin(), design.loops.end());
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
        if (inner[d] < design.issued[d]) {
            throw UserError("the loops of dimension " + dimensions[d].name + " cover " + std::to_string(inner[d]) + " of " +
                                std::to_string(design.issued[d]) + "; their bounds must multiply to at least that",
                            design.nest.where);
        }
    }
}

void find_keepers(Design& design) {
    const auto& tensors = design.workload.tensors;
    const auto& levels = design.architecture.levels;
    design.keepers.assign(tensors.size(), {0});
    for (std::size_t l = 1; l < levels.size(); ++l) {
        if (!levels[l].is_buffer()) continue;
        const auto bypass = design.nest.bypass.find(static_cast<int>(l));
        bool used = false;
        for (std::size_t t = 0; t < tensors.size(); ++t) {
            const auto& keeps = levels[l].keeps;
            const bool can = levels[l].keeps_all || std::find(keeps.begin(), keeps.end(), tensors[t].name) != keeps.end();
            const bool may = bypass == design.nest.bypass.end() ||
                             std::find(bypass->second.begin(), bypass->second.end(), static_cast<int>(t)) == bypass->second.end();
            if (can && may) design.keepers[t].push_back(static_cast<int>(l));
            used = used || (can && may);
        }
        if (!used) {
            throw UserError("level '" + levels[l].name + "' is used by no tensor; remove it or let it keep one", levels[l].where);
        }
    }
}

std::int64_t network_latency(const Design& design, const Boundary& boundary) {
    std::int64_t latency = 0;
    for (int l = boundary.parent + 1; l < boundary.child; ++l) {
        const Level& level = design.level(l);
        if (level.kind == LevelKind::array) latency += level.network(design.tensor(boundary.tensor).name).latency_cycles;
    }
    return latency;
}

void time_boundary(const Design& design, Boundary& boundary) {
    const Memory& parent = design.memory(boundary.parent, boundary.tensor);
    const std::int64_t network = network_latency(design, boundary);
    boundary.flight_down = parent.latency_cycles + network;
    boundary.flight_up = network;
    for (int l = boundary.parent + 1; l < boundary.child; ++l) boundary.flight_up += systolic_skew(design, l);
    if (boundary.stream) {
        const bool output = design.tensor(boundary.tensor).is_output;
        const std::int64_t mac = design.architecture.levels.back().latency_cycles;
        boundary.depth = 1 + boundary.flight_down + (output ? mac + 1 : 0) + 2;
    } else {
        boundary.depth = design.memory(boundary.child, boundary.tensor).depth;
    }
}

/// W and, in place of slots, how many tiles can stand in it in part.
void open_window(const Design& design, Boundary& boundary) {
    if (boundary.stream || !design.memory(boundary.child, boundary.tensor).windowed) return;
    boundary.window_words = window_share_bytes(design, boundary) * 8 / design.tensor(boundary.tensor).bits;
    check_window(design, boundary);
    boundary.depth = boundary.window_words / boundary.tile_words + 3;
}

Boundary make_boundary(const Design& design, int tensor, int parent, int child, bool stream) {
    Boundary boundary;
    boundary.tensor = tensor;
    boundary.parent = parent;
    boundary.child = child;
    boundary.stream = stream;
    boundary.above = temporal_loops_above(design, child);
    boundary.extents = nominal_extents(design, tensor, child);
    boundary.tile_words = 1;
    for (std::int64_t extent : boundary.extents) boundary.tile_words *= extent;
    time_boundary(design, boundary);
    open_window(design, boundary);
    const bool output = design.tensor(tensor).is_output;
    boundary.reuses_halo = design.nest.halo == Halo::reuse && !stream && !output;
    for (int l = parent + 1; l < child && output; ++l) {
        const Level& level = design.level(l);
        const bool adds =
            level.kind != LevelKind::array || level.network(design.tensor(tensor).name).reduction != Reduction::none;
        boundary.accumulates = boundary.accumulates || !adds;
    }
    return boundary;
}

void find_accumulators(Design& design) {
    int outer = -1;
    for (int b : design.boundaries_of(design.workload.output_index())) {
        Boundary& boundary = design.boundaries[static_cast<std::size_t>(b)];
        boundary.accumulated_in = outer;
        if (boundary.accumulates) outer = b;
    }
}

void make_boundaries(Design& design) {
    const int mac = design.architecture.mac_level();
    design.boundaries.clear();
    design.direct.assign(design.workload.tensors.size(), false);
    for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
        const auto& keepers = design.keepers[t];
        for (std::size_t i = 1; i < keepers.size(); ++i) {
            design.boundaries.push_back(make_boundary(design, static_cast<int>(t), keepers[i - 1], keepers[i], false));
        }
        // Direct: the innermost buffer (not DRAM) stands right above the MAC and keeps the tensor.
        design.direct[t] = keepers.back() == mac - 1 && keepers.back() > 0;
        if (!design.direct[t]) {
            design.boundaries.push_back(make_boundary(design, static_cast<int>(t), keepers.back(), mac, true));
        }
    }
    std::stable_sort(design.boundaries.begin(), design.boundaries.end(), [](const Boundary& a, const Boundary& b) {
        return a.child != b.child ? a.child < b.child : a.tensor < b.tensor;
    });
    find_accumulators(design);
}

void count_instances(Design& design) {
    design.instances.assign(design.architecture.levels.size(), 1);
    for (std::size_t l = 0; l < design.instances.size(); ++l) {
        for (const LoweredLoop& loop : design.loops) {
            if (!loop.is_temporal() && loop.level < static_cast<int>(l)) design.instances[l] *= loop.bound;
        }
    }
}

void count_steps(Design& design) {
    const std::vector<int> temporal = temporal_loops_above(design, design.architecture.mac_level());
    design.steps = 1;
    for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d) {
        design.steps *= count_dimension_values(design, temporal, static_cast<int>(d), 0);
    }
}

}  // namespace

std::vector<std::int64_t> spans_inside(const Design& design, int level) {
    std::vector<std::int64_t> spans(design.workload.dimensions.size(), 1);
    for (const LoweredLoop& loop : design.loops) {
        // A temporal loop of the level itself iterates inside its tile; so does everything further in.
        if (loop.level >= level) spans[static_cast<std::size_t>(loop.dimension)] *= loop.bound;
    }
    return spans;
}

std::vector<std::int64_t> nominal_extents(const Design& design, int tensor, int level) {
    std::vector<std::int64_t> spans = spans_inside(design, level);
    for (std::size_t d = 0; d < spans.size(); ++d) spans[d] = std::min(spans[d], design.issued[d]);
    return axis_extents(design.tensor(tensor), spans);
}

std::vector<std::int64_t> storage_extents(const Design& design, int tensor, int level) {
    return axis_extents(design.tensor(tensor), spans_inside(design, level));
}

std::vector<std::int64_t> axis_extents(const Tensor& tensor, const std::vector<std::int64_t>& spans) {
    std::vector<std::int64_t> extents;
    for (const Axis& axis : tensor.axes) extents.push_back(axis_extent(axis, [&](std::size_t d) { return spans[d]; }));
    return extents;
}

const Memory& Design::memory(int level_index, int tensor_index) const {
    return level(level_index).memory(tensor(tensor_index).name);
}

std::int64_t Design::padding_macs() const {
    std::int64_t all = 1;
    for (std::int64_t bound : issued) all *= bound;
    return all - workload.macs();
}

int Design::find_boundary(int tensor_index, int child) const {
    for (std::size_t i = 0; i < boundaries.size(); ++i) {
        if (boundaries[i].tensor == tensor_index && boundaries[i].child == child) return static_cast<int>(i);
    }
    return -1;
}

std::vector<int> Design::boundaries_of(int tensor_index) const {
    std::vector<int> result;
    for (std::size_t i = 0; i < boundaries.size(); ++i) {
        if (boundaries[i].tensor == tensor_index) result.push_back(static_cast<int>(i));
    }
    return result;
}

Design lower(const Workload& workload, const Architecture& architecture, const Nest& nest, const std::string& name) {
    validate(workload);
    validate(architecture);
    Design design;
    design.name = name;
    design.workload = workload;
    design.architecture = architecture;
    design.nest = nest;
    check_names(design);
    check_loops(design);
    lower_loops(design);
    find_keepers(design);
    make_boundaries(design);
    count_instances(design);
    count_steps(design);
    check_tails(design);
    check_counts(design);
    check_capacities(design);
    check_widths(design);
    check_ports(design);
    check_bursts(design);
    check_networks(design);
    design.dataflow = dataflow_name(design);
    return design;
}

}  // namespace accelsim
