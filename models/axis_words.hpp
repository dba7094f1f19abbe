// SPDX-License-Identifier: Apache-2.0
// Along one axis of a tensor, the coordinates that the lanes of a boundary hold in a tile, and how many of them they held before.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "mappings/design.hpp"
#include "models/ranges.hpp"

namespace accelsim {

class AxisWords {
public:
    using Values = std::vector<std::int64_t>;
    /// Spatial loops whose lanes never share a word, and those whose lanes do.
    struct Lanes {
        std::vector<int> apart, together;
    };

    AxisWords(const Design& design, const Boundary& boundary);

    /// Spatial loops outside the parent, and between parent and child; as indices into Design::loops.
    const std::vector<int>& outer() const { return outer_; }
    const std::vector<int>& inner() const { return inner_; }

    /// Words of a tile that begins at these indices of the axis's dimensions, in the tensor: over the lanes apart, of what the
    /// lanes together hold.
    std::int64_t count(const Axis& axis, const Lanes& lanes, const Values& offsets) const;
    /// Of these, the ones that every lane that holds them held in the tile that began at `before`.
    std::int64_t count_kept(const Axis& axis, const Lanes& lanes, const Values& offsets, const Values& before) const;
    /// The axis's part of "the same tile": equal origins and, in every instance, the same coordinates.
    bool same(const Axis& axis, const Values& offsets, const Values& before) const;

private:
    std::int64_t count_single(const Axis& axis, const Lanes& lanes, std::int64_t offset) const;
    void lane_offsets(const std::vector<int>& loops, int dimension, Values& result) const;
    std::vector<Ranges> all_ranges(const Axis& axis, const Values& base) const;
    Ranges held(const Axis& axis, const Values& low) const;
    std::pair<std::int64_t, std::int64_t> interval(const Axis& axis, const Values& low) const;
    bool has_lanes(const Axis& axis, const std::vector<int>& loops) const;

    const Design& design_;
    std::vector<int> outer_, inner_;
    mutable Values apart_, together_;  // of count_single()
    Values spans_;                     ///< by dimension, indices that a tile of the child spans
};

}  // namespace accelsim
