// SPDX-License-Identifier: Apache-2.0
#include "mappings/architecture.hpp"

#include <algorithm>
#include <set>

namespace accelsim {

const Network& Level::network(const std::string& tensor) const {
    static const Network defaults;
    const auto found = networks.find(tensor);
    return found == networks.end() ? defaults : found->second;
}

const Memory& Level::memory(const std::string& tensor) const {
    const auto found = memories.find(tensor);
    return found == memories.end() ? static_cast<const Memory&>(*this) : found->second;
}

const Ports& Memory::ports_of(const std::string& tensor) const {
    for (const PortSet& set : port_sets) {
        if (std::find(set.tensors.begin(), set.tensors.end(), tensor) != set.tensors.end()) return set.ports;
    }
    return ports;
}

std::int64_t Level::total_capacity_bytes() const {
    std::int64_t bytes = capacity_bytes;
    for (const auto& [tensor, memory] : memories) bytes += memory.capacity_bytes;
    return bytes;
}

int Architecture::find_level(const std::string& wanted) const {
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (levels[i].name == wanted) return static_cast<int>(i);
    }
    return -1;
}

std::int64_t Architecture::lanes() const {
    std::int64_t result = 1;
    for (const Level& level : levels) {
        if (level.kind == LevelKind::array) result *= std::int64_t{level.rows} * level.columns;
    }
    return result;
}

namespace {

void require(bool condition, const Level& level, const std::string& message) {
    if (!condition) throw UserError("level '" + level.name + "': " + message, level.where);
}

void validate_memory(const Level& level, const Memory& memory) {
    require(memory.width_bits >= 1, level, "width_bits must be 1 or more");
    require(memory.latency_cycles >= 0, level, "latency_cycles must be 0 or more");
    require(memory.depth >= 1, level, "depth must be 1 or more");
    require(memory.capacity_bytes >= 0, level, "capacity must not be negative");
    const auto both_ways = [](const Ports& ports) { return ports.reads >= 1 && (ports.shared || ports.writes >= 1); };
    bool enough = both_ways(memory.ports);
    for (const PortSet& set : memory.port_sets) enough = enough && both_ways(set.ports);
    require(enough, level, "ports need at least one in each direction, such as 1r1w or 1rw");
    require(memory.banks >= 1 && memory.banks <= 64, level, "banks must be 1 to 64");
    require(memory.interleave != Interleave::none || memory.banks == 1, level,
            "several banks need an interleave: word or tensor");
    require(memory.interleave != Interleave::tensor || memory.port_sets.empty(), level,
            "banks interleaved by tensor have ports of their own already; give `ports` for all tensors, or leave out the banks");
    require(memory.interleave != Interleave::word || !memory.mac_shares_ports, level,
            std::string("mac_ports: shared does not go with banks interleaved by word; ") +
                (&memory == &level ? "interleave by tensor" : "leave out the banks of the tensor's own memory") +
                ", or give the MAC ports of its own");
}

void validate_level(const Level& level) {
    if (level.is_buffer()) {
        validate_memory(level, level);
        for (const auto& [tensor, memory] : level.memories) validate_memory(level, memory);
    } else if (level.kind == LevelKind::array) {
        require(level.rows >= 1 && level.columns >= 1, level, "rows and columns must be 1 or more");
    } else {
        require(level.latency_cycles >= 1, level, "a MAC's latency_cycles must be 1 or more");
    }
}

}  // namespace

void validate(const Architecture& architecture) {
    const auto& levels = architecture.levels;
    if (levels.size() < 2) throw UserError("an architecture needs at least a dram and a mac level");
    std::set<std::string> names;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const Level& level = levels[i];
        require(names.insert(level.name).second, level, "the name is used twice");
        require((level.kind == LevelKind::dram) == (i == 0), level,
                i == 0 ? "the first (outermost) level must be the dram" : "only the first level may be a dram");
        require((level.kind == LevelKind::mac) == (i + 1 == levels.size()), level,
                i + 1 == levels.size() ? "the last (innermost) level must be the mac" : "only the last level may be a mac");
        validate_level(level);
        bool shares = level.mac_shares_ports;
        for (const auto& [tensor, memory] : level.memories) shares = shares || memory.mac_shares_ports;
        require(!shares || (i + 2 == levels.size() && level.kind == LevelKind::buffer), level,
                "mac_ports: shared is for the buffer right before the mac, which the MAC accesses directly");
    }
    constexpr std::int64_t max_lanes = std::int64_t{1} << 20;
    std::int64_t lanes = 1;
    for (const Level& level : levels) {
        if (level.kind != LevelKind::array) continue;
        const std::int64_t positions = std::int64_t{level.rows} * level.columns;
        require(positions <= max_lanes / lanes, level, "more than 2^20 MACs in all; use fewer rows or columns");
        lanes *= positions;
    }
}

}  // namespace accelsim
