// SPDX-License-Identifier: Apache-2.0
// Where the words of a tensor stand that the instances of a level hold together.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// The tiles of all instances of a level as one row-major box, each word once: instances that share a word hold it in one place,
/// and the sums of a chain of lanes are kept as their sum, which is all that ever leaves them. Boxes of instances that are apart
/// are moved together.
class TileLayout {
public:
    TileLayout() = default;
    TileLayout(const Design& design, int tensor, int level) : TileLayout(design, tensor, level, true) {}
    /// The box of a DRAM that holds the tiles of all instances: what lies between them stays.
    static TileLayout in_dram(const Design& design, int tensor, int level) { return {design, tensor, level, false}; }

    std::int64_t words() const { return words_; }
    const std::vector<std::int64_t>& extents() const { return extents_; }  ///< per axis
    const std::vector<std::int64_t>& strides() const { return strides_; }  ///< per axis, in words
    /// How far along an axis a word moves when a loop of the nest advances.
    std::int64_t axis_step(std::size_t axis, int loop) const { return steps_[axis][static_cast<std::size_t>(loop)]; }
    /// The same in words.
    std::int64_t step(int loop) const;

private:
    TileLayout(const Design& design, int tensor, int level, bool close_gaps);

    std::vector<std::int64_t> extents_, strides_;
    std::vector<std::vector<std::int64_t>> steps_;  ///< per axis and loop
    std::int64_t words_ = 0;
};

}  // namespace accelsim
