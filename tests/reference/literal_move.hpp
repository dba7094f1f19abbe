// SPDX-License-Identifier: Apache-2.0
// Sections 2 and 7 of docs/microarchitecture.md: the words of one tile's move, its groups and what they count.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "mappings/move.hpp"
#include "tests/reference/literal_nest.hpp"

namespace accelsim::testing {

/// A move of one tile, word by word.
struct LiteralMove {
    std::vector<std::vector<Copy>> words;  ///< live copies, in order
    std::vector<std::size_t> group_end;    ///< one past the last word of each group
    std::vector<Box> boxes;                ///< clipped, per child instance (parent major)
    std::vector<Box> held;                 ///< with halo reuse: the same of the tile before; empty: nothing is held
    /// Section 2: in the lane's box of this tile, and not held from the one before.
    bool is_new(std::size_t child, const Values& coordinate) const {
        return boxes[child].holds(coordinate) && (held.empty() || !held[child].holds(coordinate));
    }
    MoveCounts counts;  ///< mappings/move.hpp: plain numbers
};

/// Enumerates the moves of one boundary. Keeps references.
class LiteralMover {
public:
    LiteralMover(const LiteralNest& nest, const LiteralBoundary& boundary);

    /// `before`: the tile in front of it, null for the first.
    LiteralMove move(const LiteralTile& tile, MoveKind kind, const LiteralTile* before);
    bool is_first_update(std::int32_t lane) const { return first_update_[static_cast<std::size_t>(lane)]; }
    bool is_head(std::int32_t lane) const { return head_[static_cast<std::size_t>(lane)]; }
    /// Coordinate of a copy in one parent's instance.
    Values coordinate(const LiteralTile& tile, std::size_t child, std::int64_t address) const;
    /// Section 1, address: row-major over the nominal extents, relative to the instance's origin.
    std::int64_t address(const LiteralTile& tile, std::size_t child, const Values& coordinate) const;
    /// Of a word, in the parent's tile from which the tile is taken (the whole tensor, when the parent is the DRAM).
    std::int64_t source_address(const LiteralTile& tile, const std::vector<Copy>& word) const;
    std::size_t child_index(std::size_t parent, std::int32_t lane) const {
        return parent * boundary_.lanes.size() + static_cast<std::size_t>(lane);
    }

private:
    using WordIds = std::vector<std::vector<std::size_t>>;  ///< [address][lane]

    WordIds words_by_coordinate() const;
    WordIds words_by_chain() const;
    void list_words(const LiteralTile& tile, MoveKind kind, LiteralMove& move) const;
    void cut_groups(const LiteralTile& tile, LiteralMove& move, bool once) const;
    bool banks_allow(const LiteralTile& tile, const LiteralMove& move, std::size_t begin, std::size_t end) const;
    void count(const LiteralTile& tile, MoveKind kind, LiteralMove& move);
    std::pair<std::int64_t, std::int64_t> hops(const std::vector<std::int32_t>& lanes, bool up);
    bool crosses_systolic(bool up) const;
    bool loop_is_systolic(int loop, bool up) const;

    const LiteralNest& nest_;
    const LiteralBoundary& boundary_;
    std::vector<int> crossed_;           ///< spatial loops, nest order
    std::vector<bool> head_;             ///< per lane
    std::vector<bool> first_update_;     ///< per lane: reduction loops on fan-outs without adders at zero
    std::vector<Values> positions_;      ///< per address: position in the tile
    std::vector<Values> displacements_;  ///< per child instance: of its box
    WordIds word_of_fill_, word_of_chain_;
    std::map<std::pair<bool, std::vector<std::int32_t>>, std::pair<std::int64_t, std::int64_t>> hops_;
};

}  // namespace accelsim::testing
