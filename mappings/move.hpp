// SPDX-License-Identifier: Apache-2.0
// What moving one tile consists of: words, groups and counts (docs/microarchitecture.md, 2 and 7), by
// enumerating copies. Few different moves occur in a run (interior, edges), so they are cached by shape.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <unordered_map>
#include <vector>

#include "mappings/clip_key.hpp"
#include "mappings/design.hpp"
#include "mappings/dram_layout.hpp"
#include "mappings/tile_stream.hpp"

namespace accelsim {

/// One copy of a word: its address in the child's tile and the lane (child instance below its parent instance).
struct Copy {
    std::int64_t address = 0;
    std::int32_t lane = 0;
    bool operator==(const Copy&) const = default;
};

/// Words in order, each with its copies.
using WordList = std::vector<std::vector<Copy>>;

/// Words counted when the tile is sent, over all parent instances, masked lanes left out.
struct MoveCounts {
    std::int64_t words = 0;   ///< parent side: injected (fill) or updates (drain)
    std::int64_t copies = 0;  ///< child side
    std::int64_t hops = 0;
    std::int64_t hop_lengths = 0;
    std::int64_t first_words =
        0;  ///< accumulating write-backs: words that come first to a tile of the parent that starts at zero
};

enum class MoveKind { operand_fill, read_back, write_back };

/// Lowest address still to come when none is.
constexpr std::int64_t nothing_left = std::numeric_limits<std::int64_t>::max();

/// Bytes of a burst that are words, and where these lie in the DRAM's box of the tile (in elements).
struct BurstRun {
    std::int32_t byte;
    std::int32_t words;
    std::int64_t box;
};

struct Burst {
    std::int64_t offset = 0;     ///< of its first byte from that of the burst where the tile's whole address lies
    std::int64_t group_end = 0;  ///< one past its last group
    std::size_t run_begin = 0, run_end = 0;
    std::int64_t highest = 0;  ///< windowed child: of its groups
};

struct Move {
    std::vector<std::int64_t> group_begin;  ///< first word of each group, and one past the end
    /// Windowed child: per group, the highest address that a copy goes to. Else empty.
    std::vector<std::int64_t> highest;
    /// Per number of groups sent, the lowest address that a later group takes a word from: in the child's tile (write-back,
    /// windowed child), or in the parent's, seen from the tile's origin there (operand, windowed parent). Else empty.
    std::vector<std::int64_t> lowest_left;
    /// Words spread over banks: per group, a bit for each bank that it takes, in the child's memory, and in the parent's for a
    /// tile whose origin stands in bank 0 there. Else empty.
    std::vector<std::uint64_t> child_banks, parent_banks;
    /// Parent is a detailed DRAM: the bursts, in order. Else empty.
    std::vector<Burst> bursts;
    std::vector<BurstRun> runs;
    MoveCounts counts;
    std::int64_t groups() const { return static_cast<std::int64_t>(group_begin.size()) - 1; }
    std::int64_t words() const { return group_begin.back(); }
};

/// Describes and caches the moves of one boundary.
class MoveTable {
public:
    /// `place`: of the tensor in a detailed DRAM, when that is the parent; must outlive the table.
    MoveTable(const Design& design, int boundary, const TensorPlace* place = nullptr);
    ~MoveTable();
    MoveTable(MoveTable&&) noexcept;

    /// The move of a tile. The reference stays valid.
    const Move& move(const Tile& tile, MoveKind kind);
    /// Parent is a detailed DRAM: address of the burst that a move's offsets count from.
    std::int64_t first_burst(const Tile& tile);
    /// The words, for listeners: live copies of each, in order. The reference stays valid.
    const WordList& words(const Tile& tile, MoveKind kind);

private:
    struct Geometry;
    void make_key(const Tile& tile, MoveKind kind);

    std::unique_ptr<Geometry> geometry_;
    std::unordered_map<std::vector<std::int64_t>, Move, ClipKeyHash> cache_;
    std::vector<std::int64_t> left_;
    std::vector<std::int64_t> key_, last_key_;  ///< the same move is asked for again and again
    const Move* last_ = nullptr;
    std::unordered_map<std::vector<std::int64_t>, WordList, ClipKeyHash> words_;  ///< filled for listeners only
};

}  // namespace accelsim
