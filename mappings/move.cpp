// SPDX-License-Identifier: Apache-2.0
#include "mappings/move.hpp"

#include "mappings/move_geometry.hpp"

namespace accelsim {

MoveTable::MoveTable(const Design& design, int boundary) : geometry_(std::make_unique<Geometry>(design, boundary)) {}
MoveTable::~MoveTable() = default;
MoveTable::MoveTable(MoveTable&&) noexcept = default;

void MoveTable::make_key(const std::vector<std::int64_t>& offsets, MoveKind kind) {
    key_.clear();
    key_.push_back(static_cast<std::int64_t>(kind));
    append_clip_key(*geometry_->design, *geometry_->tensor, offsets, geometry_->reach, key_);
}

const Move& MoveTable::move(const std::vector<std::int64_t>& offsets, MoveKind kind) {
    make_key(offsets, kind);
    if (last_ != nullptr && key_ == last_key_) return *last_;
    last_key_ = key_;
    const auto found = cache_.find(key_);
    if (found != cache_.end()) return *(last_ = &found->second);
    Move move;
    if (geometry_->is_plain()) {
        move = geometry_->plain_move(offsets);
    } else {
        const auto list = geometry_->words(offsets, kind);
        move.group_begin = geometry_->group(list);
        move.counts = geometry_->count(list, offsets, kind);
    }
    return *(last_ = &cache_.emplace(key_, std::move(move)).first->second);
}

std::vector<std::vector<Copy>> MoveTable::words(const std::vector<std::int64_t>& offsets, MoveKind kind) const {
    if (!geometry_->is_plain()) return geometry_->words(offsets, kind);
    Geometry& g = *geometry_;
    if (g.elements.empty()) {
        std::vector<std::vector<Copy>> result;
        const ClippedBox box = g.clip(offsets, g.parents.displacements[0], g.lanes.displacements[0]);
        Vector element(g.tensor->axes.size(), 0);
        for (std::int64_t address = 0; address < g.boundary->tile_words; ++address) {
            if (box.contains(element)) result.push_back({Copy{address, 0}});
            for (std::size_t a = element.size(); a-- > 0;) {
                if (++element[a] < g.boundary->extents[a]) break;
                element[a] = 0;
            }
        }
        return result;
    }
    return g.words(offsets, kind);
}

}  // namespace accelsim
