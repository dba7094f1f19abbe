// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/load_network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/program/yaml/edit_yaml.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t tensors_of_a_layer = 3;  // a tensor's generator starts at the seed plus the tensor's index

/// A workload with the batch in its bounds: where one is the word `batch`, and as N where a built-in type names none.
Yaml with_batch(Yaml workload, std::int64_t batch) {
    const Yaml* type = workload.find("type");
    Yaml* dimensions = workload.find("dimensions");
    if (type == nullptr || dimensions == nullptr || !dimensions->is_map()) return workload;  // refused by its reader
    for (YamlEntry& entry : dimensions->entries)
        if (entry.value.is_scalar() && entry.value.text == "batch") entry.value.text = std::to_string(batch);
    if (type->text != "einsum" && dimensions->find("N") == nullptr)
        set_entry(*dimensions, "N", std::to_string(batch), dimensions->where);
    return workload;
}

/// The workload of a simulated layer, read from where it names it.
Yaml workload_node(const Yaml& layer, std::int64_t batch) {
    const Yaml& node = *layer.find("workload");
    Yaml workload = with_batch(load_section(node, "workload", nullptr), batch);
    if (workload.find("name") == nullptr && layer.find("name") != nullptr)
        set_entry(workload, "name", layer.find("name")->text, workload.where);
    return workload;
}

/// The product, which JSON and all sums must hold with room to spare.
std::int64_t product(std::initializer_list<std::int64_t> factors, const Location& where) {
    std::int64_t result = 1;
    for (const std::int64_t factor : factors) {
        if (factor > 0 && result > (INT64_MAX >> 8) / factor)
            throw UserError("the layer is too large: its counts would pass 2^55", where);
        result *= factor;
    }
    return result;
}

Elementwise read_pool(const Section& section, const Yaml& node, std::int64_t batch) {
    Yaml window = node;  // pooling touches what a depthwise convolution does, without the filters
    for (const char* key : {"name", "type", "bits", "repeat"}) erase_entry(window, key);
    set_entry(window, "type", "depthwise", node.where);
    const Workload workload = read_workload(with_batch(std::move(window), batch), section.word("name"));
    return {"pool", workload.tensors.front().words(), workload.output().words(), 16};
}

Elementwise read_elementwise(const Section& section, const Yaml& node, const std::string& type, std::int64_t batch) {
    if (type == "pool") return read_pool(section, node, batch);
    if (type == "eltwise") {
        const std::int64_t elements = product({section.integer("elements"), batch}, node.where);
        return {type, product({elements, section.integer("operands")}, node.where), elements, 16};
    }
    const std::int64_t units = product({section.integer("hidden"), batch}, node.where);
    return {type, product({5, units}, node.where), 2 * units, 16};
}

NetworkLayer read_costed_layer(const Yaml& node, std::int64_t batch) {
    const std::string type = layer_type_names()[to_choice(*node.find("type"), "'type' of a layer", layer_type_names())];
    const MapSpec& spec = type == "pool"      ? pool_layer_spec()
                          : type == "eltwise" ? eltwise_layer_spec()
                          : type == "other"   ? other_layer_spec()
                                              : lstm_cell_layer_spec();
    const Section section(node, spec, fmt::format("a layer of type {}", type));
    NetworkLayer layer;
    layer.name = section.word("name");
    layer.repeat = section.integer("repeat");
    layer.listed_only = type == "other";
    if (layer.listed_only) {
        layer.elementwise.kind = section.word("operator");
        layer.macs = product({section.integer("macs"), batch}, node.where);
    } else {
        layer.elementwise = read_elementwise(section, node, type, batch);
        layer.elementwise.bits = std::stoi(spec.find("bits")->choices[section.choice("bits")]);
    }
    return layer;
}

NetworkLayer read_one_layer(const Yaml& node, std::int64_t batch) {
    require_map(node, "a layer of the network");
    NetworkLayer layer;
    if (node.find("type") != nullptr) {
        layer = read_costed_layer(node, batch);
    } else {
        const Section section(node, simulated_layer_spec(), "a layer of the network");
        layer.simulated = true;
        layer.name = section.word("name");
        layer.repeat = section.integer("repeat");
        const Workload workload = read_workload(workload_node(node, batch), layer.name);
        layer.macs = workload.macs();
        for (const Tensor& tensor : workload.tensors) {
            layer.tensors.push_back(tensor.name);
            layer.words += tensor.words();
        }
    }
    layer.where = node.where;
    const Elementwise& moved = layer.elementwise;
    product({layer.macs + moved.read_words + moved.written_words, layer.repeat, 32}, node.where);
    return layer;
}

void check_data(const RunTree& tree) {
    const Yaml* data = tree.root.find("data");
    if (data == nullptr || is_data_off(*data)) return;
    for (const YamlEntry& entry : data->entries)
        if (entry.key != "seed")
            throw UserError(fmt::format("{} in 'data': the layers of a network have generated operands; only 'seed' can be given",
                                        quote(entry.key)),
                            entry.where);
    const Section section(*data, data_spec(), "'data'");
    section.integer("seed");
}

