// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/load_run.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "mappings/reference.hpp"
#include "sim/program/import/accelergy_energy.hpp"
#include "sim/program/import/onnx_network.hpp"
#include "sim/program/import/scalesim_network.hpp"
#include "sim/program/import/zigzag_network.hpp"
#include "sim/program/npy.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr std::array<const char*, 4> section_names = {"architecture", "workload", "mapping", "energy"};
/// `mapping: auto` in full: {auto: {}}.
Yaml searched_mapping(const Location& where) {
    Yaml nothing;
    nothing.kind = Yaml::Kind::map;
    nothing.where = where;
    Yaml mapping = nothing;
    mapping.entries.push_back({"auto", where, nothing});
    return mapping;
}

}  // namespace

bool is_data_off(const Yaml& node) { return node.is_scalar() && (node.text == "off" || node.text == "false"); }

namespace {

DataOptions read_data(const Yaml& node, const Workload& workload) {
    DataOptions data;
    if (is_data_off(node)) {
        data.on = false;
        return data;
    }
    std::vector<std::string> operands = tensor_names(workload);
    operands.pop_back();
    const std::string& output = workload.output().name;
    if (const Yaml* given = node.find(output); given != nullptr && output != "seed")
        throw UserError(fmt::format("'{}' in 'data' is the output; it is computed, not given", output), given->where);
    const Section section(node, data_spec(), "'data'", operands);
    data.seed = static_cast<std::uint64_t>(section.integer("seed"));
    for (const std::string& operand : operands)
        if (const Yaml* file = section.find(operand))
            data.files[operand] =
                std::filesystem::absolute(resolve_path(*file, section.what(operand))).lexically_normal().string();
    return data;
}

void read_simulation(const Yaml& node, RunConfig& config) {
    const Section section(node, simulation_spec(), "'simulation'");
    config.advance = static_cast<Advance>(section.choice("advance"));
    config.max_cycles = section.integer("max_cycles");
}

void read_machine_and_mapping(const Section& run, const std::string& stem, const std::optional<EnergyTable>& table,
                              RunConfig& config) {
    ArchitectureReading reading;
    std::optional<Architecture> given;
    if (const Yaml* machine = run.find("architecture")) {
        reading = read_architecture(*machine, stem, config.workload, table);
        given = reading.architecture;
    }
    Yaml none;
    none.kind = Yaml::Kind::map;
    none.where = run.where();
    const Yaml* architecture = run.find("architecture");
    const Yaml* written = run.find("mapping");
    MappingReading mapping = read_mapping(written != nullptr ? *written : none, config.workload, given,
                                          architecture != nullptr ? architecture->find("dataflow") : nullptr);
    if (mapping.generated) reading = price_architecture(std::move(*mapping.generated), table);
    config.generated = !given;
    config.architecture = std::move(reading.architecture);
    config.notes = std::move(reading.notes);
    config.nest = std::move(mapping.nest);
    config.search = std::move(mapping.search);
    config.passes = std::move(mapping.passes);
    config.default_mapping = mapping.found;
}

}  // namespace

RunTree load_tree(const std::string& wanted, const std::vector<std::string>& texts) {
    std::vector<Override> overrides;
    for (const std::string& text : texts) overrides.push_back(parse_override(text));
    return load_tree(wanted, overrides);
}

namespace {

/// Replaces the path of a file that another program reads by the network in it. False: it is one of ours.
bool load_foreign_network(Yaml& node, std::string& stem) {
    const bool onnx = node.text.ends_with(".onnx"), csv = node.text.ends_with(".csv");
    if (!onnx && !csv && !node.text.ends_with(".yaml") && !node.text.ends_with(".yml")) return false;
    const std::string path = resolve_path(node, "'workload' in the run file");
    if (onnx) {
        node = load_onnx_network(path, node.where);
    } else if (csv) {
        node = load_scalesim_network(path);
    } else {
        const Yaml file = load_yaml(path);
        if (!file.is_sequence()) return false;
        node = load_zigzag_network(file);
    }
    stem = file_stem(path);
    return true;
}

}  // namespace

/// Whole sections are replaced first, so that the deeper paths go into what will be read.
RunTree load_tree(const std::string& wanted, const std::vector<Override>& overrides) {
    const std::string path = find_file(wanted);
    RunTree tree;
    tree.root = load_yaml(path);
    require_map(tree.root, "the run file");
    for (const Override& change : overrides)
        if (change.path.size() == 1) apply_override(tree.root, change);
    const Section run(tree.root, run_spec(), "the run file");
    if (Yaml* mapping = tree.root.find("mapping"); mapping != nullptr && mapping->text == "auto" && !mapping->quoted)
        *mapping = searched_mapping(mapping->where);
    for (const char* name : section_names) {
        const bool network = std::string(name) == "workload";
        Yaml* node = tree.root.find(name);
        if (node == nullptr) continue;
        if (std::string(name) == "energy" && is_accelergy(*node)) continue;  // below
        if (network && node->is_scalar() && load_foreign_network(*node, tree.stems[name])) {
            // Another program's file, now a network of ours.
        } else {
            *node = load_section(*node, name, &tree.stems[name], network ? "network" : "");
        }
    }
    for (const Override& change : overrides)
        if (change.path.size() > 1) apply_override(tree.root, change);
    if (const Yaml* energy = tree.root.find("energy"); energy != nullptr && is_accelergy(*energy))
        tree.areas = price_by_accelergy(tree.root);
    tree.name = run.has("name") ? run.word("name") : file_stem(path);
    return tree;
}

bool has_network(const RunTree& tree) {
    const Yaml* workload = tree.root.find("workload");
    return workload != nullptr && workload->find("layers") != nullptr;
}

RunConfig read_run(const RunTree& tree) {
    const Section run(tree.root, run_spec(), "the run file");
    if (has_network(tree))
        throw UserError("the workload is a network; give --layer NAME to look at one of its layers", run.find("workload")->where);
    RunConfig config;
    config.name = tree.name;
    config.areas = tree.areas;
    const auto stem = [&](const char* section) {
        const auto found = tree.stems.find(section);
        return found == tree.stems.end() ? std::string() : found->second;
    };
    config.workload = read_workload(*run.find("workload"), stem("workload"));
    std::optional<EnergyTable> table;
    if (const Yaml* energy = run.find("energy")) table = read_energy_table(*energy);
    read_machine_and_mapping(run, stem("architecture"), table, config);
    if (const Yaml* data = run.find("data")) config.data = read_data(*data, config.workload);
    if (const Yaml* simulation = run.find("simulation")) read_simulation(*simulation, config);
    config.resolved_yaml = to_yaml(config);
    return config;
}

RunConfig load_run(const std::string& wanted, const std::vector<std::string>& overrides) {
    return read_run(load_tree(wanted, overrides));
}

Operands load_operands(const RunConfig& config) {
    Operands operands = generate_operands(config.workload, config.data.seed);
    for (const auto& [name, file] : config.data.files) {
        const auto index = static_cast<std::size_t>(config.workload.find_tensor(name));
        operands[index] = read_npy(file, config.workload.tensors[index]);
    }
    return operands;
}

}  // namespace accelsim
