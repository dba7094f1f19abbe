// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/program/import/timeloop_components.hpp"
#include "sim/program/import/import_map.hpp"
#include "sim/program/import/timeloop_parts.hpp"
#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t most_words = max_capacity_bytes;  // of a storage; as good as unlimited
bool has_any(const std::string& text, std::initializer_list<const char*> parts) {
    return std::any_of(parts.begin(), parts.end(), [&](const char* part) { return text.find(part) != std::string::npos; });
}

/// "RF[0..15]" is RF, sixteen times.
struct RangedName {
    std::string name;
    std::int64_t count = 1;
};

RangedName ranged_name(const Yaml& node, const std::string& what) {
    const std::string text = to_word(node, what);
    const std::size_t open = text.find('[');
    RangedName result{text.substr(0, open), 1};
    if (open == std::string::npos) return result;
    const std::size_t dots = text.find("..", open);
    const auto refuse = [&] {
        throw UserError(fmt::format("{} must be a name or a range such as RF[0..15], not {}", what, quote(text)), node.where);
    };
    if (dots == std::string::npos || text.back() != ']') refuse();
    const std::string bound = "a bound of the range in " + what;
    const std::int64_t first = to_integer(yaml_scalar(text.substr(open + 1, dots - open - 1), node.where), bound, {0, 1 << 24});
    const std::int64_t last =
        to_integer(yaml_scalar(text.substr(dots + 2, text.size() - dots - 3), node.where), bound, {0, 1 << 24});
    if (last < first) refuse();
    result.count = last - first + 1;
    return result;
}

/// meshX x meshY = instances; one of the two follows from the other, without either all are on X.
template <class Component>
void read_mesh(const ImportMap& attributes, std::int64_t elements, Component& component) {
    constexpr std::int64_t most = std::int64_t{1} << 24;
    component.instances = attributes.integer("instances", elements, 1, most);
    const bool x = attributes.has("meshX");
    const bool y = attributes.has("meshY");
    component.mesh_y = attributes.integer("meshY", 1, 1, most);
    component.mesh_x = attributes.integer("meshX", 1, 1, most);
    if (!x) component.mesh_x = component.instances / component.mesh_y;
    if (x && !y) component.mesh_y = component.instances / component.mesh_x;
    if (component.mesh_x * component.mesh_y != component.instances)
        throw UserError(fmt::format("meshX {} and meshY {} of {} do not make its {} instances", component.mesh_x,
                                    component.mesh_y, attributes.context(), component.instances),
                        attributes.where());
}

void read_blocks(const ImportMap& attributes, TimeloopStorage& storage) {
    storage.word_bits = static_cast<int>(attributes.integer("word_bits", 16, 1, 4096));
    const bool block = attributes.has("block_size");
    const bool cluster = attributes.has("cluster_size");
    storage.block_size = attributes.integer("block_size", 1, 1, 65536);
    storage.cluster_size = attributes.integer("cluster_size", 1, 1, 65536);
    storage.width_given = block || cluster || attributes.has("width");
    if (!attributes.has("width")) return;
    const std::int64_t width = attributes.integer("width", 1, 1, 1 << 20);
    const auto bits = static_cast<std::int64_t>(storage.word_bits);
    if (block && cluster && width == bits * storage.block_size * storage.cluster_size) return;
    const std::int64_t unit = bits * (block ? storage.block_size : cluster ? storage.cluster_size : 1);
    if ((block && cluster) || width % unit != 0)
        throw UserError(
            fmt::format("{} of {} bits is not word_bits ({}) x block_size x cluster_size", attributes.what("width"), width, bits),
            attributes.find("width")->where);
    (block ? storage.cluster_size : storage.block_size) = width / unit;
}

void read_size(const ImportMap& attributes, TimeloopStorage& storage) {
    std::string given;
    for (const char* key : {"entries", "depth", "sizeKB"}) {
        if (!attributes.has(key)) continue;
        if (!given.empty())
            throw UserError(fmt::format("both '{}' and '{}' in {}; give one size", given, key, attributes.context()),
                            attributes.find(key)->where);
        given = key;
    }
    if (given.empty()) return;
    const std::int64_t value = attributes.integer(given, 0, 1, most_words);
    if (given == "depth")
        storage.size = value * storage.block_size;
    else
        storage.size = given == "entries" ? value : value * 1024 * 8 / storage.word_bits;
}

