// SPDX-License-Identifier: Apache-2.0
#include "mappings/architecture.hpp"

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
    require(memory.ports.reads >= 1 && (memory.ports.shared || memory.ports.writes >= 1), level,
            "ports need at least one in each direction, such as 1r1w or 1rw");
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
