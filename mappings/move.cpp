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

const WordList& MoveTable::words(const std::vector<std::int64_t>& offsets, MoveKind kind) {
    make_key(offsets, kind);
    const auto found = words_.find(key_);
    if (found != words_.end()) return found->second;
    return words_.emplace(key_, geometry_->words(offsets, kind)).first->second;
}

}  // namespace accelsim