void read_bandwidths(const ImportMap& attributes, TimeloopStorage& storage) {
    const auto read = [&](const char* key, std::optional<double>& value) {
        if (!attributes.has(key)) return;
        value = attributes.number(key, 0, 0, 1e9);
        if (*value <= 0)
            throw UserError(fmt::format("{} must be above 0 words per cycle", attributes.what(key)), attributes.find(key)->where);
    };
    std::optional<double> both;
    read("bandwidth", both);
    if (both) storage.read_bandwidth = storage.write_bandwidth = *both / 2;  // as Timeloop takes this old key
    read("read_bandwidth", storage.read_bandwidth);
    read("write_bandwidth", storage.write_bandwidth);
    read("shared_bandwidth", storage.shared_bandwidth);
}

void read_network_names(const ImportMap& attributes, TimeloopStorage& storage) {
    if (attributes.has("network_read")) storage.read_network = attributes.word("network_read");
    if (attributes.has("network_update")) storage.drain_network = attributes.word("network_update");
    constexpr std::int64_t longest = 1000000;
    if (attributes.has("network_fill_latency")) storage.fill_latency = attributes.integer("network_fill_latency", 0, 0, longest);
    if (attributes.has("network_drain_latency"))
        storage.drain_latency = attributes.integer("network_drain_latency", 0, 0, longest);
}

bool says_yes(const Yaml& node) { return node.text == "yes" || node.text == "true" || node.text == "True" || node.text == "1"; }

TimeloopStorage read_storage(const ImportMap& attributes, const RangedName& name, std::int64_t elements) {
    TimeloopStorage storage;
    storage.name = name.name;
    read_mesh(attributes, elements, storage);
    read_blocks(attributes, storage);
    read_size(attributes, storage);
    read_bandwidths(attributes, storage);
    read_network_names(attributes, storage);
    storage.ports = static_cast<int>(attributes.integer("num_ports", 2, 1, 2));
    if (const Yaml* reduces = attributes.find("reduction_supported"); reduces != nullptr && !says_yes(*reduces))
        throw UserError(fmt::format("{} must be yes: sums are added where they are kept", attributes.what("reduction_supported")),
                        reduces->where);
    storage.multiple_buffering = attributes.number("multiple_buffering", 1, 1, 1024);
    if (attributes.has("vector_access_energy")) storage.access_pj = attributes.number("vector_access_energy", 0, 0, 1e9);
    return storage;
}

struct NetworkLatency {
    std::string name;
    std::optional<std::int64_t> fill, drain;
};

class MachineReader {
public:
    explicit MachineReader(std::vector<std::string>* unknown) : unknown_(unknown) {}

    void read_tree(const Yaml& root) {
        const ImportMap top(root, timeloop_root_keys(), "the architecture", unknown_);
        if (top.has("version")) {
            const std::string version = top.word("version");
            if (version != "0.2" && version != "0.3" && version != "0.4")
                throw UserError(fmt::format("{} must be 0.2, 0.3 or 0.4, not {}", top.what("version"), quote(version)),
                                top.find("version")->where);
        }
        const Yaml* next = &top.need("subtree");
        std::int64_t multiple = 1;
        while (next != nullptr) next = read_node(*next, multiple);
        if (machine_.storages.empty()) throw UserError("the architecture has no storage", root.where);
        if (computes_ == 0) throw UserError("the architecture has no compute component (class mac or compute)", root.where);
        apply_networks();
    }

    TimeloopMachine take() { return std::move(machine_); }

private:
    /// Reads the one node of a subtree; returns the subtree inside it, if any.
    const Yaml* read_node(const Yaml& subtree, std::int64_t& multiple) {
        require_sequence(subtree, "'subtree' in the architecture", "[{name: chip, local: [...]}]");
        if (subtree.items.size() != 1)
            throw UserError(fmt::format("a 'subtree' must hold one node, not {}", subtree.items.size()), subtree.where);
        const ImportMap node(subtree.items[0], timeloop_node_keys(), "a node of the architecture", unknown_);
        multiple *= ranged_name(node.need("name"), node.what("name")).count;
        if (const Yaml* local = node.find("local")) {
            require_sequence(*local, node.what("local"), "[{name: GB, class: SRAM, attributes: {...}}]");
            for (const Yaml& item : local->items) read_component(item, multiple);
        }
        return node.find("subtree");
    }

