// SPDX-License-Identifier: Apache-2.0
// Whether tiles fit: slots and windows, shared memories, partitions and memories of one tensor.
#include <algorithm>

#include "mappings/lowering.hpp"

namespace accelsim {

namespace {

std::int64_t bytes_of(const Design& design, const Boundary& boundary, std::int64_t words) {
    return (words * design.tensor(boundary.tensor).bits + 7) / 8;
}

std::string capacity_message(const Design& design, const std::string& where, const std::vector<const Boundary*>& kept,
                             std::int64_t need, std::int64_t room) {
    std::string parts;
    bool slots = false;
    for (const Boundary* boundary : kept) {
        const Tensor& tensor = design.tensor(boundary->tensor);
        if (!parts.empty()) parts += ", ";
        parts += tensor.name + " " + std::to_string(boundary->tile_words) + " words x " + std::to_string(tensor.bits) + " bit";
        const std::int64_t depth = design.memory(boundary->child, boundary->tensor).depth;
        if (design.memory(boundary->child, boundary->tensor).windowed) {
            parts += " in a window";
        } else {
            parts += " x " + std::to_string(depth) + (depth == 1 ? " slot" : " slots");
            slots = true;
        }
    }
    return where + ": tiles need " + std::to_string(need) + " B, " + std::to_string(need - room) + " B over its " +
           std::to_string(room) + " B (" + parts + "); use smaller tiles" + (slots ? ", less depth" : "") + " or more capacity";
}

std::string memory_name(const Design& design, const Boundary& boundary) {
    const Level& level = design.level(boundary.child);
    const std::string& tensor = design.tensor(boundary.tensor).name;
    if (level.memories.count(tensor) > 0) return "level '" + level.name + "', memory of " + tensor;
    if (level.partitions.count(tensor) > 0) return "level '" + level.name + "', partition of " + tensor;
    return "level '" + level.name + "'";
}

/// Bytes of the memory or partition that holds this tensor alone, 0 when it shares.
std::int64_t own_bytes(const Design& design, const Boundary& boundary) {
    const Level& level = design.level(boundary.child);
    const std::string& tensor = design.tensor(boundary.tensor).name;
    if (const auto memory = level.memories.find(tensor); memory != level.memories.end()) return memory->second.capacity_bytes;
    const auto partition = level.partitions.find(tensor);
    return partition == level.partitions.end() ? 0 : partition->second;
}

/// True when a level keeps no other tensor in its shared memory.
bool is_alone(const Design& design, const Boundary& boundary) {
    for (std::size_t t = 0; t < design.keepers.size(); ++t) {
        const auto& keepers = design.keepers[t];
        if (static_cast<int>(t) == boundary.tensor ||
            design.level(boundary.child).memories.count(design.workload.tensors[t].name) > 0)
            continue;
        if (std::find(keepers.begin(), keepers.end(), boundary.child) != keepers.end()) return false;
    }
    return true;
}

bool has_axis_of_several_dimensions(const Tensor& tensor) {
    return std::any_of(tensor.axes.begin(), tensor.axes.end(), [](const Axis& axis) { return axis.terms.size() > 1; });
}

}  // namespace

std::int64_t bytes_needed(const Design& design, const Boundary& boundary) {
    const Memory& memory = design.memory(boundary.child, boundary.tensor);
    return bytes_of(design, boundary, boundary.tile_words * (memory.windowed ? 1 : memory.depth));
}

std::int64_t window_share_bytes(const Design& design, const Boundary& boundary) {
    const std::int64_t own = own_bytes(design, boundary);
    const Level& level = design.level(boundary.child);
    if (own > 0 || level.memories.count(design.tensor(boundary.tensor).name) > 0) return own;
    if (!is_alone(design, boundary)) {
        throw UserError("level '" + level.name + "': windowed needs a share of the capacity for each tensor; give " +
                            design.tensor(boundary.tensor).name + " a partition or a memory of its own",
                        level.where);
    }
    return level.capacity_bytes;
}

void check_window(const Design& design, const Boundary& boundary) {
    const Level& level = design.level(boundary.child);
    const Tensor& tensor = design.tensor(boundary.tensor);
    if (boundary.window_words < boundary.tile_words) {
        throw UserError(capacity_message(design, memory_name(design, boundary), {&boundary}, bytes_needed(design, boundary),
                                         window_share_bytes(design, boundary)),
                        level.where);
    }
    if (design.nest.halo == Halo::reuse && !tensor.is_output && has_axis_of_several_dimensions(tensor)) {
        throw UserError("level '" + level.name + "': a windowed memory gives the words of " + tensor.name +
                            " back in the order in which they came, before 'halo: reuse' could use them again; use slots "
                            "(windowed: false) or 'halo: refetch'",
                        level.where);
    }
}

void check_capacities(const Design& design) {
    for (std::size_t l = 1; l < design.architecture.levels.size(); ++l) {
        const Level& level = design.architecture.levels[l];
        if (!level.is_buffer()) continue;
        std::vector<const Boundary*> shared;
        std::int64_t need = 0;
        for (const Boundary& boundary : design.boundaries) {
            if (boundary.child != static_cast<int>(l)) continue;
            const std::int64_t bytes = bytes_needed(design, boundary);
            const std::int64_t own = own_bytes(design, boundary);
            if (own > 0 && bytes > own) {
                throw UserError(capacity_message(design, memory_name(design, boundary), {&boundary}, bytes, own), level.where);
            }
            if (level.memories.count(design.tensor(boundary.tensor).name) > 0) continue;
            need += bytes;
            shared.push_back(&boundary);
        }
        if (level.capacity_bytes > 0 && need > level.capacity_bytes) {
            throw UserError(capacity_message(design, "level '" + level.name + "'", shared, need, level.capacity_bytes),
                            level.where);
        }
    }
}

}  // namespace accelsim
