// SPDX-License-Identifier: Apache-2.0
#include "models/relaxed_design.hpp"

namespace accelsim {

namespace {

/// Tiles without tails may be larger.
void give_capacity(Architecture& architecture) {
    constexpr std::int64_t plenty = std::int64_t{1} << 50;
    for (Level& level : architecture.levels) {
        level.partitions.clear();
        if (level.capacity_bytes > 0) level.capacity_bytes = plenty;
        level.windowed = false;
        for (auto& [name, memory] : level.memories) {
            memory.capacity_bytes = plenty;
            memory.windowed = false;
        }
    }
}

/// The same words by a network that any arrangement of lanes can have: chains need neighbours that share. It has no hops.
void loosen_chains(Architecture& architecture) {
    for (Level& level : architecture.levels)
        for (auto& [tensor, network] : level.networks)
            if (network.transport == Transport::systolic) network.transport = Transport::multicast;
}

void share_everything(Architecture& architecture) {
    for (Level& level : architecture.levels)
        for (auto& [tensor, network] : level.networks) {
            if (network.transport == Transport::unicast) network.transport = Transport::multicast;
            if (network.reduction == Reduction::none) network.reduction = Reduction::tree;
        }
}

void cover_factors(const Design& design, Workload& workload, Nest& nest) {
    nest.issued.clear();
    for (Dimension& dimension : workload.dimensions) dimension.bound = 1;
    for (const LoweredLoop& loop : design.loops)
        workload.dimensions[static_cast<std::size_t>(loop.dimension)].bound *= loop.bound;
}

}  // namespace

Design relaxed_design(const Design& design, const Kept& kept) {
    Workload workload = design.workload;
    Nest nest = design.nest;
    Architecture architecture = design.architecture;
    give_capacity(architecture);
    if (!kept.chains) loosen_chains(architecture);
    if (!kept.tails) cover_factors(design, workload, nest);
    if (!kept.padding)
        for (Tensor& tensor : workload.tensors)
            for (Axis& axis : tensor.axes) axis.offset = 0;
    if (!kept.tails || !kept.padding) derive_axis_sizes(workload);
    if (!kept.gaps) nest.skip_gaps = false;
    if (!kept.halo) nest.halo = kept.plain_halo;
    if (!kept.partials) nest.partials = kept.plain_partials;
    if (!kept.sharing) share_everything(architecture);
    if (!kept.latch) architecture.levels.back().operand_latch = false;
    try {
        return lower(workload, architecture, nest, design.name);
    } catch (const UserError&) {
        loosen_chains(architecture);
        return lower(workload, architecture, nest, design.name);
    }
}

}  // namespace accelsim
