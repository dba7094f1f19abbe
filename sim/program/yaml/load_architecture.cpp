// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

const MapSpec& level_spec(LevelKind kind) {
    switch (kind) {
        case LevelKind::dram:
            return dram_spec();
        case LevelKind::buffer:
            return buffer_spec();
        case LevelKind::array:
            return array_spec();
        case LevelKind::mac:
            break;
    }
    return mac_spec();
}

/// A key of another type of level is known, but in the wrong place; say so instead of "unknown".
void refuse_keys_of_other_types(const Yaml& node, LevelKind kind, const std::string& context) {
    for (const YamlEntry& entry : node.entries) {
        if (level_spec(kind).find(entry.key) != nullptr) continue;
        for (const LevelKind other : {LevelKind::dram, LevelKind::buffer, LevelKind::array, LevelKind::mac}) {
            if (level_spec(other).find(entry.key) == nullptr) continue;
            const auto& names = level_kind_names();
            throw UserError(fmt::format("key '{}' in {} applies to type {}, not to {}", entry.key, context,
                                        names[static_cast<std::size_t>(other)], names[static_cast<std::size_t>(kind)]),
                            entry.where);
        }
    }
}

double hop_price(const EnergyTable& table) { return table.hop_pj * 16.0 / table.bits; }

class ArchitectureReader {
public:
    ArchitectureReader(const Workload& workload, const std::optional<EnergyTable>& table)
        : workload_(workload), tensors_(tensor_names(workload)), table_(table) {}

    Level read_level(const Yaml& node, std::size_t index) {
        require_map(node, fmt::format("level {}", index));
        const Yaml* name = node.find("name");
        const std::string context =
            name != nullptr && name->is_scalar() ? "level " + quote(name->text) : fmt::format("level {}", index);
        const Yaml* type = node.find("type");
        if (type == nullptr) throw UserError(context + " needs the key 'type'", node.where);
        Level level;
        level.kind = static_cast<LevelKind>(to_choice(*type, "'type' in " + context, level_kind_names()));
        refuse_keys_of_other_types(node, level.kind, context);
        const Section section(node, level_spec(level.kind), context);
        level.name = section.word("name");
        level.where = node.where;
        if (level.is_buffer()) read_memories(section, context, tensors_, table_, level, notes_);
        if (level.kind == LevelKind::array) read_array(section, context, level);
        if (level.kind == LevelKind::mac) read_mac(section, level);
        return level;
    }

    std::vector<std::string> take_notes() { return std::move(notes_); }

private:
    void read_array(const Section& section, const std::string& context, Level& level) {
        level.rows = static_cast<int>(section.integer("rows"));
        level.columns = static_cast<int>(section.integer("columns"));
        if (const Yaml* networks = section.find("networks")) {
            require_map(*networks, section.what("networks"));
            for (const YamlEntry& entry : networks->entries) {
                const std::size_t index = find_name(entry.key, entry.where, tensors_, "tensor", section.what("networks"));
                const bool output = workload_.tensors[index].is_output;
                const std::string what = fmt::format("the network of '{}' in {}", entry.key, context);
                level.networks[entry.key] = read_network(entry.value, output, what);
            }
        }
        level.hop_pj = section.has("hop_pj") ? section.number("hop_pj") : table_ ? hop_price(*table_) : 0;
        level.delivery_pj = section.number("delivery_pj");
    }

    static Network read_network(const Yaml& node, bool output, const std::string& what) {
        Network network;
        if (!node.is_map()) {
            if (output)
                network.reduction = static_cast<Reduction>(to_choice(node, what, reduction_names()));
            else
                network.transport = static_cast<Transport>(to_choice(node, what, transport_names()));
            return network;
        }
        if (const YamlEntry* entry = find_entry(node, "reduction"); entry != nullptr && !output)
            throw UserError(fmt::format("key 'reduction' in {} applies to the output only", what), entry->where);
        const Section section(node, output ? output_network_spec() : operand_network_spec(), what);
        network.transport = static_cast<Transport>(section.choice("transport"));
        if (output) network.reduction = static_cast<Reduction>(section.choice("reduction"));
        network.latency_cycles = static_cast<int>(section.integer("latency_cycles"));
        network.width_bits = static_cast<int>(section.integer("width_bits"));
        return network;
    }

