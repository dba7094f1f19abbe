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

/// Appends to `key` how a tensor's boxes at these dimension offsets are clipped, when no index inside goes further than `reach`
/// (per dimension). Equal keys mean equal clipping and equal lane masks.
inline void append_clip_key(const Design& design, const Tensor& tensor, const std::vector<std::int64_t>& offsets,
                            const std::vector<std::int64_t>& reach, std::vector<std::int64_t>& key) {
    for (std::size_t d = 0; d < offsets.size(); ++d) {
        key.push_back(std::min(design.issued[d] - offsets[d], reach[d] + 1));
    }
    for (const Axis& axis : tensor.axes) {
        if (!may_leave_tensor(design, axis)) continue;
        std::int64_t origin = axis.offset;
        std::int64_t extent = 1;
        for (const Term& term : axis.terms) {
            origin += term.coefficient * offsets[static_cast<std::size_t>(term.dimension)];
            extent += term.coefficient * reach[static_cast<std::size_t>(term.dimension)];
        }
        key.push_back(std::min<std::int64_t>(origin, 0));
        key.push_back(std::min(axis.size - origin, extent));
    }
}

struct ClipKeyHash {
    std::size_t operator()(const std::vector<std::int64_t>& key) const {
        std::size_t hash = key.size();
        for (std::int64_t value : key) hash = hash * 1099511628211ULL + static_cast<std::size_t>(value);
        return hash;
    }
};

}  // namespace accelsim
