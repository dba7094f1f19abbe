// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/load_compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "sim/program/yaml/edit_yaml.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

struct NamedTree {
    std::string name;
    Yaml tree;
};

/// Any workload has the tensors that machines name.
const Workload& any_workload() {
    static const Workload workload = make_gemm(1, 1, 1);
    return workload;
}

Architecture read_machine(const NamedTree& machine) {
    return read_architecture(machine.tree, machine.name, any_workload(), std::nullopt).architecture;
}

NamedTree load_named(const Yaml& node, const std::string& kind, const std::string& other = "") {
    NamedTree result;
    result.tree = load_section(node, kind, &result.name, other);
    if (const Yaml* name = result.tree.find("name")) result.name = to_word(*name, "'name'");
    return result;
}

/// The two factors of `product` whose ratio is nearest to rows : columns; an axis of one stays one.
std::pair<std::int64_t, std::int64_t> in_proportion(std::int64_t product, std::int64_t rows, std::int64_t columns) {
    if (rows == 1) return {1, product};
    if (columns == 1) return {product, 1};
    const double wanted = std::log(static_cast<double>(rows) / static_cast<double>(columns));
    std::pair<std::int64_t, std::int64_t> best = {product, 1};
    double nearest = INFINITY;
    for (std::int64_t r = 1; r <= product; ++r) {
        if (product % r != 0) continue;
        const std::int64_t c = product / r;
        const double distance = std::abs(std::log(static_cast<double>(r) / static_cast<double>(c)) - wanted);
        if (distance < nearest) nearest = distance, best = {r, c};
    }
    return best;
}

void make_macs_equal(NamedTree& machine, std::int64_t macs, const Location& where) {
    const Architecture architecture = read_machine(machine);
    int array = -1;
    for (std::size_t l = 0; l < architecture.levels.size(); ++l)
        if (architecture.levels[l].kind == LevelKind::array) array = static_cast<int>(l);
    if (array < 0) throw UserError(fmt::format("'macs': {} has no array that could be changed", machine.name), where);
    const Level& level = architecture.levels[static_cast<std::size_t>(array)];
    const std::int64_t outer = architecture.lanes() / level.rows / level.columns;
    if (macs % outer != 0)
        throw UserError(fmt::format("'macs': {} has {} instances of its array '{}', which do not divide {}", machine.name, outer,
                                    level.name, macs),
                        where);
    const auto [rows, columns] = in_proportion(macs / outer, level.rows, level.columns);
    Yaml& node = machine.tree.find("levels")->items[static_cast<std::size_t>(array)];
    set_entry(node, "rows", std::to_string(rows), where);
    set_entry(node, "columns", std::to_string(columns), where);
}

/// Bytes of the buffers outside the innermost array, all instances together, and of those inside.
struct OnChip {
    std::int64_t outer = 0;
    std::int64_t inner = 0;
};

OnChip split_on_chip(const Architecture& architecture) {
    OnChip bytes;
    std::int64_t instances = 1;
    for (const Level& level : architecture.levels) {
        if (level.kind == LevelKind::buffer) bytes.inner += instances * level.total_capacity_bytes();
        if (level.kind != LevelKind::array) continue;
        instances *= std::int64_t{level.rows} * level.columns;
        bytes.outer += std::exchange(bytes.inner, 0);
    }
    return bytes;
}

/// Capacity, partitions and memories of one buffer, all by the same factor.
void scale_buffer(Yaml& node, const Level& level, double factor, const Location& where) {
    const auto scale = [&](Yaml& memory, const char* key, std::int64_t capacity) {
        const auto scaled = static_cast<std::int64_t>(std::floor(static_cast<double>(capacity) * factor));
        set_entry(memory, key, fmt::format("{} B", std::max<std::int64_t>(1, scaled)), where);
    };
    if (Yaml* memories = node.find("memories"))
        for (YamlEntry& entry : memories->entries) scale(entry.value, "capacity", level.memories.at(entry.key).capacity_bytes);
    if (Yaml* partitions = node.find("partitions"))
        for (const auto& [tensor, bytes] : level.partitions) scale(*partitions, tensor.c_str(), bytes);
    if (level.capacity_bytes > 0) scale(node, "capacity", level.capacity_bytes);
}

void make_bytes_equal(NamedTree& machine, std::int64_t bytes, const Location& where) {
    const Architecture architecture = read_machine(machine);
    const OnChip now = split_on_chip(architecture);
    if (now.outer == 0)
        throw UserError(
            fmt::format("'on_chip': {} has no buffer outside its innermost array that could be changed", machine.name), where);
    if (bytes <= now.inner)
        throw UserError(fmt::format("'on_chip': the memories inside the innermost array of {} alone have {}", machine.name,
                                    format_bytes(now.inner)),
                        where);
    const double factor = static_cast<double>(bytes - now.inner) / static_cast<double>(now.outer);
    std::size_t innermost = architecture.levels.size() - 1;
    while (innermost > 0 && architecture.levels[innermost].kind != LevelKind::array) --innermost;
    Yaml& levels = *machine.tree.find("levels");
    for (std::size_t l = 0; l < innermost; ++l)
        if (architecture.levels[l].kind == LevelKind::buffer)
            scale_buffer(levels.items[l], architecture.levels[l], factor, where);
}

