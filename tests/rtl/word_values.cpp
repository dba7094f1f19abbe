// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/word_values.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "tests/rtl/rtl_model.hpp"

namespace accelsim::testing {

WordValues::WordValues(const Design& design, const Operands& operands)
    : design_(design), operands_(operands), nest_(design.workload, design.architecture, design.nest) {
    run();
}

std::int64_t WordValues::element(int tensor, const Values& coordinate) const {
    std::int64_t result = 0;
    const std::vector<Axis>& axes = nest_.tensor(tensor).axes;
    for (std::size_t a = 0; a < axes.size(); ++a) {
        if (coordinate[a] < 0 || coordinate[a] >= axes[a].size) return -1;
        result = result * axes[a].size + coordinate[a];
    }
    return result;
}

void WordValues::run() {
    const std::vector<Instance> lanes = nest_.instances(-1, static_cast<int>(design_.architecture.levels.size()) - 1);
    lanes_ = lanes.size();
    for (std::size_t step = 0; step < nest_.steps.size(); ++step) {
        const Values outer = nest_.indices_of(nest_.steps[step]);
        for (const Instance& lane : lanes) {
            Values indices = outer;
            bool active = true;
            for (std::size_t d = 0; d < indices.size(); ++d) {
                indices[d] += lane.indices[d];
                active = active && indices[d] < nest_.bound(d);
            }
            if (!active) continue;
            std::uint32_t product = 1;
            for (int t = 0; t < 2; ++t) {
                const std::int64_t at = element(t, nest_.coordinate(t, indices));
                product *= at < 0
                               ? 0u
                               : static_cast<std::uint32_t>(operands_[static_cast<std::size_t>(t)][static_cast<std::size_t>(at)]);
            }
            additions_[element(2, nest_.coordinate(2, indices))].push_back(
                {static_cast<std::int64_t>(step), static_cast<std::size_t>(&lane - lanes.data()), product});
        }
    }
}

bool WordValues::is_head(const LiteralBoundary& boundary, std::size_t child) const {
    const Instance& lane = boundary.lanes[child % boundary.lanes.size()];
    for (std::size_t l = 0; l < nest_.loops.size(); ++l) {
        if (lane.loop_values[l] != 0 && nest_.is_reduction(nest_.loops[l].dimension)) return false;
    }
    return true;
}

/// By the lanes below an instance of the boundary's child, in the steps from `from` up to `to`.
std::uint32_t WordValues::added(const LiteralBoundary& boundary, std::size_t instance, std::int64_t element, std::int64_t from,
                                std::int64_t to) const {
    const auto found = additions_.find(element);
    if (found == additions_.end()) return 0;
    const std::size_t below = lanes_ / boundary.children.size();
    std::uint32_t sum = 0;
    for (const Addition& a : found->second) {
        if (a.step >= from && a.step < to && a.lane / below == instance) sum += a.product;
    }
    return sum;
}

/// What an instance of the parent of `inner` holds when its tile `tile` has had the steps before `step`.
std::uint32_t WordValues::held(const LiteralBoundary& inner, std::size_t instance, std::int64_t element, std::int64_t tile,
                               std::int64_t step) const {
    if (inner.outer < 0) {
        std::uint32_t sum = 0;
        const auto found = additions_.find(element);
        if (found == additions_.end()) return 0;
        for (const Addition& a : found->second) sum += a.step < step ? a.product : 0;
        return sum;
    }
    const LiteralBoundary& own = nest_.boundaries[static_cast<std::size_t>(inner.outer)];
    const LiteralTile& begun = own.tiles.at(static_cast<std::size_t>(tile));
    std::uint32_t sum = added(own, instance, element, begun.first_step, step);
    if (is_head(own, instance)) sum += held(own, instance / own.lanes.size(), element, begun.source, begun.first_step);
    return sum;
}

std::optional<std::int32_t> WordValues::at(int boundary, bool up, std::int64_t tile, const std::vector<Copy>& copies,
                                           std::size_t parent) const {
    const LiteralBoundary& b = nest_.boundaries[static_cast<std::size_t>(boundary)];
    const LiteralTile& t = b.tiles.at(static_cast<std::size_t>(tile));
    for (const Copy& copy : copies) {
        const Instance& child = b.children.at(parent * b.lanes.size() + static_cast<std::size_t>(copy.lane));
        Values coordinate = nest_.displacement(b.tensor, child.indices);
        std::int64_t rest = copy.address;
        for (std::size_t a = coordinate.size(); a-- > 0;) {
            coordinate[a] += t.origin[a] + rest % b.extents[a];
            rest /= b.extents[a];
        }
        if (!nest_.clipped_box(b, t, child).holds(coordinate)) continue;
        const std::int64_t place = element(b.tensor, coordinate);
        if (b.tensor != 2) return operands_[static_cast<std::size_t>(b.tensor)].at(static_cast<std::size_t>(place));
        const bool last = static_cast<std::size_t>(tile) + 1 == b.tiles.size();
        const std::int64_t end = !up    ? t.first_step
                                 : last ? std::numeric_limits<std::int64_t>::max()
                                        : b.tiles[static_cast<std::size_t>(tile) + 1].first_step;
        // What goes up is what the chain's lanes add to what their parent had.
        return sign_extended(held(b, parent, place, t.source, end), design_.workload.output().bits);
    }
    return std::nullopt;
}

bool WordValues::says(int boundary, bool up, std::int64_t tile, const std::vector<Copy>& copies, std::size_t parent) const {
    try {
        return at(boundary, up, tile, copies, parent).has_value();
    } catch (const std::out_of_range&) {
        return true;
    }
}

}  // namespace accelsim::testing
