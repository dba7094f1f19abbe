// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

Ports read_ports(const Section& section) {
    const Yaml node = section.get("ports");
    const auto refuse = [&] {
        throw UserError(
            fmt::format("{} must be such as 1r1w, 2r1w or 1rw (1 to 64 ports), not {}", section.what("ports"), describe(node)),
            node.where);
    };
    const std::string& text = node.text;
    if (!node.is_scalar() || node.quoted) refuse();
    std::size_t position = 0;
    const auto number = [&] {
        const std::size_t start = position;
        int value = 0;
        while (position < text.size() && text[position] >= '0' && text[position] <= '9' && value <= 64)
            value = value * 10 + (text[position++] - '0');
        if (position == start || value < 1 || value > 64 || text[start] == '0') refuse();
        return value;
    };
    Ports ports;
    ports.reads = number();
    if (text.substr(position) == "rw") {
        ports.shared = true;
        return ports;
    }
    if (position >= text.size() || text[position++] != 'r') refuse();
    ports.writes = number();
    if (text.substr(position) != "w") refuse();
    return ports;
}

AccessEnergy read_prices(const Yaml& node, const std::string& context) {
    const Section section(node, price_spec(), "'energy' of " + context);
    AccessEnergy energy;
    energy.read_pj = section.number("read_pj");
    energy.write_pj = section.has("write_pj") ? section.number("write_pj") : energy.read_pj;
    energy.reference_bits = static_cast<int>(section.integer("bits"));
    return energy;
}

class MemoryReader {
public:
    MemoryReader(const std::vector<std::string>& tensors, const std::optional<EnergyTable>& table, Level& level,
                 std::vector<std::string>& notes)
        : tensors_(tensors), table_(table), level_(level), notes_(notes) {}

    void read(const Section& section, const std::string& context) {
        if (level_.kind == LevelKind::buffer) {
            read_keeps(section);
            if (const Yaml* memories = section.find("memories")) read_own(*memories, section.what("memories"), context);
            if (section.has("capacity")) {
                level_.capacity_bytes = section.bytes("capacity");
            } else if (shared_tensors().empty()) {
                refuse_figures(section);
                level_.energy = {0, 0, 16};
                return;
            } else {
                const std::string who =
                    level_.memories.empty() ? "" : fmt::format(" for {}, without a memory of its own", shared_tensors()[0]);
                throw UserError(fmt::format("{} needs the key 'capacity'{}", context, who), section.where());
            }
            read_slots(section, level_);
            if (const Yaml* partitions = section.find("partitions"))
                read_partitions(*partitions, section.what("partitions"), context);
        } else {
            if (section.choice("model") == 1) {
                level_.bursts = read_bursts(section, tensors_);
            } else {
                refuse_bursts(section);
            }
            if (section.get("capacity").text != "unlimited")
                level_.capacity_bytes = to_bytes(section.get("capacity"), section.what("capacity"), 1, max_capacity_bytes);
        }
        read_figures(section, context, level_);
    }

private:
    void read_keeps(const Section& section) {
        const Yaml keeps = section.get("keeps");
        level_.keeps_all = keeps.is_scalar() && keeps.text == "all";
        if (level_.keeps_all) return;
        const std::string what = section.what("keeps");
        require_sequence(keeps, what, "[" + tensors_[0] + "]");
        for (const Yaml& item : keeps.items)
            level_.keeps.push_back(
                tensors_[find_name(to_word(item, "a tensor in " + what), item.where, tensors_, "tensor", what)]);
    }

    /// Of a level that is nothing but the memories of its tensors.
    void refuse_figures(const Section& section) const {
        for (const KeySpec& key : memory_spec().keys)
            if (const Yaml* given = section.find(key.name))
                throw UserError(fmt::format("{} says nothing: every kept tensor has a memory of its own; give it there",
                                            section.what(key.name)),
                                given->where);
    }

    void read_slots(const Section& section, Memory& memory) const {
        memory.windowed = section.flag("windowed");
        if (memory.windowed && section.has("depth"))
            throw UserError(
                fmt::format("{} counts slots, and a windowed memory has none; leave one of them out", section.what("depth")),
                section.find("depth")->where);
        memory.depth = static_cast<int>(section.integer("depth"));
    }

    void read_figures(const Section& section, const std::string& context, Memory& memory) {
        memory.width_bits = static_cast<int>(section.integer("width_bits"));
        const bool no_latency = level_.bursts && !section.has("latency_cycles");
        memory.latency_cycles = no_latency ? 0 : static_cast<int>(section.integer("latency_cycles"));
        const bool sets = level_.kind == LevelKind::buffer && &memory == &level_ && section.get("ports").is_sequence();
        if (sets) {
            read_port_sets(section);
        } else {
            memory.ports = read_ports(section);
        }
        memory.arbitration = static_cast<Arbitration>(section.choice("arbitration"));
        memory.burst_grants = section.choice("grant") == 1;
        if (level_.kind == LevelKind::buffer) read_banks(section, memory);
        if (const Yaml* prices = section.find("energy")) {
            memory.energy = read_prices(*prices, context);
        } else if (table_) {
            const MemoryKind kind = section.has("kind") ? static_cast<MemoryKind>(section.choice("kind"))
                                                        : default_memory_kind(memory.capacity_bytes);
            memory.energy = memory_prices(*table_, level_.kind == LevelKind::dram, context, memory.capacity_bytes, kind, notes_);
        }
    }

