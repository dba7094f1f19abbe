// SPDX-License-Identifier: Apache-2.0
// What movers look for (docs/microarchitecture.md, 4c).
#include "tests/reference/tick_machine.hpp"

#include <stdexcept>

namespace accelsim::testing {

// Section 4c: the parent's operand tiles from which no child tile is taken are released one per cycle, in order.
void TickModel::skip_source(int b) {
    const int outer = boundary(b).outer;
    if (is_output(b) || outer < 0) return;
    const std::int64_t source = state(outer).released.at(now_);
    if (source >= tiles(outer) || state(outer).released.announced() != source) return;
    if (state(b).fill.tile < tiles(b) && tile(b, state(b).fill.tile).source <= source) return;
    if (!usable_now(outer, source)) return;
    release(outer, source);
    acted();
}

// Section 4c: what the next tile needs before its first request.
bool TickModel::may_start(int b) const {
    const BoundaryState& s = state(b);
    const LiteralTile& next = tile(b, s.fill.tile);
    const int outer = boundary(b).outer;
    if (!has_room(b)) return false;
    if (outer >= 0 && !usable_now(outer, next.source)) return false;
    // The releases are this mover's own, so they count for it at once.
    if (outer >= 0 && !is_output(b) && state(outer).released.announced() < next.source) return false;
    if (is_output(b) && !next.starts_at_zero && next.same_box_before >= 0 && s.landed.at(now_) <= next.same_box_before)
        return false;
    return true;
}

// Section 4c and windows: a slot, or space for what is asked for next (of an output: for the whole tile).
bool TickModel::has_room(int b) const {
    const BoundaryState& s = state(b);
    const std::int64_t words = boundary(b).tile_words, window = boundary(b).window;
    if (window == 0) return s.reserved.at(now_) - s.released.at(now_) < s.depth;
    const std::int64_t space = s.given_back.at(now_) + window;
    if (is_output(b)) return (s.fill.tile + 1) * words <= space;
    const std::int64_t highest = s.fill.move.words.empty() ? 0 : highest_address(s.fill.move, s.fill.group);
    return s.fill.tile * words + highest < space;
}

std::int64_t TickModel::highest_address(const LiteralMove& move, std::size_t group) const {
    std::int64_t highest = 0;
    for (std::size_t w = group == 0 ? 0 : move.group_end[group - 1]; w < move.group_end[group]; ++w) {
        for (const Copy& copy : move.words[w]) highest = std::max(highest, copy.address);
    }
    return highest;
}

/// The move of the fill mover's next tile, listed once.
void TickModel::list_fill(int b) {
    BoundaryState& s = state(b);
    if (s.fill.listed == s.fill.tile) return;
    s.fill.listed = s.fill.tile;
    s.fill.group = 0;
    const LiteralTile& next = tile(b, s.fill.tile);
    const LiteralTile* before = s.fill.tile > 0 ? &tile(b, s.fill.tile - 1) : nullptr;
    s.fill.move = {};
    if (!is_output(b)) s.fill.move = s.mover.move(next, MoveKind::operand_fill, before);
    if (is_output(b) && !next.starts_at_zero) s.fill.move = s.mover.move(next, MoveKind::read_back, before);
}

// Section 4c, fill mover.
void TickModel::look_fill(int b) {
    BoundaryState& s = state(b);
    if (s.fill.requesting || s.fill.tile == tiles(b)) return;
    list_fill(b);
    if (s.fill.started) {  // in the middle of a tile: a windowed operand may have to wait for space
        s.fill.requesting = is_output(b) || boundary(b).window == 0 || has_room(b);
        if (s.fill.requesting) acted();
        return;
    }
    if (!may_start(b)) return;
    reserve_slot(b);
    acted();
    if (!s.fill.move.words.empty()) {
        s.fill.started = s.fill.requesting = true;
        return;
    }
    s.usable.count_next_from(now_ + 1);
    give_back_source(b);
    finish_fill_source(b, s.fill.tile);
    finish_data(b);
    ++s.fill.tile;
}

// Section 4c, drain mover.
void TickModel::look_drain(int b) {
    BoundaryState& s = state(b);
    if (s.drain.requesting || s.drain.tile == tiles(b) || s.complete.at(now_) <= s.drain.tile) return;
    s.drain.move = s.mover.move(tile(b, s.drain.tile), MoveKind::write_back, nullptr);
    s.drain.group = 0;
    acted();
    s.drain.requesting = !s.drain.move.words.empty();
    if (!s.drain.requesting) finish_drain(b, 0);  // all of it is outside the tensor
}

}  // namespace accelsim::testing
