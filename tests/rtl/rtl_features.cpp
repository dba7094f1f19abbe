// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/rtl_features.hpp"

#include <algorithm>

#include "mappings/tile_stream.hpp"
#include "sim/rtl/hardware.hpp"

namespace accelsim::testing {

namespace {

bool is_replicated(const Design& design) {
    for (const LoopKind axis : {LoopKind::rows, LoopKind::columns}) {
        const auto loops = std::count_if(design.loops.begin(), design.loops.end(),
                                         [&](const LoweredLoop& l) { return l.kind == axis && l.bound > 1; });
        if (loops > 1) return true;
    }
    return false;
}

bool has_array_tail(const Design& design) {
    for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d) {
        std::int64_t spatial = 1, all = 1;
        for (const LoweredLoop& loop : design.loops) {
            if (static_cast<std::size_t>(loop.dimension) != d) continue;
            all *= loop.bound;
            if (!loop.is_temporal()) spatial *= loop.bound;
        }
        if (spatial > 1 && all > design.workload.dimensions[d].bound) return true;
    }
    return false;
}

/// Some output tile of this child is met again.
bool reads_back(const Design& design, int boundary) {
    for (TileStream tiles(design, boundary); !tiles.done(); tiles.next()) {
        if (!tiles.current().starts_at_zero) return true;
    }
    return false;
}

void add_memory(const Memory& memory, std::set<std::string>& features) {
    if (memory.arbitration == Arbitration::fixed) features.insert("fixed");
    if (memory.burst_grants) features.insert("burst");
    if (memory.mac_shares_ports) features.insert("mac_ports");
    if (memory.windowed) features.insert("windowed");
    if (memory.interleave == Interleave::word && memory.banks > 1) features.insert("word_banks");
    if (memory.interleave == Interleave::tensor) features.insert("tensor_banks");
    if (!memory.port_sets.empty()) features.insert("port_sets");
    if (memory.port_sets.empty() ? memory.ports.shared : memory.port_sets.front().ports.shared) features.insert("shared_ports");
}

/// Levels that a tensor passes by, and which memories are inside or between fan-outs.
void add_levels(const Design& design, std::set<std::string>& features) {
    int arrays = 0, inside = 0, shared = 0, below_first = 0;
    for (const Level& level : design.architecture.levels) {
        if (level.kind == LevelKind::array) {
            if (arrays > 0 && below_first > 0) features.insert("clusters");
            if (arrays > 0 && below_first == 0) features.insert("nested_fan_outs");
            ++arrays;
        }
        if (level.kind != LevelKind::buffer) continue;
        ++(arrays == 0 ? shared : inside);
        if (arrays == 1) ++below_first;
    }
    if (arrays == 0) features.insert("no_fan_out");
    if (shared == 0) features.insert("no_shared_buffer");
    if (shared > 1) features.insert("shared_levels");
    if (arrays == 1 && inside > 1) features.insert("lane_levels");
    std::size_t longest = 0, shortest = design.architecture.levels.size();
    for (const std::vector<int>& keepers : design.keepers) {
        longest = std::max(longest, keepers.size());
        shortest = std::min(shortest, keepers.size());
    }
    if (longest - shortest > 1) features.insert("bypass");
}

}  // namespace

std::set<std::string> rtl_features(const Design& design) {
    std::set<std::string> features;
    add_levels(design, features);
    if (design.nest.partials == Partials::copy) features.insert("copy");
    if (design.workload.output().bits != 32) features.insert("narrow_sums");
    for (std::size_t d = 0; d < design.issued.size(); ++d) {
        if (design.issued[d] != design.workload.dimensions[d].bound) features.insert("round_up");
    }
    if (is_replicated(design)) features.insert("replication");
    if (has_array_tail(design)) features.insert("array_tail");
    const RtlPlaces places = require_rtl(design);
    for (std::size_t b = 0; b < design.boundaries.size(); ++b) {
        const Boundary& boundary = design.boundaries[b];
        if (children_overlap(design, places, boundary)) features.insert("overlap");
        if (!design.tensor(boundary.tensor).is_output || boundary.stream || !reads_back(design, static_cast<int>(b))) continue;
        features.insert(boundary.parent == 0 ? "spill_to_dram" : "spill_to_buffer");
    }
    for (const Level& level : design.architecture.levels) {
        if (!level.is_buffer()) continue;
        add_memory(level, features);
        if (!level.memories.empty()) features.insert("memories");
        for (const auto& [tensor, memory] : level.memories) add_memory(memory, features);
    }
    return features;
}

}  // namespace accelsim::testing
