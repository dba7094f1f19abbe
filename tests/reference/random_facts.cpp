// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_parts.hpp"

#include <algorithm>

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

}  // namespace

std::int64_t stride_of(const Nest& nest, std::size_t loop) {
    std::int64_t stride = 1;
    for (std::size_t j = loop + 1; j < nest.loops.size(); ++j) {
        if (nest.loops[j].dimension == nest.loops[loop].dimension) stride *= nest.loops[j].bound;
    }
    return stride;
}

bool can_keep(const Level& level, const std::string& tensor) {
    return level.keeps_all || std::find(level.keeps.begin(), level.keeps.end(), tensor) != level.keeps.end();
}

bool is_kept(const RandomDesign& design, std::size_t l, int t) {
    const Level& level = design.architecture.levels[l];
    if (level.kind == LevelKind::dram) return true;
    if (level.kind != LevelKind::buffer) return false;
    const auto found = design.nest.bypass.find(static_cast<int>(l));
    if (found != design.nest.bypass.end() && std::find(found->second.begin(), found->second.end(), t) != found->second.end())
        return false;
    return can_keep(level, design.workload.tensors[at(t)].name);
}

std::int64_t issued_bound(const RandomDesign& design, int dimension) {
    const std::int64_t bound = design.workload.dimensions[at(dimension)].bound;
    return at(dimension) < design.nest.issued.size() ? std::max(bound, design.nest.issued[at(dimension)]) : bound;
}

std::vector<std::int64_t> tile_extents(const RandomDesign& design, int tensor, int level) {
    std::vector<std::int64_t> extents;
    for (const Axis& axis : design.workload.tensors[at(tensor)].axes) {
        std::int64_t extent = 1;
        for (const Term& term : axis.terms) {
            std::int64_t span = 1;
            for (const Loop& loop : design.nest.loops)
                span *= loop.dimension == term.dimension && loop.level >= level ? loop.bound : 1;
            extent += term.coefficient * (std::min(span, issued_bound(design, term.dimension)) - 1);
        }
        extents.push_back(extent);
    }
    return extents;
}

std::int64_t temporal_iterations(const RandomDesign& design) {
    std::int64_t count = 1;
    for (const Loop& loop : design.nest.loops) count *= loop.kind == LoopKind::temporal ? loop.bound : 1;
    return count;
}

std::int64_t issued_steps(const RandomDesign& design) {
    std::int64_t steps = 1;
    for (int d = 0; at(d) < design.workload.dimensions.size(); ++d) {
        std::vector<std::int64_t> indices{0};
        for (std::size_t i = 0; i < design.nest.loops.size(); ++i) {
            const Loop& loop = design.nest.loops[i];
            if (loop.dimension != d || loop.kind != LoopKind::temporal) continue;
            std::vector<std::int64_t> next;
            for (std::int64_t base : indices) {
                for (std::int64_t v = 0; v < loop.bound; ++v) next.push_back(base + v * stride_of(design.nest, i));
            }
            indices = next;
        }
        steps *= std::count_if(indices.begin(), indices.end(), [&](std::int64_t i) { return i < issued_bound(design, d); });
    }
    return steps;
}

namespace {

/// How far the loops of other dimensions that stand between the parent and the MAC (spatial ones down to the child, all
/// loops inside it) can displace a word on this axis; a superset of what two lanes can share off the array's axis.
std::int64_t reach_of_others(const RandomDesign& design, const Axis& axis, int dimension, int parent, int child) {
    std::int64_t reach = 0;
    for (const Term& term : axis.terms) {
        std::int64_t span = 1, between = 0;
        for (std::size_t i = 0; i < design.nest.loops.size(); ++i) {
            const Loop& loop = design.nest.loops[i];
            if (loop.dimension != term.dimension) continue;
            if (loop.level >= child) span *= loop.bound;
            const bool crossed = loop.kind != LoopKind::temporal && loop.level > parent && loop.level < child;
            if (crossed && loop.dimension != dimension) between += (loop.bound - 1) * stride_of(design.nest, i);
        }
        span = std::min(span, issued_bound(design, term.dimension));
        reach += term.coefficient * (span - 1 + between);
    }
    return reach;
}

/// Section on delay: systolic is legal when no two lanes that differ in a loop indexing the tensor can need a common word.
bool systolic_is_legal(const RandomDesign& design, int t, int array) {
    const Tensor& tensor = design.workload.tensors[at(t)];
    int parent = array, child = array;
    while (!is_kept(design, at(parent), t)) --parent;
    while (child < design.architecture.mac_level() && !is_kept(design, at(child), t)) ++child;
    for (std::size_t i = 0; i < design.nest.loops.size(); ++i) {
        const Loop& loop = design.nest.loops[i];
        if (loop.level != array) continue;
        for (const Axis& axis : tensor.axes) {
            for (const Term& term : axis.terms) {
                if (term.dimension != loop.dimension) continue;
                const std::int64_t step = term.coefficient * stride_of(design.nest, i);
                if (reach_of_others(design, axis, loop.dimension, parent, child) >= step) return false;
            }
        }
    }
    return true;
}

}  // namespace

void legalise_systolic(RandomDesign& design) {
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        Level& level = design.architecture.levels[l];
        if (level.kind != LevelKind::array) continue;
        for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
            const auto found = level.networks.find(design.workload.tensors[t].name);
            if (found == level.networks.end() || found->second.transport != Transport::systolic) continue;
            if (!systolic_is_legal(design, static_cast<int>(t), static_cast<int>(l)))
                found->second.transport = Transport::multicast;
        }
    }
}

}  // namespace accelsim::testing