    void read_banks(const Section& section, Memory& memory) const {
        memory.mac_shares_ports = section.choice("mac_ports") == 1;
        memory.banks = static_cast<int>(section.integer("banks"));
        const Yaml* interleave = &memory == &level_ ? section.find("interleave") : nullptr;
        if (memory.banks > 1) {
            const bool by_word = interleave == nullptr || section.choice("interleave") == 0;
            memory.interleave = by_word ? Interleave::word : Interleave::tensor;
        } else if (interleave != nullptr) {
            throw UserError(fmt::format("{} needs several banks; add 'banks', or leave it out", section.what("interleave")),
                            interleave->where);
        }
    }

    void read_port_sets(const Section& section) {
        const Yaml& sets = *section.find("ports");
        const std::string what = section.what("ports");
        std::vector<std::string> left = shared_tensors();
        for (const Yaml& item : sets.items) {
            const std::string context = fmt::format("a set of {}", what);
            require_map(item, context);
            const Section entry(item, port_set_spec(), context);
            PortSet set;
            const Yaml tensors = entry.get("tensors");
            require_sequence(tensors, entry.what("tensors"), "[" + tensors_[0] + "]");
            if (tensors.items.empty())
                throw UserError(fmt::format("{} is empty; name the tensors that use these ports, or leave the set out",
                                            entry.what("tensors")),
                                tensors.where);
            for (const Yaml& name : tensors.items) {
                const std::string tensor = to_word(name, "a tensor in " + what);
                find_name(tensor, name.where, shared_tensors(), "tensor", what);
                const auto place = std::find(left.begin(), left.end(), tensor);
                if (place == left.end()) throw UserError(fmt::format("{} name '{}' twice", what, tensor), name.where);
                left.erase(place);
                set.tensors.push_back(tensor);
            }
            set.ports = read_ports(entry);
            level_.port_sets.push_back(set);
        }
        if (!left.empty()) throw UserError(fmt::format("{} leave out the kept tensor '{}'", what, left[0]), sets.where);
    }

    void read_own(const Yaml& node, const std::string& what, const std::string& context) {
        require_map(node, what);
        for (const YamlEntry& entry : node.entries) {
            find_name(entry.key, entry.where, kept(), "tensor", what);
            const std::string own = fmt::format("the memory of '{}' in {}", entry.key, context);
            require_map(entry.value, own);
            const Section section(entry.value, memory_spec(), own);
            Memory memory;
            memory.capacity_bytes = section.bytes("capacity");
            read_slots(section, memory);
            read_figures(section, own, memory);
            level_.memories[entry.key] = memory;
        }
    }

    void read_partitions(const Yaml& node, const std::string& what, const std::string& context) {
        require_map(node, what);
        std::int64_t total = 0;
        for (const YamlEntry& entry : node.entries) {
            find_name(entry.key, entry.where, shared_tensors(), "tensor", what);
            const std::string part = fmt::format("the partition of '{}' in {}", entry.key, context);
            total += level_.partitions[entry.key] = to_bytes(entry.value, part, 1, max_capacity_bytes);
        }
        if (node.entries.empty()) return;
        if (total > level_.capacity_bytes)
            throw UserError(fmt::format("{} sum to {}, {} more than the capacity", what, format_bytes(total),
                                        format_bytes(total - level_.capacity_bytes)),
                            node.where);
        for (const std::string& name : shared_tensors())
            if (!level_.partitions.contains(name))
                throw UserError(fmt::format("{} leave out the kept tensor '{}'", what, name), node.where);
    }

    const std::vector<std::string>& kept() const { return level_.keeps_all ? tensors_ : level_.keeps; }

    /// Those kept without a memory of their own.
    std::vector<std::string> shared_tensors() const {
        std::vector<std::string> names;
        for (const std::string& name : kept())
            if (!level_.memories.contains(name)) names.push_back(name);
        return names;
    }

    const std::vector<std::string>& tensors_;
    const std::optional<EnergyTable>& table_;
    Level& level_;
    std::vector<std::string>& notes_;
};

}  // namespace

void read_memories(const Section& section, const std::string& context, const std::vector<std::string>& tensors,
                   const std::optional<EnergyTable>& table, Level& level, std::vector<std::string>& notes) {
    MemoryReader(tensors, table, level, notes).read(section, context);
}

AccessEnergy memory_prices(const EnergyTable& table, bool dram, const std::string& what, std::int64_t capacity_bytes,
                           MemoryKind kind, std::vector<std::string>& notes) {
    if (dram) return {table.dram_pj, table.dram_pj, table.bits};
    const Price price = access_price(table, kind, capacity_bytes);
    if (price.origin != PriceOrigin::listed)
        notes.push_back(fmt::format("{}: {:.4g} pJ per {} bits for a {} of {} is {}, the table does not list it", what, price.pj,
                                    table.bits, kind == MemoryKind::sram ? "SRAM" : "register file", format_bytes(capacity_bytes),
                                    price.origin == PriceOrigin::interpolated ? "interpolated" : "extrapolated"));
    return {price.pj, price.pj, table.bits};
}

}  // namespace accelsim