    static const YamlEntry* find_entry(const Yaml& node, const std::string& key) {
        const auto found =
            std::find_if(node.entries.begin(), node.entries.end(), [&](const YamlEntry& e) { return e.key == key; });
        return found == node.entries.end() ? nullptr : &*found;
    }

    void read_mac(const Section& section, Level& level) const {
        level.latency_cycles = static_cast<int>(section.integer("latency_cycles"));
        level.operand_latch = section.flag("operand_latch");
        level.mac_pj = section.has("energy_pj") ? section.number("energy_pj") : table_ ? table_->mac_pj : 0;
    }

    const Workload& workload_;
    std::vector<std::string> tensors_;
    const std::optional<EnergyTable>& table_;
    std::vector<std::string> notes_;
};

TimeloopFigures read_timeloop_figures(const Yaml& node, const std::vector<Level>& levels) {
    require_map(node, "'timeloop' of the architecture");
    const Section section(node, timeloop_figures_spec(), "'timeloop' of the architecture");
    TimeloopFigures figures;
    figures.network_latency_cycles = section.integer("network_latency_cycles");
    figures.links = section.flag("links");
    std::vector<std::string> names;
    for (const Level& level : levels)
        if (level.is_buffer()) names.push_back(level.name);
    const auto by_level = [&](const char* key) {
        const Yaml* figure = section.find(key);
        if (figure == nullptr) return std::vector<YamlEntry>{};
        require_map(*figure, section.what(key));
        for (const YamlEntry& entry : figure->entries) find_name(entry.key, entry.where, names, "level", section.what(key));
        return figure->entries;
    };
    for (const YamlEntry& entry : by_level("bandwidths")) {
        const std::string what = fmt::format("the bandwidth of '{}' in 'timeloop'", entry.key);
        require_map(entry.value, what);
        const Section own(entry.value, timeloop_bandwidth_spec(), what);
        figures.bandwidths[entry.key] = {own.number("read"), own.number("write"), own.number("shared")};
    }
    for (const YamlEntry& entry : by_level("update_pj"))
        figures.update_pj[entry.key] =
            to_number(entry.value, fmt::format("the price of an update of '{}' in 'timeloop'", entry.key), 0, 1e9, "pJ");
    return figures;
}

}  // namespace

ArchitectureReading read_architecture(const Yaml& node, const std::string& stem, const Workload& workload,
                                      const std::optional<EnergyTable>& table) {
    const Section section(node, architecture_spec(), "the architecture");
    ArchitectureReading result;
    Architecture& architecture = result.architecture;
    architecture.name = section.has("name") ? section.word("name") : stem.empty() ? "architecture" : stem;
    architecture.clock_mhz = section.number("clock_mhz");
    const Yaml& levels = *section.find("levels");
    require_sequence(levels, section.what("levels"), "[{name: DRAM, type: dram}, ...]");
    ArchitectureReader reader(workload, table);
    for (std::size_t i = 0; i < levels.items.size(); ++i) architecture.levels.push_back(reader.read_level(levels.items[i], i));
    result.notes = reader.take_notes();
    with_place(levels.where, [&] { validate(architecture); });
    if (const Yaml* figures = section.find("timeloop"))
        architecture.timeloop = read_timeloop_figures(*figures, architecture.levels);
    return result;
}

ArchitectureReading price_architecture(Architecture architecture, const std::optional<EnergyTable>& table) {
    ArchitectureReading result;
    if (table) {
        for (Level& level : architecture.levels) {
            if (level.is_buffer())
                level.energy = memory_prices(*table, level.kind == LevelKind::dram, "level '" + level.name + "'",
                                             level.capacity_bytes, default_memory_kind(level.capacity_bytes), result.notes);
            if (level.kind == LevelKind::array) level.hop_pj = hop_price(*table);
            if (level.kind == LevelKind::mac) level.mac_pj = table->mac_pj;
        }
    }
    result.architecture = std::move(architecture);
    return result;
}

}  // namespace accelsim
