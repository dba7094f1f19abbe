// SPDX-License-Identifier: Apache-2.0
#include "mappings/tile_stream.hpp"

#include <algorithm>

#include "mappings/port_pools.hpp"

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
        parent_identity_ = std::make_shared<TileIdentity>(design, parent);
        parent_loops_ = design.boundaries[static_cast<std::size_t>(parent)].above.size();
        parent_offsets_ = walk_.offsets();
        const Boundary& outer = design.boundaries[static_cast<std::size_t>(parent)];
        if (outer.window_words > 0 || word_banks(design.memory(boundary_->parent, boundary_->tensor)) > 1)
            parent_extents_ = outer.extents;
    }
    era_offsets_ = walk_.offsets();
    if (boundary_->accumulated_in >= 0) {
        era_identity_ = std::make_shared<TileIdentity>(design, boundary_->accumulated_in);
        era_loops_ = design.boundaries[static_cast<std::size_t>(boundary_->accumulated_in)].above.size();
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
    tile.era = era_;
    tile.first_met = tensor_->is_output && std::all_of(reductions_.begin(), reductions_.end(), [&](int d) {
                         return tile.offsets[static_cast<std::size_t>(d)] == era_offsets_[static_cast<std::size_t>(d)];
                     });
    tile.starts_at_zero = tile.first_met || boundary_->accumulates;
}

std::int64_t TileStream::source_address(const Tile& tile) const {
    std::vector<std::int64_t> origin;
    axis_origin(*tensor_, parent_offsets_, origin);
    std::int64_t address = 0;
    for (std::size_t a = 0; a < origin.size(); ++a) address = address * parent_extents_[a] + tile.origin[a] - origin[a];
    return address;
}

void TileStream::follow_accumulator() {
    if (era_identity_ == nullptr || static_cast<std::size_t>(walk_.advanced()) >= era_loops_) return;
    if (era_identity_->same(walk_.offsets(), era_offsets_)) return;
    era_offsets_ = walk_.offsets();
    ++era_;
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
        follow_accumulator();
        if (!boundary_->stream && identity_.same(walk_.offsets(), tile_.offsets)) continue;
        describe(ahead_);
        ahead_.number = tile_.number + 1;
        ahead_.source = parent_number_;
        if (!parent_extents_.empty()) ahead_.source_address = source_address(ahead_);
        if (boundary_->reuses_halo) ahead_.before = tile_.offsets;
        has_ahead_ = true;
        return;
    }
}

}  // namespace accelsim
