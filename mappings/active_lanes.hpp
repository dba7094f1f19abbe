// SPDX-License-Identifier: Apache-2.0
// Which lanes are masked for a tile (docs/microarchitecture.md, 1).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// Of those that hold something: masked is then what only dimensions that the tensor does not depend on can do.
class ActiveLanes {
public:
    /// `loops`: spatial ones, that make the lanes, outermost first.
    ActiveLanes(const Design& design, const Tensor& tensor, const std::vector<int>& loops) : design_(design) {
        std::int64_t lanes = 1;
        for (std::size_t i = loops.size(); i-- > 0;) {
            const LoweredLoop& loop = design.loops[static_cast<std::size_t>(loops[i])];
            if (!tensor.depends_on(loop.dimension)) loops_.push_back({lanes, loop.bound, loop.stride, loop.dimension});
            lanes *= loop.bound;
        }
        for (int d = 0; d < static_cast<int>(design.issued.size()); ++d)
            if (!tensor.depends_on(d)) others_.push_back(d);
    }

    /// Those among `lanes` that are active; `offsets`: of the tile, per dimension; `instance`: displacement of the parent's.
    std::vector<std::int32_t> of(const std::vector<std::int32_t>& lanes, const std::vector<std::int64_t>& offsets,
                                 const std::vector<std::int64_t>& instance) const {
        std::vector<std::int32_t> result;
        std::copy_if(lanes.begin(), lanes.end(), std::back_inserter(result),
                     [&](std::int32_t lane) { return active(lane, offsets, instance); });
        return result;
    }

    /// All are.
    bool all(const std::vector<std::int64_t>& offsets, const std::vector<std::int64_t>& instance) const {
        return active(-1, offsets, instance);
    }

private:
    struct Loop {
        std::int64_t lanes;  ///< of one value
        std::int64_t bound;
        std::int64_t stride;
        int dimension;
    };

    /// Lane -1: that with the greatest indices.
    bool active(std::int64_t lane, const std::vector<std::int64_t>& offsets, const std::vector<std::int64_t>& instance) const {
        return std::all_of(others_.begin(), others_.end(), [&](int dimension) {
            const auto d = static_cast<std::size_t>(dimension);
            std::int64_t at = offsets[d] + instance[d];
            for (const Loop& loop : loops_) {
                if (loop.dimension != dimension) continue;
                at += (lane < 0 ? loop.bound - 1 : lane / loop.lanes % loop.bound) * loop.stride;
            }
            return at < design_.issued[d];
        });
    }

    const Design& design_;
    std::vector<Loop> loops_;
    std::vector<int> others_;  ///< dimensions
};

}  // namespace accelsim
