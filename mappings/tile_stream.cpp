// SPDX-License-Identifier: Apache-2.0
#include "mappings/tile_stream.hpp"

#include <algorithm>

namespace accelsim {

void axis_origin(const Tensor& tensor, const std::vector<std::int64_t>& offsets, std::vector<std::int64_t>& origin) {
    origin.resize(tensor.axes.size());
    for (std::size_t a = 0; a < tensor.axes.size(); ++a) {
        std::int64_t coordinate = tensor.axes[a].offset;
        for (const Term& term : tensor.axes[a].terms) {
            coordinate += term.coefficient * offsets[static_cast<std::size_t>(term.dimension)];
        }
        origin[a] = coordinate;
    }
}

TileStream::TileStream(const Design& design, int boundary)
    : boundary_(&design.boundaries[static_cast<std::size_t>(boundary)]),
      tensor_(&design.tensor(boundary_->tensor)),
      identity_(design, boundary),
      walk_(design, boundary_->above) {
    const int parent = design.find_boundary(boundary_->tensor, boundary_->parent);
    if (parent >= 0) {
        parent_identity_ = std::make_unique<TileIdentity>(design, parent);
        parent_loops_ = design.boundaries[static_cast<std::size_t>(parent)].above.size();
        parent_offsets_ = walk_.offsets();
    }
    for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d) {
        if (design.workload.is_reduction(static_cast<int>(d))) reductions_.push_back(static_cast<int>(d));
    }
    describe(tile_);
    look_ahead();
}

void TileStream::describe(Tile& tile) const {
    tile.offsets = walk_.offsets();
    axis_origin(*tensor_, tile.offsets, tile.origin);
    tile.first_met = tensor_->is_output && std::all_of(reductions_.begin(), reductions_.end(),
                                                       [&](int d) { return tile.offsets[static_cast<std::size_t>(d)] == 0; });
}

void TileStream::next() {
    if (!has_ahead_) {
        done_ = true;
        return;
    }
    std::swap(tile_, ahead_);
    look_ahead();
}

void TileStream::look_ahead() {
    has_ahead_ = false;
    while (walk_.next()) {
        if (parent_identity_ != nullptr && static_cast<std::size_t>(walk_.advanced()) < parent_loops_) {
            // A loop above the parent advanced, everything inside is at zero: these are the parent's offsets, too.
            if (!parent_identity_->same(walk_.offsets(), parent_offsets_)) {
                parent_offsets_ = walk_.offsets();
                ++parent_number_;
            }
        }
        if (!boundary_->stream && identity_.same(walk_.offsets(), tile_.offsets)) continue;
        describe(ahead_);
        ahead_.number = tile_.number + 1;
        ahead_.source = parent_number_;
        has_ahead_ = true;
        return;
    }
}

}  // namespace accelsim
