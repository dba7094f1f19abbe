// SPDX-License-Identifier: Apache-2.0
// What one lane's tile holds: its box, clipped, with or without gaps (docs/microarchitecture.md, 1).
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "mappings/lowering.hpp"

namespace accelsim {

/// One axis of a lane's box, relative to the lane's nominal origin: the first and one-past-last element, and which between them
/// some index reaches (empty: all).
struct AxisBox {
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::vector<char> reached;

    bool contains(std::int64_t element) const {
        if (element < low || element >= high) return false;
        return reached.empty() || reached[static_cast<std::size_t>(element)] != 0;
    }
};

/// Clips the boxes of a boundary's lanes.
class LaneClipper {
public:
    LaneClipper(const Design& design, const Boundary& boundary)
        : design_(&design), tensor_(&design.tensor(boundary.tensor)), extents_(boundary.extents) {
        spans_ = spans_inside(design, boundary.child);
        for (std::size_t i = 0; i < spans_.size(); ++i) spans_[i] = std::min(spans_[i], design.issued[i]);
    }

    /// Of every dimension inside the child, capped at its issued bound.
    const std::vector<std::int64_t>& spans() const { return spans_; }

    /// An axis of the lane's box to which these displacements lead, per dimension.
    AxisBox clip(std::size_t a, const std::vector<std::int64_t>& offsets, const std::vector<std::int64_t>& instance,
                 const std::vector<std::int64_t>& lane) const {
        const Axis& axis = tensor_->axes[a];
        std::int64_t first = axis.offset;
        std::int64_t last = axis.offset;
        bool empty = false;
        for (const Term& term : axis.terms) {
            const auto d = static_cast<std::size_t>(term.dimension);
            const std::int64_t low = offsets[d] + instance[d] + lane[d];
            const std::int64_t high = std::min(low + spans_[d], design_->issued[d]);
            empty = empty || low >= high;
            first += term.coefficient * low;
            last += term.coefficient * (high - 1);
        }
        AxisBox box;
        box.low = std::max<std::int64_t>(0, -first);
        box.high = empty ? box.low : std::min(last, axis.size - 1) - first + 1;
        if (design_->nest.skip_gaps) box.reached = reached(axis, a, offsets, instance, lane);
        return box;
    }

private:
    std::vector<char> reached(const Axis& axis, std::size_t a, const std::vector<std::int64_t>& offsets,
                              const std::vector<std::int64_t>& instance, const std::vector<std::int64_t>& lane) const {
        if (axis.terms.size() == 1 && axis.terms[0].coefficient == 1) return {};
        std::vector<char> result(static_cast<std::size_t>(extents_[a]), 0);
        result[0] = 1;
        for (const Term& term : axis.terms) {
            const auto d = static_cast<std::size_t>(term.dimension);
            const std::int64_t count = std::min(spans_[d], design_->issued[d] - (offsets[d] + instance[d] + lane[d]));
            std::vector<char> next(result.size(), 0);
            for (std::size_t at = 0; at < result.size(); ++at) {
                for (std::int64_t v = 0; v < count && result[at] != 0; ++v) {
                    next[at + static_cast<std::size_t>(v * term.coefficient)] = 1;
                }
            }
            result = std::move(next);
        }
        return result;
    }

    const Design* design_;
    const Tensor* tensor_;
    std::vector<std::int64_t> extents_;
    std::vector<std::int64_t> spans_;
};

}  // namespace accelsim
