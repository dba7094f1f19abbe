// SPDX-License-Identifier: Apache-2.0
#include "mappings/move.hpp"

#include "mappings/move_geometry.hpp"

namespace accelsim {

MoveTable::MoveTable(const Design& design, int boundary, const TensorPlace* place)
    : geometry_(std::make_unique<Geometry>(design, boundary, place)) {}
MoveTable::~MoveTable() = default;
MoveTable::MoveTable(MoveTable&&) noexcept = default;

void MoveTable::make_key(const Tile& tile, MoveKind kind) {
    const Geometry& g = *geometry_;
    key_.clear();
    key_.push_back(static_cast<std::int64_t>(kind));
    g.clip_key.append(tile.offsets, key_);
    if (g.place != nullptr) {
        key_.push_back(g.phase(tile, left_));
        key_.insert(key_.end(), left_.begin(), left_.end());
    }
    if (kind != MoveKind::operand_fill || tile.before.empty()) return;
    g.clip_key.append(tile.before, key_);
    for (const Axis& axis : g.tensor->axes) {
        std::int64_t shift = 0;
        for (const Term& term : axis.terms) {
            const auto d = static_cast<std::size_t>(term.dimension);
            shift += term.coefficient * (tile.offsets[d] - tile.before[d]);
        }
        key_.push_back(shift);
    }
}

std::int64_t MoveTable::first_burst(const Tile& tile) {
    const std::int64_t phase = geometry_->phase(tile, left_);
    return geometry_->place->whole(tile.origin, left_) - phase;
}

const Move& MoveTable::move(const Tile& tile, MoveKind kind) {
    make_key(tile, kind);
    if (last_ != nullptr && key_ == last_key_) return *last_;
    last_key_ = key_;
    const auto found = cache_.find(key_);
    if (found != cache_.end()) return *(last_ = &found->second);
    return *(last_ = &cache_.emplace(key_, geometry_->make(tile, kind)).first->second);
}

const WordList& MoveTable::words(const Tile& tile, MoveKind kind) {
    make_key(tile, kind);
    const auto found = words_.find(key_);
    if (found != words_.end()) return found->second;
    return words_.emplace(key_, geometry_->words(tile, kind)).first->second;
}

}  // namespace accelsim
