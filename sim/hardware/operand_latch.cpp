// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/operand_latch.hpp"

#include <map>

#include "mappings/clip_key.hpp"
#include "mappings/loop_walk.hpp"
#include "mappings/lowering.hpp"
#include "mappings/positions.hpp"

namespace accelsim {

OperandLatch::OperandLatch(const Design& design, const Tensor& tensor, std::vector<int> inner)
    : design_(&design), tensor_(&tensor), inner_(std::move(inner)), weights_(design.issued.size(), 0) {
    std::int64_t range = 1;
    for (std::size_t a = tensor.axes.size(); a-- > 0;) {
        std::int64_t extent = 1;
        for (const Term& term : tensor.axes[a].terms) {
            const auto d = static_cast<std::size_t>(term.dimension);
            weights_[d] = term.coefficient * range;
            extent += term.coefficient * (design.issued[d] - 1);
        }
        range *= extent;
    }
    lanes_ = Positions(design, spatial_loops_between(design, -1, design.architecture.mac_level())).displacements;
    for (const auto& lane : lanes_) lane_coordinates_.push_back(coordinate(lane));
    held_.assign(lanes_.size(), -1);
}

/// A number for the coordinates without their offsets: equal numbers, equal coordinates.
std::int64_t OperandLatch::coordinate(const std::vector<std::int64_t>& indices) const {
    std::int64_t number = 0;
    for (std::size_t d = 0; d < indices.size(); ++d) number += weights_[d] * indices[d];
    return number;
}

bool OperandLatch::inside(const std::vector<std::int64_t>& indices) const {
    for (const Axis& axis : tensor_->axes) {
        std::int64_t at = axis.offset;
        for (const Term& term : axis.terms) at += term.coefficient * indices[static_cast<std::size_t>(term.dimension)];
        if (at < 0 || at >= axis.size) return false;
    }
    return true;
}

/// One lane's steps, from the indices of its first.
LatchRun::Class OperandLatch::walk(const std::vector<std::int64_t>& first) const {
    LatchRun::Class result;
    for (std::size_t d = 0; d < first.size(); ++d) {
        if (first[d] >= design_->issued[d]) return result;
    }
    result.active = true;
    result.first_inside = inside(first);
    const std::int64_t begin = coordinate(first);
    std::int64_t held = begin;
    LoopWalk steps(*design_, inner_, first);
    while (steps.next()) {
        const std::int64_t now = coordinate(steps.offsets());
        if (now != held && inside(steps.offsets())) ++result.later_reads;
        held = now;
    }
    result.last = held - begin;
    return result;
}

LatchRun OperandLatch::measure(const std::vector<std::int64_t>& offsets) const {
    LatchRun run;
    // A lane's steps depend on how far its indices are from where they are cut: the issued bounds, the edges of the tensor.
    std::map<std::vector<std::int64_t>, int> known;
    std::vector<std::int64_t> reach(offsets.size(), 0);
    for (int index : inner_) {
        const LoweredLoop& loop = design_->loops[static_cast<std::size_t>(index)];
        reach[static_cast<std::size_t>(loop.dimension)] += (loop.bound - 1) * loop.stride;
    }
    const ClipKey clip_key(*design_, {tensor_}, reach);
    std::vector<std::int64_t> first(offsets.size());
    std::vector<std::int64_t> key;
    for (const auto& lane : lanes_) {
        for (std::size_t d = 0; d < first.size(); ++d) first[d] = offsets[d] + lane[d];
        key.clear();
        clip_key.append(first, key);
        const auto [found, fresh] = known.try_emplace(key, static_cast<int>(run.classes.size()));
        if (fresh) run.classes.push_back(walk(first));
        run.class_of_lane.push_back(found->second);
    }
    return run;
}

std::int64_t OperandLatch::pass(const std::vector<std::int64_t>& offsets, const LatchRun& run) {
    const std::int64_t base = coordinate(offsets);
    std::int64_t reads = 0;
    for (std::size_t lane = 0; lane < held_.size(); ++lane) {
        const LatchRun::Class& steps = run.classes[static_cast<std::size_t>(run.class_of_lane[lane])];
        if (!steps.active) continue;
        const std::int64_t first = base + lane_coordinates_[lane];
        reads += steps.later_reads + (steps.first_inside && held_[lane] != first ? 1 : 0);
        held_[lane] = first + steps.last;
    }
    return reads;
}

}  // namespace accelsim
