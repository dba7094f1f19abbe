// SPDX-License-Identifier: Apache-2.0
#include "models/search/orders.hpp"

#include <algorithm>
#include <optional>

namespace accelsim::search {

namespace {

using interstellar::is_relevant;

std::array<LoopSet, tensor_count> stationary_sets(const std::vector<LoopName>& order, LoopSet present) {
    std::array<LoopSet, tensor_count> sets{};
    for (int t = 0; t < static_cast<int>(tensor_count); ++t) {
        for (const LoopName x : order) {
            if ((present & bit(x)) == 0) continue;
            if (is_relevant(static_cast<TensorName>(t), x)) break;
            sets[static_cast<std::size_t>(t)] |= bit(x);
        }
    }
    return sets;
}

/// All that is stationary in `a` is in `b`.
bool within(const OrderClass& a, const OrderClass& b) {
    for (std::size_t t = 0; t < tensor_count; ++t)
        if ((a.stationary[t] & ~b.stationary[t]) != 0) return false;
    return true;
}

void add(std::vector<OrderClass>& classes, const OrderClass& candidate) {
    if (std::any_of(classes.begin(), classes.end(), [&](const OrderClass& c) { return within(candidate, c); })) return;
    classes.erase(std::remove_if(classes.begin(), classes.end(), [&](const OrderClass& c) { return within(c, candidate); }),
                  classes.end());
    classes.push_back(candidate);
}

std::vector<OrderClass> all_classes(LoopSet present, const std::vector<std::optional<int>>& wished) {
    std::vector<OrderClass> classes;
    std::vector<LoopName> order = {LoopName::FX, LoopName::FY, LoopName::OX, LoopName::OY,
                                   LoopName::OC, LoopName::IC, LoopName::ON};
    do {
        int last = -1;
        bool allowed = true;
        for (const LoopName x : order) {
            const std::optional<int>& wish = wished[x];
            if (!wish || (present & bit(x)) == 0) continue;
            allowed = allowed && *wish >= last;
            last = *wish;
        }
        if (allowed) add(classes, {stationary_sets(order, present), order});
    } while (std::next_permutation(order.begin(), order.end()));
    return classes;
}

}  // namespace

const LevelOrders& free_orders() {
    static const LevelOrders orders({});
    return orders;
}

LevelOrders::LevelOrders(const std::array<LoopHint, loop_count>& hints) {
    std::vector<std::optional<int>> wished;
    for (const LoopHint& hint : hints) {
        wished.push_back(hint.order);
        constrained_ = constrained_ || hint.order.has_value();
    }
    constexpr LoopSet all = (1U << loop_count) - 1;
    if (!constrained_) {
        static const std::vector<OrderClass> unconstrained = all_classes(all, wished);
        classes_.push_back(unconstrained);
        return;
    }
    for (LoopSet present = 0; present <= all; ++present) classes_.push_back(all_classes(present, wished));
}

}  // namespace accelsim::search