void make_equal(NamedTree& machine, const Yaml& node) {
    const Section equal(node, equal_spec(), "'equal'");
    if (const Yaml* macs = equal.find("macs")) make_macs_equal(machine, equal.integer("macs"), macs->where);
    if (const Yaml* bytes = equal.find("on_chip")) make_bytes_equal(machine, equal.bytes("on_chip"), bytes->where);
    if (const Yaml* width = equal.find("dram_width_bits")) {
        equal.integer("dram_width_bits");
        set_entry(machine.tree.find("levels")->items[0], "width_bits", width->text, width->where);
    }
    if (const Yaml* clock = equal.find("clock_mhz")) {
        equal.number("clock_mhz");
        set_entry(machine.tree, "clock_mhz", clock->text, clock->where);
    }
}

/// Only the layers that are named, in the network's order.
void keep_layers(NamedTree& network, const Yaml& names) {
    require_sequence(names, "'layers' of a compared network", "[conv1, conv3]");
    std::vector<std::string> wanted;
    std::vector<std::string> known;
    Yaml& layers = *network.tree.find("layers");
    for (const Yaml& layer : layers.items)
        if (const Yaml* name = layer.find("name")) known.push_back(name->text);
    for (const Yaml& name : names.items) {
        wanted.push_back(to_word(name, "a layer"));
        find_name(wanted.back(), name.where, known, "layer", fmt::format("network '{}'", network.name));
    }
    std::erase_if(layers.items, [&](const Yaml& layer) {
        const Yaml* name = layer.find("name");
        return name == nullptr || std::find(wanted.begin(), wanted.end(), name->text) == wanted.end();
    });
}

/// A workload alone is a network of one layer.
void wrap_workload(NamedTree& network) {
    if (network.tree.find("layers") != nullptr) return;
    Yaml layer = empty_map(network.tree.where);
    set_entry(layer, "name", network.name, network.tree.where);
    add_entry(layer, "workload", std::move(network.tree));
    Yaml layers;
    layers.kind = Yaml::Kind::sequence;
    layers.where = layer.where;
    layers.items.push_back(std::move(layer));
    network.tree = empty_map(layers.where);
    add_entry(network.tree, "layers", std::move(layers));
}

NamedTree load_network_entry(const Yaml& node) {
    if (!node.is_map()) {
        NamedTree network = load_named(node, "workload", "network");
        wrap_workload(network);
        return network;
    }
    const Section entry(node, compared_network_spec(), "a network of 'compare'");
    entry.word("file");
    NamedTree network = load_named(*entry.find("file"), "workload", "network");
    wrap_workload(network);
    if (const Yaml* layers = entry.find("layers")) keep_layers(network, *layers);
    if (const Yaml* batch = entry.find("batch")) {
        entry.integer("batch");
        set_entry(network.tree, "batch", batch->text, batch->where);
    }
    return network;
}

template <class Load>
std::vector<NamedTree> load_list(const Section& section, const std::string& key, Load load) {
    const Yaml& list = *section.find(key);
    require_sequence(list, section.what(key), "[file.yaml, ...]");
    std::vector<NamedTree> result;
    for (const Yaml& node : list.items) result.push_back(load(node));
    if (result.empty()) throw UserError(section.what(key) + " is empty, there is nothing to compare", list.where);
    return result;
}

ComparedRun make_run(const NamedTree& machine, const NamedTree& network, const Yaml* energy) {
    RunTree tree;
    tree.root = empty_map(network.tree.where);
    add_entry(tree.root, "workload", network.tree);
    add_entry(tree.root, "architecture", machine.tree);
    if (energy != nullptr) add_entry(tree.root, "energy", *energy);
    tree.stems = {{"workload", network.name}, {"architecture", machine.name}};
    tree.name = machine.name + "." + network.name;
    ComparedRun run{machine.name, network.name, "", 0, 0, read_network(tree)};
    const Yaml* dataflow = machine.tree.find("dataflow");
    if (dataflow != nullptr) run.dataflow = dataflow->text;
    run.macs = run.config.architecture.lanes();
    run.on_chip_bytes = on_chip_bytes(run.config.architecture);
    return run;
}

}  // namespace

std::int64_t on_chip_bytes(const Architecture& architecture) {
    const OnChip bytes = split_on_chip(architecture);
    return bytes.outer + bytes.inner;
}

std::vector<ComparedRun> load_compare(const std::string& path) {
    const Yaml file = load_yaml(path);
    require_map(file, "the file");
    const Yaml* top = file.find("compare");
    if (top == nullptr || file.entries.size() != 1)
        throw UserError("the file must have the single top-level key 'compare'", file.where);
    const Section section(*top, compare_spec(), "'compare'");
    section.get("accelerators"), section.get("networks");
    std::vector<NamedTree> machines =
        load_list(section, "accelerators", [](const Yaml& node) { return load_named(node, "architecture"); });
    for (NamedTree& machine : machines) {
        read_machine(machine);
        if (const Yaml* equal = section.find("equal")) make_equal(machine, *equal);
    }
    std::optional<Yaml> energy;
    if (const Yaml* node = section.find("energy")) energy = load_section(*node, "energy", nullptr);
    std::vector<ComparedRun> runs;
    for (const NamedTree& network : load_list(section, "networks", load_network_entry))
        for (const NamedTree& machine : machines) runs.push_back(make_run(machine, network, energy ? &*energy : nullptr));
    return runs;
}

}  // namespace accelsim
