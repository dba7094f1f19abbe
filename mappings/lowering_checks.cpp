// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "mappings/lowering.hpp"
#include "mappings/port_pools.hpp"

namespace accelsim {

namespace {

void require_tensor(const Design& design, const Level& level, const std::string& name, const char* key) {
    if (design.workload.find_tensor(name) >= 0) return;
    std::string known;
    for (const Tensor& tensor : design.workload.tensors) known += (known.empty() ? "" : ", ") + tensor.name;
    throw UserError(
        "level '" + level.name + "': " + key + " names '" + name + "', which is no tensor of the workload (" + known + ")",
        level.where);
}

constexpr double max_words = 0x1p60;  // of a boundary: sums of several stay within 64 bits

const char* axis_name(LoopKind kind) { return kind == LoopKind::rows ? "rows" : "columns"; }

/// True when two lanes that differ in this loop can need a common word although the tensor depends on the loop's dimension.
bool shares_off_axis(const Design& design, const Boundary& boundary, const std::vector<int>& spatial, int loop_index) {
    const LoweredLoop& loop = design.loops[static_cast<std::size_t>(loop_index)];
    const Tensor& tensor = design.tensor(boundary.tensor);
    for (std::size_t a = 0; a < tensor.axes.size(); ++a) {
        std::int64_t step = 0;
        std::int64_t reach = boundary.extents[a] - 1;
        for (const Term& term : tensor.axes[a].terms) {
            if (term.dimension == loop.dimension) step = term.coefficient * loop.stride;
        }
        if (step == 0) continue;
        // What other spatial loops of *other* dimensions on this axis add to the reach of a lane's box.
        for (int other : spatial) {
            const LoweredLoop& o = design.loops[static_cast<std::size_t>(other)];
            for (const Term& term : tensor.axes[a].terms) {
                if (term.dimension == o.dimension && o.dimension != loop.dimension) {
                    reach += term.coefficient * o.stride * (o.bound - 1);
                }
            }
        }
        return reach >= step;
    }
    return false;
}

}  // namespace

std::vector<int> spatial_loops_between(const Design& design, int parent, int child) {
    std::vector<int> result;
    for (std::size_t i = 0; i < design.loops.size(); ++i) {
        const LoweredLoop& loop = design.loops[i];
        if (!loop.is_temporal() && loop.level > parent && loop.level < child) result.push_back(static_cast<int>(i));
    }
    return result;
}

void check_names(const Design& design) {
    for (const Level& level : design.architecture.levels) {
        for (const std::string& name : level.keeps) require_tensor(design, level, name, "keeps");
        for (const auto& [name, bytes] : level.partitions) require_tensor(design, level, name, "partitions");
        for (const auto& [name, memory] : level.memories) require_tensor(design, level, name, "memories");
        for (const auto& [name, network] : level.networks) require_tensor(design, level, name, "networks");
        for (const PortSet& set : level.port_sets) {
            for (const std::string& name : set.tensors) require_tensor(design, level, name, "ports");
        }
    }
}

void check_ports(const Design& design) {
    const PortPools pools(design);
    std::vector<int> left;
    for (const PortPool& pool : pools.pools()) left.push_back(pool.ports);
    for (const int pool : pools.mac_needs()) {
        if (--left[static_cast<std::size_t>(pool)] >= 0) continue;
        const Level& level = design.level(design.architecture.mac_level() - 1);
        throw UserError("level '" + level.name +
                            "': with mac_ports: shared a step needs more ports than there are; it reads each operand, "
                            "and reads and writes the output: add ports or memories, or give the MAC ports of its own",
                        level.where);
    }
}

void check_loops(const Design& design) {
    int previous = 0;
    std::map<std::pair<int, LoopKind>, std::int64_t> used;
    for (const Loop& loop : design.nest.loops) {
        const Level& level = design.level(loop.level);
        const std::string name = design.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name;
        if (loop.bound < 1) throw UserError("loop " + name + " must have a bound of 1 or more", loop.where);
        if (loop.level < previous)
            throw UserError("loop " + name + " stands at a level further out than the one before", loop.where);
        previous = loop.level;
        if ((loop.kind == LoopKind::temporal) != level.is_buffer()) {
            throw UserError("loop " + name + ": level '" + level.name + "' takes " +
                                (level.is_buffer() ? "temporal loops (for)" : "spatial loops (rows, columns)") + " only",
                            loop.where);
        }
        if (loop.kind == LoopKind::temporal) continue;
        const std::int64_t size = loop.kind == LoopKind::rows ? level.rows : level.columns;
        std::int64_t& product = used.try_emplace({loop.level, loop.kind}, 1).first->second;
        if (loop.bound > size / product) {
            throw UserError(
                "spatial loop " + name + " of " + std::to_string(loop.bound) +
                    (product > 1 ? " (with the others on the axis " + std::to_string(product * loop.bound) + ")" : "") +
                    " is larger than the " + std::to_string(size) + " " + axis_name(loop.kind) + " of '" + level.name + "'",
                loop.where);
        }
        product *= loop.bound;
    }
}

bool tail_is_masked(const Workload& workload, int dimension) {
    if (!workload.is_reduction(dimension)) return true;
    for (const Tensor& tensor : workload.tensors) {
        for (const Axis& axis : tensor.axes) {
            if (axis.terms.size() == 1 && axis.terms[0].dimension == dimension && axis.offset == 0) return true;
        }
    }
    return false;
}

void check_tails(const Design& design) {
    for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d) {
        const int dimension = static_cast<int>(d);
        std::int64_t cover = 1;
        for (const LoweredLoop& loop : design.loops) cover *= loop.dimension == dimension ? loop.bound : 1;
        if (cover == design.workload.dimensions[d].bound) continue;
        if (!tail_is_masked(design.workload, dimension)) {
            throw UserError(
                "the loops of reduction dimension " + design.workload.dimensions[d].name + " reach " + std::to_string(cover) +
                    ", beyond its bound " + std::to_string(design.workload.dimensions[d].bound) +
                    ", and no operand has it as an axis of its own that could mask the tail; use bounds that divide it",
                design.nest.where);
        }
    }
}

