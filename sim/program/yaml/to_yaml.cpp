// SPDX-License-Identifier: Apache-2.0
// From plain values back to YAML text: what is written beside every result.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "sim/program/yaml/load_run.hpp"
#include "sim/program/yaml/projection.hpp"
#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

template <class Enum>
const std::string& name_of(const std::vector<std::string>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

/// Bare when it can only be read as this word, else in double quotes.
std::string text_value(const std::string& text) {
    const bool letters = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
    const bool first = !text.empty() && (std::isalpha(static_cast<unsigned char>(text[0])) != 0 || text[0] == '_');
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (letters && first && lower != "null") return text;
    return quoted_yaml(text);
}

std::int64_t coefficient(const Axis& axis, int dimension) {
    for (const Term& term : axis.terms)
        if (term.dimension == dimension) return term.coefficient;
    return 1;
}

std::string conv2d_yaml(const Workload& workload) {
    const std::vector<Axis>& axes = workload.tensors[0].axes;
    const Axis& rows = axes[axes.size() - 2];
    const Axis& columns = axes[axes.size() - 1];
    const auto pair = [&](const char* y, const char* x) {
        return fmt::format("[{}, {}]", coefficient(rows, workload.find_dimension(y)),
                           coefficient(columns, workload.find_dimension(x)));
    };
    return fmt::format("  stride: {}\n  dilation: {}\n  padding: [{}, {}]\n", pair("Y", "X"), pair("FY", "FX"), -rows.offset,
                       -columns.offset);
}

std::string tensors_yaml(const Workload& workload) {
    std::string text = "  tensors:\n";
    for (const Tensor& tensor : workload.tensors) {
        std::vector<std::string> axes;
        for (const Axis& axis : tensor.axes) axes.push_back(text_value(format_axis(axis, workload.dimensions)));
        text += fmt::format("    - {{name: {}, axes: [{}], bits: {}, output: {}}}\n", tensor.name, fmt::join(axes, ", "),
                            tensor.bits, tensor.is_output);
    }
    return text;
}

std::string workload_yaml(const Workload& workload) {
    const bool convolution = workload.type == "conv2d" || workload.type == "depthwise";
    const bool built_in = convolution || workload.type == "gemm" || workload.type == "fc";
    std::vector<std::string> bounds;
    for (const Dimension& dimension : workload.dimensions)
        bounds.push_back(fmt::format("{}: {}", dimension.name, dimension.bound));
    std::string text = fmt::format("workload:\n  name: {}\n  type: {}\n  dimensions: {{{}}}\n", text_value(workload.name),
                                   built_in ? workload.type : "einsum", fmt::join(bounds, ", "));
    if (!built_in) return text + tensors_yaml(workload);
    if (convolution) text += conv2d_yaml(workload);
    const auto& tensors = workload.tensors;
    return text +
           fmt::format("  bits: {{input: {}, weight: {}, output: {}}}\n", tensors[0].bits, tensors[1].bits, tensors[2].bits);
}

std::string ports_yaml(const Ports& ports) {
    return ports.shared ? fmt::format("{}rw", ports.reads) : fmt::format("{}r{}w", ports.reads, ports.writes);
}

std::string port_sets_yaml(const Memory& memory) {
    if (memory.port_sets.empty()) return ports_yaml(memory.ports);
    std::vector<std::string> sets;
    for (const PortSet& set : memory.port_sets)
        sets.push_back(fmt::format("{{tensors: [{}], ports: {}}}", fmt::join(set.tensors, ", "), ports_yaml(set.ports)));
    return fmt::format("[{}]", fmt::join(sets, ", "));
}

std::string banks_yaml(const Memory& memory) {
    std::string text;
    if (memory.interleave != Interleave::none) text = fmt::format(", banks: {}", memory.banks);
    if (memory.interleave == Interleave::tensor) text += ", interleave: tensor";
    if (memory.burst_grants) text += ", grant: burst";
    if (memory.mac_shares_ports) text += ", mac_ports: shared";
    return text;
}

std::string figures_yaml(const Memory& memory) {
    return fmt::format(
        ", width_bits: {}, latency_cycles: {}, ports: {}{}, arbitration: {}, "
        "energy: {{read_pj: {}, write_pj: {}, bits: {}}}",
        memory.width_bits, memory.latency_cycles, port_sets_yaml(memory), banks_yaml(memory),
        name_of(arbitration_names(), memory.arbitration), memory.energy.read_pj, memory.energy.write_pj,
        memory.energy.reference_bits);
}

std::string slots_yaml(const Memory& memory) {
    return memory.windowed ? ", windowed: true" : fmt::format(", depth: {}", memory.depth);
}

std::string memory_yaml(const Level& level) {
    std::string text;
    if (level.kind == LevelKind::dram) {
        const std::string capacity = level.capacity_bytes == 0 ? "unlimited" : format_bytes(level.capacity_bytes);
        text = fmt::format(", model: {}, capacity: {}", level.bursts ? "detailed" : "ideal", capacity);
        if (level.bursts) text += bursts_yaml(*level.bursts);
    } else {
        std::vector<std::string> partitions;
        for (const auto& [tensor, bytes] : level.partitions)
            partitions.push_back(fmt::format("{}: {}", tensor, format_bytes(bytes)));
        const std::string keeps = level.keeps_all ? "all" : fmt::format("[{}]", fmt::join(level.keeps, ", "));
        std::vector<std::string> memories;
        for (const auto& [tensor, memory] : level.memories)
            memories.push_back(fmt::format("{}: {{capacity: {}{}{}}}", tensor, format_bytes(memory.capacity_bytes),
                                           slots_yaml(memory), figures_yaml(memory)));
        text = fmt::format(", keeps: {}, memories: {{{}}}", keeps, fmt::join(memories, ", "));
        if (level.capacity_bytes == 0) return text;  // every tensor has a memory of its own
        text += fmt::format(", capacity: {}, partitions: {{{}}}{}", format_bytes(level.capacity_bytes),
                            fmt::join(partitions, ", "), slots_yaml(level));
    }
    return text + figures_yaml(level);
}

std::string array_yaml(const Level& level, const Workload& workload) {
    std::vector<std::string> networks;
    for (const Tensor& tensor : workload.tensors) {
        const Network& network = level.network(tensor.name);
        const std::string reduction =
            tensor.is_output ? fmt::format(", reduction: {}", name_of(reduction_names(), network.reduction)) : "";
        networks.push_back(fmt::format("{}: {{transport: {}{}, latency_cycles: {}, width_bits: {}}}", tensor.name,
                                       name_of(transport_names(), network.transport), reduction, network.latency_cycles,
                                       network.width_bits));
    }
    return fmt::format(", rows: {}, columns: {}, networks: {{{}}}, hop_pj: {}, delivery_pj: {}", level.rows, level.columns,
                       fmt::join(networks, ", "), level.hop_pj, level.delivery_pj);
}

/// ", rows: [C: 16]" as it is written: the loops of an axis adjacent first.
std::string loops_yaml(const RunConfig& config, int level, LoopKind kind, const char* key) {
    std::vector<std::string> loops;
    for (const Loop& loop : config.nest.loops)
        if (loop.level == level && loop.kind == kind)
            loops.push_back(
                fmt::format("{}: {}", config.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name, loop.bound));
    if (kind != LoopKind::temporal) std::reverse(loops.begin(), loops.end());
    return loops.empty() ? "" : fmt::format(", {}: [{}]", key, fmt::join(loops, ", "));
}

std::string tail_yaml(const RunConfig& config) {
    std::vector<std::string> issued;
    for (std::size_t d = 0; d < config.nest.issued.size(); ++d)
        if (config.nest.issued[d] > config.workload.dimensions[d].bound)
            issued.push_back(fmt::format("{}: {}", config.workload.dimensions[d].name, config.nest.issued[d]));
    return issued.empty() ? "guard" : fmt::format("{{{}}}", fmt::join(issued, ", "));
}

/// What holds for every nest, searched or given.
std::string rules_yaml(const RunConfig& config) {
    const std::vector<Level>& levels = config.architecture.levels;
    std::vector<std::string> bypasses;
    for (const auto& [level, tensors] : config.nest.bypass) {
        std::vector<std::string> names;
        for (const int tensor : tensors) names.push_back(config.workload.tensors[static_cast<std::size_t>(tensor)].name);
        bypasses.push_back(fmt::format("{}: [{}]", levels[static_cast<std::size_t>(level)].name, fmt::join(names, ", ")));
    }
    return fmt::format("  bypass: {{{}}}\n  halo: {}\n  gaps: {}\n  partials: {}\n", fmt::join(bypasses, ", "),
                       name_of(halo_names(), config.nest.halo), gaps_names()[config.nest.skip_gaps ? 1 : 0],
                       name_of(partials_names(), config.nest.partials));
}

/// The part of a run that is still to be searched.
std::string search_yaml(const RunConfig& config, const SearchSpace& space) {
    const auto dimension = [&](int index) { return config.workload.dimensions[static_cast<std::size_t>(index)].name; };
    std::string hints;
    for (const SearchHint& hint : space.hints) {
        hints += fmt::format("      - {{dimension: {}, level: {}", dimension(hint.dimension),
                             config.architecture.levels[static_cast<std::size_t>(hint.level)].name);
        if (hint.trips) hints += fmt::format(", trips: {}", *hint.trips);
        if (hint.unroll) hints += fmt::format(", unroll: {}", *hint.unroll);
        if (hint.order) hints += fmt::format(", order: {}", *hint.order);
        hints += "}\n";
    }
    std::vector<std::string> replicate;
    for (const int index : space.replicate) replicate.push_back(dimension(index));
    std::string text = fmt::format(
        "mapping:\n  auto:\n    hints:{}{}    replicate: [{}]\n    replication: {}\n    min_utilization: {}\n    half_full: {}\n",
        hints.empty() ? " []\n" : "\n", hints, fmt::join(replicate, ", "), space.replication, space.min_utilization,
        space.half_full);
    text += fmt::format("    rules: {}\n", search_rules_names()[space.program_rules ? 1 : 0]);
    if (space.memories)
        text += fmt::format("    memories: {{capacity_scale: [{}], access_cost_scale: [{}], points: [{}]}}\n",
                            fmt::join(space.memories->capacity_scale, ", "), fmt::join(space.memories->access_cost_scale, ", "),
                            fmt::join(space.memories->points, ", "));
    return text + rules_yaml(config);
}

std::string mapping_yaml(const RunConfig& config) {
    if (config.search) return search_yaml(config, *config.search);
    const std::vector<Level>& levels = config.architecture.levels;
    std::string nest;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const auto level = static_cast<int>(i);
        const std::string loops = loops_yaml(config, level, LoopKind::temporal, "for") +
                                  loops_yaml(config, level, LoopKind::rows, "rows") +
                                  loops_yaml(config, level, LoopKind::columns, "columns");
        if (!loops.empty()) nest += fmt::format("    - {{level: {}{}}}\n", levels[i].name, loops);
    }
    return fmt::format("mapping:\n  nest:{}{}  tail: {}\n{}", nest.empty() ? " []\n" : "\n", nest, tail_yaml(config),
                       rules_yaml(config));
}