    void read_component(const Yaml& node, std::int64_t multiple) {
        const Yaml* given = node.is_map() ? node.find("name") : nullptr;
        const ImportMap component(node, timeloop_component_keys(),
                                  given != nullptr && given->is_scalar() ? "component " + quote(given->text) : "a component",
                                  unknown_);
        const RangedName name = ranged_name(component.need("name"), component.what("name"));
        const std::string type = component.word("class");
        static const Yaml none = [] {
            Yaml map;
            map.kind = Yaml::Kind::map;
            return map;
        }();
        const Yaml* attributes = component.find("attributes");
        const std::string context = fmt::format("the attributes of '{}'", name.name);
        const Yaml& map = attributes != nullptr ? *attributes : none;
        const std::int64_t elements = multiple * name.count;
        const bool kept = has_any(type, {"DRAM", "SRAM", "regfile", "smartbuffer", "storage"});
        if (kept || has_any(type, {"mac", "compute"}))
            to_name(yaml_scalar(name.name, component.need("name").where), component.what("name"));
        if (kept) {
            add_storage(ImportMap(map, timeloop_storage_keys(), context, unknown_), name, elements, node.where);
        } else if (has_any(type, {"mac", "compute"})) {
            add_compute(ImportMap(map, timeloop_compute_keys(), context, unknown_), name, elements, node.where);
        } else if (has_any(type, {"XY_NoC", "Legacy", "ReductionTree", "SimpleMulticast"})) {
            add_network(ImportMap(map, timeloop_network_keys(), context, unknown_), name);
        } else {
            machine_.notes.push_back(fmt::format(
                "'{}' of class {} is neither storage, compute nor network; it is left out, as in Timeloop", name.name, type));
        }
    }

    void add_storage(const ImportMap& attributes, const RangedName& name, std::int64_t elements, const Location& where) {
        for (const TimeloopStorage& other : machine_.storages)
            if (other.name == name.name) throw UserError(fmt::format("two storages are named '{}'", name.name), where);
        if (computes_ > 0)
            throw UserError(fmt::format("storage '{}' stands inside the compute component; it must stand outside", name.name),
                            where);
        machine_.storages.push_back(read_storage(attributes, name, elements));
        machine_.storages.back().where = where;
    }

    void add_compute(const ImportMap& attributes, const RangedName& name, std::int64_t elements, const Location& where) {
        if (++computes_ > 1)
            throw UserError(fmt::format("'{}' is a second compute component beside '{}'; one kind of MAC is supported", name.name,
                                        machine_.compute.name),
                            where);
        TimeloopCompute& compute = machine_.compute;
        compute.name = name.name;
        compute.where = where;
        read_mesh(attributes, elements, compute);
        if (attributes.has("energy_per_op")) compute.op_pj = attributes.number("energy_per_op", 0, 0, 1e9);
    }

    void add_network(const ImportMap& attributes, const RangedName& name) {
        NetworkLatency network{name.name, {}, {}};
        constexpr std::int64_t longest = 1000000;
        if (attributes.has("fill_latency")) network.fill = attributes.integer("fill_latency", 0, 0, longest);
        if (attributes.has("drain_latency")) network.drain = attributes.integer("drain_latency", 0, 0, longest);
        networks_.push_back(network);
        machine_.notes.push_back(fmt::format("network '{}': its latencies are used, its energy is not", name.name));
    }

    /// A network component that a storage names replaces the latencies of its own.
    void apply_networks() {
        for (TimeloopStorage& storage : machine_.storages) {
            if (const NetworkLatency* network = find_network(storage, storage.read_network)) storage.fill_latency = network->fill;
            if (const NetworkLatency* network = find_network(storage, storage.drain_network))
                storage.drain_latency = network->drain;
        }
    }

    const NetworkLatency* find_network(const TimeloopStorage& storage, const std::string& name) const {
        if (name.empty()) return nullptr;
        std::vector<std::string> known;
        for (const NetworkLatency& network : networks_) known.push_back(network.name);
        return &networks_[find_name(name, storage.where, known, "network", fmt::format("component '{}'", storage.name))];
    }

    std::vector<std::string>* unknown_;
    TimeloopMachine machine_;
    std::vector<NetworkLatency> networks_;
    int computes_ = 0;
};

}  // namespace

TimeloopMachine read_timeloop_architecture(const Yaml& node, std::vector<std::string>* unknown) {
    MachineReader reader(unknown);
    reader.read_tree(node);
    return reader.take();
}

}  // namespace accelsim
