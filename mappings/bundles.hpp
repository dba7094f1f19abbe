// SPDX-License-Identifier: Apache-2.0
// Lanes of a boundary that get the same words and share them (docs/microarchitecture.md, 2).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// The lanes of a bundle stand at the same indices of the tensor's dimensions and share what they get: every word goes to all of
/// them or to none. What a tile consists of is enumerated for bundles, not for lanes.
struct Bundles {
    using Bits = std::vector<std::uint64_t>;  ///< one per bundle

    /// Lanes at the same indices in the dimensions of one axis.
    struct Place {
        std::vector<std::int64_t> displacement;  ///< per dimension, those of the axis alone
        std::int64_t along = 0;                  ///< on the axis
        Bits bundles;                            ///< that stand there
    };

    std::vector<std::vector<std::int32_t>> lanes;  ///< of each bundle, ascending; bundles by their first lane
    std::vector<std::int64_t> sharing;             ///< class of each bundle; lanes of different classes share nothing
    std::int64_t classes = 1;
    std::vector<bool> comes_first;                ///< of each bundle: reduction loops along which nothing is shared stand at 0
    std::vector<std::vector<Place>> places;       ///< per axis
    std::vector<std::vector<std::size_t>> place;  ///< per axis, of each bundle
    bool disjoint = true;                         ///< no element is held by two bundles of a class

    /// `loops`: spatial ones, that make the lanes, outermost first; `apart`: lanes along this loop share nothing; `extents`: of a
    /// lane's tile. `heads_only`: only lanes whose reduction loops stand at 0.
    Bundles(const Design& design, const Tensor& tensor, const std::vector<int>& loops, const std::function<bool(int)>& apart,
            bool heads_only, const std::vector<std::int64_t>& extents);

    Bundles(Bundles&&) = default;
    Bundles(const Bundles&) = delete;

    std::size_t size() const { return lanes.size(); }
    /// Words of bits that hold one bit per bundle.
    std::size_t blocks() const { return (size() + 63) / 64; }
    /// Displacement of a bundle on an axis.
    std::int64_t along(std::size_t axis, std::size_t bundle) const { return places[axis][place[axis][bundle]].along; }

private:
    class Numbering;
    void add_axis(const Axis& axis, const Numbering& places_of, std::size_t dimensions);
};

}  // namespace accelsim