std::string timeloop_yaml(const TimeloopFigures& figures) {
    if (figures.bandwidths.empty() && figures.update_pj.empty() && figures.network_latency_cycles == 0 && figures.links)
        return "";
    std::vector<std::string> bandwidths;
    for (const auto& [level, b] : figures.bandwidths)
        bandwidths.push_back(fmt::format("{}: {{read: {}, write: {}, shared: {}}}", level, b.read, b.write, b.shared));
    std::vector<std::string> updates;
    for (const auto& [level, pj] : figures.update_pj) updates.push_back(fmt::format("{}: {}", level, pj));
    const std::string update_pj = updates.empty() ? "" : fmt::format(", update_pj: {{{}}}", fmt::join(updates, ", "));
    return fmt::format("  timeloop: {{bandwidths: {{{}}}{}, network_latency_cycles: {}, links: {}}}\n",
                       fmt::join(bandwidths, ", "), update_pj, figures.network_latency_cycles, figures.links);
}

}  // namespace

std::string to_yaml(const Architecture& architecture, const Workload& workload) {
    std::string text = fmt::format("architecture:\n  name: {}\n  clock_mhz: {}\n  levels:\n", text_value(architecture.name),
                                   architecture.clock_mhz);
    for (const Level& level : architecture.levels) {
        std::string rest;
        if (level.is_buffer()) rest = memory_yaml(level);
        if (level.kind == LevelKind::array) rest = array_yaml(level, workload);
        if (level.kind == LevelKind::mac)
            rest = fmt::format(", latency_cycles: {}, operand_latch: {}, energy_pj: {}", level.latency_cycles,
                               level.operand_latch, level.mac_pj);
        text += fmt::format("    - {{name: {}, type: {}{}}}\n", level.name, name_of(level_kind_names(), level.kind), rest);
    }
    return text + timeloop_yaml(architecture.timeloop);
}

std::string to_yaml(const RunConfig& config) {
    std::string data = config.data.on ? fmt::format("data: {{seed: {}", config.data.seed) : "data: off";
    for (const auto& [tensor, file] : config.data.files) data += fmt::format(", {}: {}", tensor, text_value(file));
    if (config.data.on) data += "}";
    return fmt::format("name: {}\n", text_value(config.name)) + workload_yaml(config.workload) +
           to_yaml(config.architecture, config.workload) + mapping_yaml(config) + data + "\n" +
           fmt::format("simulation: {{advance: {}, max_cycles: {}}}\n", name_of(advance_names(), config.advance),
                       config.max_cycles);
}

}  // namespace accelsim
