// SPDX-License-Identifier: Apache-2.0
// What movers ask of windowed memories, and what they give back (docs/microarchitecture.md, 4, windows).
#include <algorithm>

#include "sim/hardware/mover.hpp"
#include "sim/hardware/mover_bursts.hpp"

namespace accelsim {

void Mover::give_back(std::int64_t cycle) {
    if (!windows_) return;
    Channel* memory = gives_back_to();
    if (memory == nullptr || !memory->windowed()) return;
    const auto [tile, address] = given_after(group_);
    memory->give_back(cycle + 1, tile, address);
}

std::int64_t Mover::uniform_groups(std::int64_t cycle) {
    const std::int64_t groups = group_end_ - group_ - 1;
    if (!windows_) return groups;
    Channel* memory = gives_back_to();
    if (memory == nullptr || !memory->windowed() || memory->fill == nullptr) return groups;
    const std::int64_t wanted = memory->fill->wanted(cycle);
    if (wanted == 0) return groups;
    // The mover that waits for this space must look as soon as it is given back.
    for (std::int64_t sent = 1; sent < groups; ++sent) {
        const auto [tile, address] = given_after(group_ + sent);
        if (tile * memory->boundary->tile_words + address >= wanted) return sent;
    }
    return groups;
}

/// Walks ahead over the tiles of a windowed source: what each of them leaves for the later ones.
void FillMover::look_through_source() {
    const std::int64_t source = tile().source;
    source_begin_ = tile().number;
    later_.clear();
    TileStream ahead = *stream_;
    for (; !ahead.done() && ahead.current().source == source; ahead.next()) {
        const Move& move = channel_->moves->move(ahead.current(), move_kind());
        later_.push_back(move.groups() == 0 ? nothing_left : ahead.current().source_address + move.lowest_left[0]);
    }
    std::int64_t low = nothing_left;
    for (std::size_t i = later_.size(); i-- > 0;) {
        const std::int64_t own = later_[i];
        later_[i] = low;
        low = std::min(low, own);
    }
}

/// Given back beyond this position, the group (of an output: the whole tile) has its space.
std::int64_t FillMover::space_for(std::int64_t group) const {
    const Boundary& b = *channel_->boundary;
    const std::int64_t begin = tile().number * b.tile_words;
    if (channel_->is_output()) return begin + b.tile_words - b.window_words;
    if (bursts_ != nullptr) {
        const auto& asked = bursts_->asked->bursts;
        const std::int64_t address = asked.empty() ? 0 : asked[bursts_->next].highest;
        return begin + address + 1 - b.window_words;
    }
    const std::int64_t highest = move_->groups() == 0 ? 0 : move_->highest[static_cast<std::size_t>(group)];
    return begin + highest + 1 - b.window_words;
}

bool FillMover::has_room(std::int64_t cycle) {
    const bool reserved = bursts_ != nullptr ? bursts_->next > 0 : started_;
    if (!channel_->windowed()) return reserved || channel_->slot_free(cycle);
    if (channel_->is_output() && reserved) return true;
    return channel_->given_back.at(cycle) >= space_for(group_);
}

std::int64_t FillMover::wanted(std::int64_t cycle) {
    return done() || !channel_->windowed() || has_room(cycle) ? 0 : space_for(group_);
}

std::int64_t FillMover::uniform_groups(std::int64_t cycle) {
    const std::int64_t groups = Mover::uniform_groups(cycle);
    if (bursts_ != nullptr || !channel_->windowed() || channel_->is_output()) return groups;
    // The request that follows the last of these groups must be there, too.
    for (std::int64_t sent = 0; sent < groups; ++sent) {
        if (channel_->given_back.at(cycle) < space_for(group_ + sent + 1)) return sent;
    }
    return groups;
}

Channel* FillMover::gives_back_to() { return channel_->is_output() ? nullptr : channel_->parent; }

std::pair<std::int64_t, std::int64_t> FillMover::given_after(std::int64_t sent) {
    const std::int64_t whole = channel_->parent->boundary->tile_words;
    const std::int64_t here = move_->groups() == 0 ? nothing_left : move_->lowest_left[static_cast<std::size_t>(sent)];
    const std::int64_t later = later_[static_cast<std::size_t>(tile().number - source_begin_)];
    const std::int64_t low = std::min(here == nothing_left ? whole : here + tile().source_address, later);
    return {tile().source, std::min(low, whole)};
}

std::pair<std::int64_t, std::int64_t> DrainMover::given_after(std::int64_t sent) {
    return {tile().number, std::min(move_->lowest_left[static_cast<std::size_t>(sent)], channel_->boundary->tile_words)};
}

}  // namespace accelsim
