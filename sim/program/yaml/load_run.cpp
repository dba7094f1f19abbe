// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/load_run.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "mappings/reference.hpp"
#include "sim/program/npy.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/overrides.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr std::array<const char*, 4> section_names = {"architecture", "workload", "mapping", "energy"};
using Stems = std::map<std::string, std::string>;

/// `mapping: auto` in full: {auto: {}}.
Yaml searched_mapping(const Location& where) {
    Yaml nothing;
    nothing.kind = Yaml::Kind::map;
    nothing.where = where;
    Yaml mapping = nothing;
    mapping.entries.push_back({"auto", where, nothing});
    return mapping;
}

/// Whole sections are replaced first, so that the deeper paths go into what will be read.
Yaml load_tree(const std::string& path, const std::vector<std::string>& texts, Stems& stems) {
    Yaml root = load_yaml(path);
    require_map(root, "the run file");
    std::vector<Override> overrides;
    for (const std::string& text : texts) overrides.push_back(parse_override(text));
    for (const Override& change : overrides)
        if (change.path.size() == 1) apply_override(root, change);
    const Section known_keys(root, run_spec(), "the run file");
    if (Yaml* mapping = root.find("mapping"); mapping != nullptr && mapping->text == "auto" && !mapping->quoted)
        *mapping = searched_mapping(mapping->where);
    for (const char* name : section_names)
        if (Yaml* node = root.find(name)) *node = load_section(*node, name, &stems[name]);
    for (const Override& change : overrides)
        if (change.path.size() > 1) apply_override(root, change);
    return root;
}

DataOptions read_data(const Yaml& node, const Workload& workload) {
    if (node.is_scalar() && (node.text == "off" || node.text == "false"))
        throw UserError("'data: off' is not available yet; leave 'data' out, or give a seed or files", node.where);
    std::vector<std::string> operands = tensor_names(workload);
    operands.pop_back();
    const std::string& output = workload.output().name;
    if (const Yaml* given = node.find(output); given != nullptr && output != "seed")
        throw UserError(fmt::format("'{}' in 'data' is the output; it is computed, not given", output), given->where);
    const Section section(node, data_spec(), "'data'", operands);
    DataOptions data;
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
    if (const Yaml* architecture = run.find("architecture")) {
        reading = read_architecture(*architecture, stem, config.workload, table);
        given = reading.architecture;
    }
    MappingReading mapping = read_mapping(*run.find("mapping"), config.workload, given);
    if (mapping.generated) reading = price_architecture(std::move(*mapping.generated), table);
    config.generated = !given;
    config.architecture = std::move(reading.architecture);
    config.notes = std::move(reading.notes);
    config.nest = std::move(mapping.nest);
    config.search = std::move(mapping.search);
    config.passes = std::move(mapping.passes);
}

}  // namespace

RunConfig load_run(const std::string& wanted, const std::vector<std::string>& overrides) {
    // A run that comes with the program can be named without its folder.
    std::error_code ignored;
    const std::filesystem::path supplied = std::filesystem::path(data_directory()) / wanted;
    const std::string path =
        !std::filesystem::exists(wanted, ignored) && std::filesystem::exists(supplied, ignored) ? supplied.string() : wanted;
    Stems stems;
    const Yaml root = load_tree(path, overrides, stems);
    const Section run(root, run_spec(), "the run file");
    RunConfig config;
    config.name = run.has("name") ? run.word("name") : file_stem(path);
    config.workload = read_workload(*run.find("workload"), stems["workload"]);
    std::optional<EnergyTable> table;
    if (const Yaml* energy = run.find("energy")) table = read_energy_table(*energy);
    read_machine_and_mapping(run, stems["architecture"], table, config);
    if (const Yaml* data = run.find("data")) config.data = read_data(*data, config.workload);
    if (const Yaml* simulation = run.find("simulation")) read_simulation(*simulation, config);
    config.resolved_yaml = to_yaml(config);
    return config;
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