void check_widths(const Design& design) {
    for (const Boundary& boundary : design.boundaries) {
        const Tensor& tensor = design.tensor(boundary.tensor);
        const auto require = [&](const Level& level, int width, const char* what) {
            if (width >= tensor.bits) return;
            throw UserError("level '" + level.name + "': a " + std::string(what) + " of " + std::to_string(width) +
                                " bit cannot carry " + tensor.name + " (" + std::to_string(tensor.bits) + " bit); widen it",
                            level.where);
        };
        require(design.level(boundary.parent), design.memory(boundary.parent, boundary.tensor).width_bits, "port");
        if (!boundary.stream)
            require(design.level(boundary.child), design.memory(boundary.child, boundary.tensor).width_bits, "port");
        for (int l = boundary.parent + 1; l < boundary.child; ++l) {
            const Level& level = design.level(l);
            if (level.kind != LevelKind::array) continue;
            const int width = level.network(tensor.name).width_bits;
            if (width > 0) require(level, width, "network");
        }
    }
}

void check_bursts(const Design& design) {
    const Level& dram = design.level(0);
    if (!dram.bursts) return;
    for (const Tensor& tensor : design.workload.tensors) {
        if (dram.bursts->burst_bytes * 8 < tensor.bits)
            throw UserError("level '" + dram.name + "': bursts of " + std::to_string(dram.bursts->burst_bytes) +
                                " B are smaller than an element of " + tensor.name,
                            dram.where);
        const auto layout = dram.bursts->layouts.find(tensor.name);
        if (layout == dram.bursts->layouts.end()) continue;
        std::set<int> named(layout->second.order.begin(), layout->second.order.end());
        const bool all = named.size() == tensor.axes.size() && layout->second.order.size() == named.size() &&
                         *named.begin() == 0 && *named.rbegin() == static_cast<int>(named.size()) - 1;
        if (!all)
            throw UserError("level '" + dram.name + "': the layout of " + tensor.name + " must name each of its " +
                                std::to_string(tensor.axes.size()) + " axes once",
                            dram.where);
    }
    for (const Boundary& boundary : design.boundaries) {
        if (boundary.parent == 0 && boundary.accumulates)
            throw UserError("level '" + dram.name +
                                "': a detailed DRAM does not add, and with reduction none nothing else does; keep " +
                                design.tensor(boundary.tensor).name + " in a buffer in between, or reduce in the network",
                            dram.where);
    }
}

