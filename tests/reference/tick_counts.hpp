// SPDX-License-Identifier: Apache-2.0
// Section 7 of docs/microarchitecture.md: where each counted word is booked.
#pragma once

#include <map>
#include <utility>

#include "models/counts.hpp"
#include "tests/reference/literal_move.hpp"

namespace accelsim::testing {

class TickCounts {
public:
    explicit TickCounts(const LiteralNest& nest) : nest_(nest) {}

    TensorCounts& at(int tensor, int level) { return tensors_[{tensor, level}]; }
    /// A tile of this boundary was sent down (fill) or up (drain).
    void sent(const LiteralBoundary& boundary, const LiteralTile& tile, bool up, const MoveCounts& counts);
    Counts finish(std::int64_t macs, std::int64_t padding);

private:
    std::int64_t tile_words(int tensor, int level) const;
    std::int64_t instances(int level) const;

    const LiteralNest& nest_;
    std::map<std::pair<int, int>, TensorCounts> tensors_;                 ///< by tensor, level
    std::map<std::pair<std::pair<int, int>, int>, LinkCounts> networks_;  ///< by parent, child; tensor
};

std::int64_t row_major_size(const Values& sizes);

}  // namespace accelsim::testing
