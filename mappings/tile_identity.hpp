// SPDX-License-Identifier: Apache-2.0
// When two iterations need the same tile (docs/microarchitecture.md, 1).
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// Compares the tiles of a boundary at two iterations of the loops above, given as dimension offsets.
class TileIdentity {
public:
    TileIdentity(const Design& design, int boundary);

    /// Equal origins and, in every child instance and axis, equal ranges after cutting at the issued bounds (equal sets of
    /// coordinates with `gaps: skip`).
    bool same(const std::vector<std::int64_t>& left, const std::vector<std::int64_t>& right) const;

private:
    /// A dimension of an axis that has several: only there can equal origins hide different cuts.
    struct Part {
        std::size_t dimension;
        std::int64_t coefficient;
        std::int64_t bound;
        std::int64_t span;
        std::vector<std::int64_t> lanes;  ///< indices that the spatial loops outside the child add
    };
    using Parts = std::vector<Part>;
    /// Calls for every combination of lanes: [first, last] of the box, or first > last when it is empty.
    static void boxes(const Parts& parts, const std::vector<std::int64_t>& offsets, std::vector<std::int64_t>& result);
    /// The same with all coordinates of each box: their number, then themselves in order.
    static void sets(const Parts& parts, const std::vector<std::int64_t>& offsets, std::vector<std::int64_t>& result);

    const Tensor* tensor_;
    bool skip_gaps_;
    std::vector<Parts> shared_axes_;  ///< with a tail in some dimension
};

}  // namespace accelsim