void check_counts(const Design& design) {
    for (const Boundary& boundary : design.boundaries) {
        double words = static_cast<double>(boundary.tile_words) *
                       static_cast<double>(design.instances[static_cast<std::size_t>(boundary.child)]);
        for (const int l : boundary.above) words *= static_cast<double>(design.loops[static_cast<std::size_t>(l)].bound);
        int longest = 1;  // way along an array
        for (int l = boundary.parent + 1; l < boundary.child; ++l) {
            const Level& level = design.level(l);
            if (level.kind == LevelKind::array && is_systolic(level, design.tensor(boundary.tensor)))
                longest = std::max({longest, level.rows, level.columns});
        }
        if (words * longest > max_words)
            throw UserError("the words of " + design.tensor(boundary.tensor).name + " that move to " +
                                design.level(boundary.child).name +
                                " may be more than 2^60 (iterations x words of a tile x instances, and the hops between "
                                "neighbours), which is more than is counted; use smaller bounds",
                            design.nest.where);
    }
}

void check_networks(const Design& design) {
    for (const Boundary& boundary : design.boundaries) {
        const Tensor& tensor = design.tensor(boundary.tensor);
        if (tensor.is_output) continue;
        const std::vector<int> spatial = spatial_loops_between(design, boundary.parent, boundary.child);
        for (int index : spatial) {
            const LoweredLoop& loop = design.loops[static_cast<std::size_t>(index)];
            const Level& level = design.level(loop.level);
            if (level.network(tensor.name).transport != Transport::systolic || loop.bound == 1) continue;
            if (shares_off_axis(design, boundary, spatial, index)) {
                throw UserError("level '" + level.name + "': " + tensor.name +
                                    " cannot travel systolic, because lanes that differ in " +
                                    design.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name +
                                    " share words off the axis; use multicast",
                                level.where);
            }
        }
    }
}

std::string dataflow_name(const Design& design) {
    const auto axis = [&](int level, LoopKind kind) {
        std::string name;
        // The adjacent loop is the last in the nest and the first in the name.
        for (std::size_t i = design.loops.size(); i-- > 0;) {
            const LoweredLoop& loop = design.loops[i];
            if (loop.level == level && loop.kind == kind && loop.bound > 1) {
                name += design.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name;
            }
        }
        return name;
    };
    std::string result;
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        if (design.architecture.levels[l].kind != LevelKind::array) continue;
        const std::string rows = axis(static_cast<int>(l), LoopKind::rows);
        const std::string columns = axis(static_cast<int>(l), LoopKind::columns);
        if (rows.empty() && columns.empty()) continue;
        if (!result.empty()) result += " / ";
        result += rows.empty() ? columns : columns.empty() ? rows : rows + " | " + columns;
    }
    return result.empty() ? "temporal" : result;
}

bool is_systolic(const Level& array, const Tensor& tensor) {
    const Network& network = array.network(tensor.name);
    return tensor.is_output ? network.reduction == Reduction::systolic : network.transport == Transport::systolic;
}

std::int64_t systolic_skew(const Design& design, int level) {
    std::int64_t skew = 0;
    if (design.level(level).kind != LevelKind::array) return 0;
    for (LoopKind kind : {LoopKind::rows, LoopKind::columns}) {
        bool carries = false;
        std::int64_t adjacent = 1;
        for (const LoweredLoop& loop : design.loops) {
            if (loop.level != level || loop.kind != kind) continue;
            adjacent = loop.bound;  // the last one on the axis
            for (const Tensor& tensor : design.workload.tensors) {
                carries = carries || (is_systolic(design.level(level), tensor) && !tensor.depends_on(loop.dimension));
            }
        }
        if (carries) skew += adjacent - 1;
    }
    return skew;
}

}  // namespace accelsim
