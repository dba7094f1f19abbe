// SPDX-License-Identifier: Apache-2.0
// Slots and the words in them.
#include "tests/reference/tick_machine.hpp"

#include <stdexcept>

namespace accelsim::testing {

// Section 4c: a slot is reserved and, for outputs, zeroed.
void TickModel::reserve_slot(int b) {
    BoundaryState& s = state(b);
    s.reserved.count_next_from(now_ + 1);
    SlotData slot;
    slot.words.assign(boundary(b).children.size(), std::vector<std::int32_t>(at(boundary(b).tile_words), 0));
    if (is_output(b)) slot.touched.assign(boundary(b).children.size(), std::vector<char>(at(boundary(b).tile_words), 0));
    s.slots[s.fill.tile] = std::move(slot);
    if (boundary(b).window == 0 && static_cast<std::int64_t>(s.slots.size()) > s.depth)
        throw std::runtime_error("reference: more tiles than slots");
}

/// A word in the parent's slot (nullptr: the parent is the DRAM).
std::int32_t* TickModel::parent_word(int b, std::int64_t source, std::size_t parent, const Values& coordinate) {
    const int outer = boundary(b).outer;
    if (outer < 0) return nullptr;
    const auto address = at(state(outer).mover.address(tile(outer, source), parent, coordinate));
    return &state(outer).slots.at(source).words[parent][address];
}

std::int32_t TickModel::parent_value(int b, std::int64_t source, std::size_t parent, const Values& coordinate) {
    if (const std::int32_t* word = parent_word(b, source, parent, coordinate)) return *word;
    const int t = boundary(b).tensor;
    const auto address = at(row_major(coordinate, sizes_[t]));
    return is_output(b) ? run_.output.at(address) : operands_.at(at(t)).at(address);
}

// Section 2, fill and read-back: every copy of the word receives it; non-heads of a chain write zero.
void TickModel::move_down(int b, const std::vector<Copy>& word) {
    BoundaryState& s = state(b);
    const LiteralTile& moved = tile(b, s.fill.tile);
    for (std::size_t parent = 0; parent < boundary(b).parents.size(); ++parent) {
        for (const Copy& copy : word) {
            const std::size_t child = s.mover.child_index(parent, copy.lane);
            const Values coordinate = s.mover.coordinate(moved, child, copy.address);
            if (!s.fill.move.is_new(child, coordinate)) continue;
            const bool zero = is_output(b) && !s.mover.is_head(copy.lane);
            s.slots.at(s.fill.tile).words[child][at(copy.address)] = zero ? 0 : parent_value(b, moved.source, parent, coordinate);
        }
    }
}

// Section 2, halo: what a lane held in the tile before stays; it is copied from there when all else has been sent.
void TickModel::finish_data(int b) {
    if (!boundary(b).reuses_halo) return;
    BoundaryState& s = state(b);
    const std::int64_t k = s.fill.tile;
    SlotData& slot = s.slots.at(k);
    for (std::size_t child = 0; child < boundary(b).children.size() && !s.fill.move.held.empty(); ++child) {
        for (std::int64_t address = 0; address < boundary(b).tile_words; ++address) {
            const Values coordinate = s.mover.coordinate(tile(b, k), child, address);
            if (!s.fill.move.boxes[child].holds(coordinate) || !s.fill.move.held[child].holds(coordinate)) continue;
            const std::int64_t old = s.mover.address(tile(b, k - 1), child, coordinate);
            slot.words[child][at(address)] = s.last_tile[child][at(old)];
        }
    }
    s.last_tile = slot.words;
}

// Section 2, write-back: the network reduces the chain and the parent's word is overwritten.
void TickModel::move_up(int b, const std::vector<Copy>& word) {
    BoundaryState& s = state(b);
    const LiteralTile& moved = tile(b, s.drain.tile);
    for (std::size_t parent = 0; parent < boundary(b).parents.size(); ++parent) {
        std::uint32_t sum = 0;
        Values coordinate;
        for (const Copy& copy : word) {
            const std::size_t child = s.mover.child_index(parent, copy.lane);
            const Values here = s.mover.coordinate(moved, child, copy.address);
            if (!s.drain.move.boxes[child].holds(here)) continue;
            coordinate = here;
            sum += static_cast<std::uint32_t>(s.slots.at(s.drain.tile).words[child][at(copy.address)]);
        }
        if (coordinate.empty()) continue;
        const int t = boundary(b).tensor;
        std::int32_t* target = parent_word(b, moved.source, parent, coordinate);
        if (target == nullptr) target = &run_.output.at(at(row_major(coordinate, sizes_[t])));
        if (boundary(b).accumulates) sum += static_cast<std::uint32_t>(*target);
        *target = wrapped(sum, nest_.tensor(t).bits);
    }
}

}  // namespace accelsim::testing
