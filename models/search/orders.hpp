// SPDX-License-Identifier: Apache-2.0
// The orders of a level's loops, as far as the model tells them apart.
#pragma once

#include <vector>

#include "models/search/space.hpp"

namespace accelsim::search {

/// Loops as bits.
using LoopSet = unsigned;
constexpr LoopSet bit(int loop) { return 1U << static_cast<unsigned>(loop); }

/// Per tensor the loops that stand inside every loop that indexes it: while they run, the tensor's tile stays.
struct OrderClass {
    std::array<LoopSet, tensor_count> stationary{};
    std::vector<LoopName> order;  ///< all loops, innermost first
};

/// The orders of one level. Accesses never grow with a tensor's stationary loops and no price is negative, so an order whose sets
/// all lie within those of another is left out: without hints three are left (docs/optimize.md).
class LevelOrders {
public:
    /// `hints`: of the level; only their `order` counts.
    explicit LevelOrders(const std::array<LoopHint, loop_count>& hints);

    /// For a level at which these loops have more than one trip.
    const std::vector<OrderClass>& classes(LoopSet present) const { return classes_[constrained_ ? present : 0]; }

private:
    bool constrained_ = false;
    std::vector<std::vector<OrderClass>> classes_;
};

/// Of a level without hints.
const LevelOrders& free_orders();

}  // namespace accelsim::search
