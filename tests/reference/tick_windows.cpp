// SPDX-License-Identifier: Apache-2.0
// What windowed memories give back (docs/microarchitecture.md, 4, windows).
#include "tests/reference/tick_machine.hpp"

#include <stdexcept>

namespace accelsim::testing {

// Windows, direct operands: what later steps of the tile still use.
void TickModel::give_back_used(int b, std::int64_t step) {
    if (boundary(b).window == 0) return;
    BoundaryState& s = state(b);
    if (s.left_after_step.empty()) {
        // From the back: the lowest address that lane 0 uses in later steps of the same tile.
        s.left_after_step.assign(nest_.steps.size(), boundary(b).tile_words);
        for (std::size_t i = nest_.steps.size() - 1; i-- > 0;) {
            const std::int64_t k = boundary(b).tile_of_step[i];
            if (boundary(b).tile_of_step[i + 1] != k) continue;
            const Values coordinate = nest_.coordinate(boundary(b).tensor, nest_.indices_of(nest_.steps[i + 1]));
            s.left_after_step[i] = std::min(s.left_after_step[i + 1], s.mover.address(tile(b, k), 0, coordinate));
        }
    }
    const std::int64_t k = boundary(b).tile_of_step[at(step)];
    s.given_back.set(now_ + 1, k * boundary(b).tile_words + s.left_after_step[at(step)]);
}

// Windows, operands with a boundary inside: what later words, of this tile and of later ones from the same source, are taken
// from.
void TickModel::give_back_source(int b) {
    const int outer = boundary(b).outer;
    if (is_output(b) || outer < 0 || boundary(outer).window == 0) return;
    const LiteralPort& port = state(b).fill;
    const std::int64_t source = tile(b, port.tile).source;
    std::int64_t low = boundary(outer).tile_words;
    const std::size_t sent = port.group == 0 ? 0 : port.move.group_end[port.group - 1];
    for (std::size_t w = sent; w < port.move.words.size(); ++w)
        low = std::min(low, state(b).mover.source_address(tile(b, port.tile), port.move.words[w]));
    state(outer).given_back.set(now_ + 1, source * boundary(outer).tile_words + std::min(low, left_after_tile(b, port.tile)));
}

/// The lowest address that the tiles after this one take from the same source.
std::int64_t TickModel::left_after_tile(int b, std::int64_t k) {
    BoundaryState& s = state(b);
    const std::int64_t whole = boundary(boundary(b).outer).tile_words;
    if (s.left_after_tile.empty()) {
        s.left_after_tile.assign(boundary(b).tiles.size(), whole);
        for (std::int64_t j = tiles(b) - 1; j-- > 0;) {
            if (tile(b, j + 1).source != tile(b, j).source) continue;
            std::int64_t low = s.left_after_tile[at(j + 1)];
            const LiteralMove move = s.mover.move(tile(b, j + 1), MoveKind::operand_fill, &tile(b, j));
            for (const auto& word : move.words) low = std::min(low, s.mover.source_address(tile(b, j + 1), word));
            s.left_after_tile[at(j)] = low;
        }
    }
    return s.left_after_tile[at(k)];
}

// Windows, outputs: words leave in the order of their addresses.
void TickModel::give_back_drained(int b) {
    if (boundary(b).window == 0) return;
    const LiteralPort& port = state(b).drain;
    std::int64_t low = boundary(b).tile_words;
    for (std::size_t w = port.move.group_end[port.group - 1]; w < port.move.words.size(); ++w) {
        for (const Copy& copy : port.move.words[w]) low = std::min(low, copy.address);
    }
    state(b).given_back.set(now_ + 1, port.tile * boundary(b).tile_words + low);
}

}  // namespace accelsim::testing
