// SPDX-License-Identifier: Apache-2.0
// Tells apart the few different ways in which boxes are clipped at the edges of a nest.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// True when indices that are issued can lead outside of the tensor on this axis: padding, rounded-up tails.
inline bool may_leave_tensor(const Design& design, const Axis& axis) {
    return axis.offset != 0 || std::any_of(axis.terms.begin(), axis.terms.end(), [&](const Term& term) {
               const auto d = static_cast<std::size_t>(term.dimension);
               return design.issued[d] > design.workload.dimensions[d].bound;
           });
}

/// Describes how boxes at given dimension offsets are clipped. Equal keys mean equal clipping and equal lane masks.
class ClipKey {
public:
    ClipKey() = default;
    /// `reach`: per dimension, how far the indices inside go beyond the offsets. `tensors`: whose edges count.
    ClipKey(const Design& design, const std::vector<const Tensor*>& tensors, const std::vector<std::int64_t>& reach) {
        for (std::size_t d = 0; d < reach.size(); ++d) {
            std::int64_t cover = 1;
            for (const LoweredLoop& loop : design.loops) cover *= loop.dimension == static_cast<int>(d) ? loop.bound : 1;
            // Without a tail nothing is ever cut at the bound.
            if (cover > design.issued[d]) tails_.push_back({d, design.issued[d], reach[d] + 1});
        }
        for (const Tensor* tensor : tensors) {
            for (const Axis& axis : tensor->axes) {
                if (!may_leave_tensor(design, axis)) continue;
                std::int64_t extent = 1;
                for (const Term& term : axis.terms) extent += term.coefficient * reach[static_cast<std::size_t>(term.dimension)];
                edges_.push_back({&axis, extent});
            }
        }
    }

    void append(const std::vector<std::int64_t>& offsets, std::vector<std::int64_t>& key) const {
        for (const Tail& tail : tails_) key.push_back(std::min(tail.issued - offsets[tail.dimension], tail.extent));
        for (const Edge& edge : edges_) {
            std::int64_t origin = edge.axis->offset;
            for (const Term& term : edge.axis->terms)
                origin += term.coefficient * offsets[static_cast<std::size_t>(term.dimension)];
            key.push_back(std::min<std::int64_t>(origin, 0));
            key.push_back(std::min(edge.axis->size - origin, edge.extent));
        }
    }

private:
    struct Tail {
        std::size_t dimension;
        std::int64_t issued;
        std::int64_t extent;
    };
    struct Edge {
        const Axis* axis;
        std::int64_t extent;
    };
    std::vector<Tail> tails_;
    std::vector<Edge> edges_;
};

struct ClipKeyHash {
    template <typename Value>
    std::size_t operator()(const std::vector<Value>& key) const {
        std::size_t hash = key.size();
        for (const Value value : key) hash = hash * 1099511628211ULL + static_cast<std::size_t>(value);
        return hash;
    }
};

}  // namespace accelsim
