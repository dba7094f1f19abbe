// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "models/exact_counts.hpp"

namespace accelsim {

namespace {

std::string level_name(const Design& design, int level) { return design.level(level).name; }

std::vector<LevelCounts> make_levels(const Design& design) {
    std::vector<LevelCounts> result;
    std::int64_t instances = 1;
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        const Level& level = design.architecture.levels[l];
        if (level.kind == LevelKind::array) instances *= std::int64_t{level.rows} * level.columns;
        if (!level.is_buffer()) continue;
        LevelCounts counts{level.name, instances, level.total_capacity_bytes(), {}};
        for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
            const auto& keepers = design.keepers[t];
            if (std::find(keepers.begin(), keepers.end(), static_cast<int>(l)) == keepers.end()) continue;
            TensorCounts tensor;
            tensor.tensor = design.workload.tensors[t].name;
            const int boundary = design.find_boundary(static_cast<int>(t), static_cast<int>(l));
            tensor.tile_words = boundary < 0 ? design.workload.tensors[t].words()
                                             : design.boundaries[static_cast<std::size_t>(boundary)].tile_words;
            counts.tensors.push_back(tensor);
        }
        result.push_back(counts);
    }
    return result;
}

}  // namespace

Counts make_counts(const Design& design) {
    Counts counts;
    counts.levels = make_levels(design);
    std::set<std::pair<int, int>> links;
    for (const Boundary& boundary : design.boundaries) links.insert({boundary.parent, boundary.child});
    for (const auto& [parent, child] : links) {
        NetworkCounts network{level_name(design, parent), level_name(design, child), {}};
        for (const Boundary& boundary : design.boundaries) {
            if (boundary.parent != parent || boundary.child != child) continue;
            LinkCounts link;
            link.tensor = design.tensor(boundary.tensor).name;
            network.tensors.push_back(link);
        }
        counts.networks.push_back(network);
    }
    return counts;
}

const TensorCounts& tensor_counts(const Counts& counts, const Design& design, int level, int tensor) {
    for (const LevelCounts& entry : counts.levels) {
        if (entry.name != level_name(design, level)) continue;
        for (const TensorCounts& t : entry.tensors) {
            if (t.tensor == design.tensor(tensor).name) return t;
        }
    }
    throw InternalError("no counts for tensor '" + design.tensor(tensor).name + "' at level '" + level_name(design, level) + "'");
}

TensorCounts& tensor_counts(Counts& counts, const Design& design, int level, int tensor) {
    return const_cast<TensorCounts&>(tensor_counts(static_cast<const Counts&>(counts), design, level, tensor));
}

LinkCounts& link_counts(Counts& counts, const Design& design, const Boundary& boundary) {
    for (NetworkCounts& network : counts.networks) {
        if (network.from != level_name(design, boundary.parent) || network.to != level_name(design, boundary.child)) continue;
        for (LinkCounts& link : network.tensors) {
            if (link.tensor == design.tensor(boundary.tensor).name) return link;
        }
    }
    throw InternalError("no counts for the traffic of tensor '" + design.tensor(boundary.tensor).name + "'");
}

}  // namespace accelsim