void check_mappings(const NetworkConfig& network) {
    const Yaml* mapping = network.tree.root.find("mapping");
    if (mapping == nullptr) return;
    const Section section(*mapping, mapping_spec(), "the mapping");
    for (const YamlEntry& entry : mapping->entries)
        if (entry.key == "nest" || entry.key == "schedule")
            throw UserError(
                fmt::format("'{}' in the mapping is for a single layer; a network takes one per layer, under 'layers'",
                            entry.key),
                entry.where);
    const Yaml* layers = section.find("layers");
    if (layers == nullptr) return;
    require_map(*layers, section.what("layers"));
    std::vector<std::string> names;
    for (const NetworkLayer& layer : network.layers)
        if (layer.simulated) names.push_back(layer.name);
    for (const YamlEntry& entry : layers->entries) find_name(entry.key, entry.where, names, "layer", "'layers' of the mapping");
}

const Yaml& layers_of(const RunTree& tree) { return *tree.root.find("workload")->find("layers"); }

/// The machine, with tensor names as the first simulated layer has them.
void read_machine(NetworkConfig& network) {
    const Yaml& root = network.tree.root;
    const Yaml* architecture = root.find("architecture");
    if (architecture == nullptr)
        throw UserError("the run file needs the key 'architecture'; a network has no other machine", root.where);
    const auto first =
        std::find_if(network.layers.begin(), network.layers.end(), [](const NetworkLayer& layer) { return layer.simulated; });
    if (first == network.layers.end())
        throw UserError("the network has no layer with a workload, so there is nothing to simulate",
                        layers_of(network.tree).where);
    const auto index = static_cast<std::size_t>(first - network.layers.begin());
    const Workload workload = read_workload(workload_node(layers_of(network.tree).items[index], network.batch), first->name);
    std::optional<EnergyTable> table;
    if (const Yaml* energy = root.find("energy")) table = read_energy_table(*energy);
    const auto stem = network.tree.stems.find("architecture");
    ArchitectureReading reading =
        read_architecture(*architecture, stem == network.tree.stems.end() ? "" : stem->second, workload, table);
    network.architecture = std::move(reading.architecture);
    network.notes = std::move(reading.notes);
}

}  // namespace

NetworkConfig read_network(const RunTree& tree) {
    NetworkConfig network;
    network.tree = tree;
    network.name = tree.name;
    const Section section(*tree.root.find("workload"), network_spec(), "the network");
    const auto stem = tree.stems.find("workload");
    network.network = section.has("name")                                ? section.word("name")
                      : stem == tree.stems.end() || stem->second.empty() ? "network"
                                                                         : stem->second;
    network.batch = section.integer("batch");
    const Yaml& layers = *section.find("layers");
    require_sequence(layers, section.what("layers"), "[{name: conv1, workload: {...}}, ...]");
    for (const Yaml& node : layers.items) {
        NetworkLayer layer = read_one_layer(node, network.batch);
        for (const NetworkLayer& other : network.layers)
            if (other.name == layer.name) throw UserError(fmt::format("layer '{}' appears twice", layer.name), node.where);
        network.layers.push_back(std::move(layer));
    }
    check_data(tree);
    check_mappings(network);
    read_machine(network);
    return network;
}

RunConfig read_layer(const NetworkConfig& network, std::size_t layer) {
    RunTree tree = network.tree;
    const Yaml& node = layers_of(network.tree).items[layer];
    const std::string& name = network.layers[layer].name;
    *tree.root.find("workload") = workload_node(node, network.batch);
    if (Yaml* mapping = tree.root.find("mapping")) {
        const Yaml* layers = mapping->find("layers");
        const Yaml* own = layers == nullptr ? nullptr : layers->find(name);
        Yaml chosen = own == nullptr ? *mapping : load_section(*own, "mapping", nullptr);
        erase_entry(chosen, "layers");
        *mapping = std::move(chosen);
    }
    Yaml* data = tree.root.find("data");
    tree.name = network.name + "." + name;
    if (data != nullptr && is_data_off(*data)) return read_run(tree);
    if (data == nullptr) data = &add_entry(tree.root, "data", empty_map(tree.root.where));
    const Section section(*data, data_spec(), "'data'");
    const auto seed =
        static_cast<std::uint64_t>(section.integer("seed")) + static_cast<std::uint64_t>(layer) * tensors_of_a_layer;
    set_entry(*data, "seed", std::to_string(seed & static_cast<std::uint64_t>(INT64_MAX)), data->where);
    return read_run(tree);
}

std::string to_yaml(const NetworkConfig& network, const std::vector<std::string>& resolved) {
    Yaml root = network.tree.root;
    erase_entry(root, "mapping");
    Yaml& layers = add_entry(add_entry(root, "mapping", empty_map()), "layers", empty_map());
    for (std::size_t i = 0; i < network.layers.size(); ++i)
        if (!resolved[i].empty()) add_entry(layers, network.layers[i].name, *parse_yaml(resolved[i], "resolved").find("mapping"));
    erase_entry(root, "name");
    YamlEntry name;
    name.key = "name";
    name.value = yaml_scalar(network.name);
    root.entries.insert(root.entries.begin(), std::move(name));
    set_entry(*root.find("workload"), "name", network.network, {});
    set_entry(*root.find("architecture"), "name", network.architecture.name, {});
    return write_yaml(root);
}

std::size_t find_layer(const NetworkConfig& network, const std::string& name) {
    std::string known;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (!network.layers[i].simulated) continue;
        if (network.layers[i].name == name) return i;
        known += (known.empty() ? "" : ", ") + network.layers[i].name;
    }
    throw UserError(fmt::format("--layer {}: the network simulates no such layer; it has {}", quote(name), known));
}

}  // namespace accelsim
