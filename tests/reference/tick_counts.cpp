// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/tick_counts.hpp"

#include <algorithm>

namespace accelsim::testing {

std::int64_t row_major_size(const Values& sizes) {
    std::int64_t words = 1;
    for (std::int64_t size : sizes) words *= size;
    return words;
}

// Section 7: fills are reads at the parent and writes at the child, drains the reverse; FIFOs count nothing.
void TickCounts::sent(const LiteralBoundary& boundary, const LiteralTile& tile, bool up, const MoveCounts& counts) {
    TensorCounts& parent = at(boundary.tensor, boundary.parent);
    (up ? parent.writes_from_child : parent.reads_to_child) += counts.words;
    // An update reads what it adds to, but for the first of an element of a tile that started at zero.
    if (up && boundary.accumulates) parent.reads_to_child += counts.words - (tile.first_met ? counts.first_words : 0);
    if (!boundary.stream) {
        TensorCounts& child = at(boundary.tensor, boundary.child);
        (up ? child.reads_to_parent : child.writes_from_parent) += counts.copies;
    }
    LinkCounts& link = networks_[{{boundary.parent, boundary.child}, boundary.tensor}];
    link.injected += up ? counts.copies : counts.words;
    link.delivered += up ? counts.words : counts.copies;
    link.hops += counts.hops;
    link.hop_lengths += counts.hop_lengths;
}

std::int64_t TickCounts::tile_words(int tensor, int level) const {
    for (const LiteralBoundary& boundary : nest_.boundaries) {
        if (boundary.tensor == tensor && boundary.child == level) return boundary.tile_words;
    }
    std::int64_t words = 1;
    for (const Axis& axis : nest_.tensor(tensor).axes) words *= axis.size;
    return words;
}

std::int64_t TickCounts::instances(int level) const {
    std::int64_t count = 1;
    for (int l = 0; l < level; ++l) {
        if (nest_.level(l).kind == LevelKind::array) count *= std::int64_t{nest_.level(l).rows} * nest_.level(l).columns;
    }
    return count;
}

Counts TickCounts::finish(std::int64_t macs, std::int64_t padding) {
    Counts result;
    const int tensors = static_cast<int>(nest_.workload.tensors.size());
    for (int l = 0; l < nest_.architecture.mac_level(); ++l) {
        if (nest_.level(l).kind == LevelKind::array) continue;
        LevelCounts level{nest_.level(l).name, instances(l), nest_.level(l).capacity_bytes, {}};
        for (const auto& [tensor, memory] : nest_.level(l).memories) level.capacity_bytes += memory.capacity_bytes;
        for (int t = 0; t < tensors; ++t) {
            const auto& kept = nest_.keepers[static_cast<std::size_t>(t)];
            if (std::find(kept.begin(), kept.end(), l) == kept.end()) continue;
            TensorCounts counts = at(t, l);
            counts.tensor = nest_.tensor(t).name;
            counts.tile_words = tile_words(t, l);
            level.tensors.push_back(counts);
        }
        result.levels.push_back(level);
    }
    // A boundary that moved nothing is there all the same.
    for (const LiteralBoundary& boundary : nest_.boundaries) networks_[{{boundary.parent, boundary.child}, boundary.tensor}];
    for (auto& [key, link] : networks_) {
        const std::string from = nest_.level(key.first.first).name, to = nest_.level(key.first.second).name;
        if (result.networks.empty() || result.networks.back().from != from || result.networks.back().to != to) {
            result.networks.push_back({from, to, {}});
        }
        link.tensor = nest_.tensor(key.second).name;
        result.networks.back().tensors.push_back(link);
    }
    result.mac_operations = macs + padding;
    result.mac_padding = padding;
    return result;
}

}  // namespace accelsim::testing
