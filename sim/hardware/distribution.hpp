// SPDX-License-Identifier: Apache-2.0
// The wiring of a boundary: which word of the parent's tile belongs where in the tiles of its children.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"
#include "sim/hardware/tile_layout.hpp"

namespace accelsim {

/// Moves whole tiles between the parent and all child instances. Addresses are nominal: padding and tails are stored as zeros
/// by the DRAM and travel like every other word (only their counting is left out).
class Distribution {
public:
    Distribution(const Design& design, int boundary, const TileLayout& child, const TileLayout& parent);

    /// Offset in the parent's tile of a child tile, given both origins (per axis).
    std::int64_t offset(const std::vector<std::int64_t>& child_origin, const std::vector<std::int64_t>& parent_origin) const;

    void fill(std::int16_t* child, const std::int16_t* parent, std::int64_t offset) const;
    /// The sum that a chain of lanes holds begins with the parent's word.
    void read_back(std::int32_t* child, const std::int32_t* parent, std::int64_t offset) const;
    /// The parent's word becomes the chain's sum; `add`: it is added to.
    void write_back(const std::int32_t* child, std::int32_t* parent, std::int64_t offset, bool add) const;

private:
    /// `rows` rows of `words` neighbouring words.
    struct Block {
        std::int64_t child, parent, words;
        std::int64_t rows = 1, child_step = 0, parent_step = 0;
    };
    void append(std::int64_t child, std::int64_t parent, std::int64_t words);
    template <typename Word>
    void copy(Word* child, const Word* parent) const;
    template <typename Visit>
    void for_each_row(Visit visit) const;

    std::vector<std::int64_t> parent_strides_;
    std::vector<Block> blocks_;
};

}  // namespace accelsim
