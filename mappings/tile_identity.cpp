// SPDX-License-Identifier: Apache-2.0
#include "mappings/tile_identity.hpp"

#include <algorithm>

#include "mappings/lowering.hpp"

namespace accelsim {

TileIdentity::TileIdentity(const Design& design, int boundary_index)
    : tensor_(&design.tensor(design.boundaries[static_cast<std::size_t>(boundary_index)].tensor)),
      skip_gaps_(design.nest.skip_gaps) {
    const Boundary& boundary = design.boundaries[static_cast<std::size_t>(boundary_index)];
    for (const Axis& axis : tensor_->axes) {
        Parts parts;
        bool tail = false;
        for (const Term& term : axis.terms) {
            const std::int64_t bound = design.issued[static_cast<std::size_t>(term.dimension)];
            Part part{static_cast<std::size_t>(term.dimension), term.coefficient, bound, 1, {0}};
            std::int64_t cover = 1;
            for (const LoweredLoop& loop : design.loops) {
                if (loop.dimension != term.dimension) continue;
                cover *= loop.bound;
                if (loop.level >= boundary.child) {
                    part.span *= loop.bound;
                } else if (!loop.is_temporal()) {
                    std::vector<std::int64_t> lanes;
                    for (std::int64_t lane : part.lanes) {
                        for (std::int64_t v = 0; v < loop.bound; ++v) lanes.push_back(lane + v * loop.stride);
                    }
                    part.lanes = std::move(lanes);
                }
            }
            tail = tail || cover != bound;
            parts.push_back(std::move(part));
        }
        if (tail && parts.size() > 1) shared_axes_.push_back(std::move(parts));
    }
}

void TileIdentity::boxes(const Parts& parts, const std::vector<std::int64_t>& offsets, std::vector<std::int64_t>& result) {
    result.assign({0, 0});  // pairs of first and last
    for (const Part& part : parts) {
        std::vector<std::int64_t> next;
        for (std::size_t i = 0; i < result.size(); i += 2) {
            for (std::int64_t lane : part.lanes) {
                const std::int64_t low = offsets[part.dimension] + lane;
                const std::int64_t high = std::min(low + part.span, part.bound) - 1;
                const bool empty = high < low || result[i] > result[i + 1];
                next.push_back(empty ? 1 : result[i] + part.coefficient * low);
                next.push_back(empty ? 0 : result[i + 1] + part.coefficient * high);
            }
        }
        result = std::move(next);
    }
}

void TileIdentity::sets(const Parts& parts, const std::vector<std::int64_t>& offsets, std::vector<std::int64_t>& result) {
    std::vector<std::vector<std::int64_t>> lanes{{0}};  // coordinates that each combination of lanes reaches
    for (const Part& part : parts) {
        std::vector<std::vector<std::int64_t>> next;
        for (const std::vector<std::int64_t>& reached : lanes) {
            for (std::int64_t lane : part.lanes) {
                const std::int64_t low = offsets[part.dimension] + lane;
                std::vector<std::int64_t> expanded;
                for (std::int64_t v = low; v < std::min(low + part.span, part.bound); ++v) {
                    for (std::int64_t base : reached) expanded.push_back(base + part.coefficient * v);
                }
                std::sort(expanded.begin(), expanded.end());
                expanded.erase(std::unique(expanded.begin(), expanded.end()), expanded.end());
                next.push_back(std::move(expanded));
            }
        }
        lanes = std::move(next);
    }
    result.clear();
    for (const std::vector<std::int64_t>& reached : lanes) {
        result.push_back(static_cast<std::int64_t>(reached.size()));
        result.insert(result.end(), reached.begin(), reached.end());
    }
}

bool TileIdentity::same(const std::vector<std::int64_t>& left, const std::vector<std::int64_t>& right) const {
    for (const Axis& axis : tensor_->axes) {
        std::int64_t difference = 0;
        for (const Term& term : axis.terms) {
            const auto d = static_cast<std::size_t>(term.dimension);
            difference += term.coefficient * (left[d] - right[d]);
        }
        if (difference != 0) return false;
    }
    std::vector<std::int64_t> a;
    std::vector<std::int64_t> b;
    return std::all_of(shared_axes_.begin(), shared_axes_.end(), [&](const Parts& parts) {
        if (std::all_of(parts.begin(), parts.end(), [&](const Part& p) { return left[p.dimension] == right[p.dimension]; }))
            return true;
        const auto list = skip_gaps_ ? sets : boxes;
        list(parts, left, a);
        list(parts, right, b);
        return a == b;
    });
}

}  // namespace accelsim
