// SPDX-License-Identifier: Apache-2.0
#include "models/search/plan.hpp"

#include <algorithm>
#include <limits>

#include "models/search/rooms.hpp"

namespace accelsim::search {

namespace {

constexpr PerLoop ones{1, 1, 1, 1, 1, 1, 1};

template <class T>
std::uint16_t index_of(std::vector<T>& list, const T& value) {
    const auto found = std::find(list.begin(), list.end(), value);
    if (found != list.end()) return static_cast<std::uint16_t>(found - list.begin());
    list.push_back(value);
    return static_cast<std::uint16_t>(list.size() - 1);
}

}  // namespace

Plan::Plan(const Space& space, const Unrolling& unrolling, const std::vector<LevelOrders>& orders, std::size_t most_tiles)
    : space_(space), unrolling_(unrolling), orders_(orders), most_tiles_(most_tiles) {
    for (std::size_t l = 0; l < space.levels(); ++l) costs_.emplace_back(space, unrolling, l);
    read_cuts();
    tiles_.resize(cuts_.size());
    for (std::size_t l = 0; l < tiles_.size(); ++l) {
        Tile tile;
        PerLoop checked, bank;
        for (std::size_t x = 0; x < loop_count; ++x) {
            if (cuts_[l][x].empty()) return;  // then there is no tile
            // The smallest of each loop, until its turn comes.
            checked[x] = std::numeric_limits<std::int64_t>::max();
            bank[x] = checked[x];
            for (const Cut& cut : cuts_[l][x]) {
                checked[x] = std::min(checked[x], cut.checked);
                bank[x] = std::min(bank[x], cut.bank);
            }
        }
        collect(l, 0, checked, bank, tile);
        if (tiles_[l].empty()) return;
    }
    bound_tiles();
}

bool Plan::feasible() const {
    return std::none_of(tilings_.begin(), tilings_.end(), [](const auto& t) { return t.empty(); }) &&
           std::none_of(tiles_.begin(), tiles_.end(), [](const auto& t) { return t.empty(); });
}

Plan::Chain Plan::chain_of(const Tiling& tiling, int loop) const {
    const std::size_t levels = space_.levels();
    Chain chain(levels - 1);
    std::int64_t checked = 1, bank = 1, outside = 1, lanes = 1;
    for (std::size_t l = 0; l + 1 < levels; ++l) {
        checked *= tiling.tiles[l];
        bank *= tiling.trips[l];
        // The machine's tile is what one instance holds; the program checks its tile before that is cut into trips.
        chain[l].checked = space_.rules == Rules::program ? checked : bank * lanes;
        chain[l].bank = bank;
        lanes *= unrolling_[l].factors[static_cast<std::size_t>(loop)];
    }
    for (std::size_t l = levels - 1; l > 0; --l) {
        outside *= tiling.trips[l];
        chain[l - 1].outside = outside;
    }
    return chain;
}

void Plan::read_cuts() {
    const std::size_t inner = space_.levels() - 1;
    cuts_.resize(inner);
    follows_.resize(inner);
    for (int x = 0; x < static_cast<int>(loop_count); ++x) {
        const auto loop = static_cast<std::size_t>(x);
        tilings_[loop] = tilings(space_, static_cast<LoopName>(x), unrolling_);
        std::vector<std::vector<std::uint16_t>> chains;
        for (const Tiling& tiling : tilings_[loop]) {
            chains.emplace_back();
            const Chain chain = chain_of(tiling, x);
            for (std::size_t l = 0; l < inner; ++l) chains.back().push_back(index_of(cuts_[l][loop], chain[l]));
        }
        for (std::size_t l = 0; l + 1 < inner; ++l) {
            follows_[l][loop].assign(cuts_[l][loop].size(), std::vector<char>(cuts_[l + 1][loop].size(), 0));
            for (const auto& chain : chains) follows_[l][loop][chain[l]][chain[l + 1]] = 1;
        }
    }
}

/// All combinations of the loops' cuts from `loop` on that fit the level; the other loops' cuts are chosen or at their smallest.
void Plan::collect(std::size_t level, std::size_t loop, PerLoop& checked, PerLoop& bank, Tile& tile) {
    const bool final = loop == loop_count;
    if (!may_fit(level, checked, bank, final)) return;
    if (final) {
        if (tiles_[level].size() >= most_tiles_)
            complete_ = false;
        else
            tiles_[level].push_back(tile);
        return;
    }
    const std::int64_t checked_before = checked[loop], bank_before = bank[loop];
    for (std::size_t c = 0; c < cuts_[level][loop].size() && complete_; ++c) {
        const Cut& cut = cuts_[level][loop][c];
        checked[loop] = cut.checked;
        bank[loop] = cut.bank;
        tile.cuts[loop] = static_cast<std::uint16_t>(c);
        tile.outside[loop] = cut.outside;
        collect(level, loop + 1, checked, bank, tile);
    }
    checked[loop] = checked_before;
    bank[loop] = bank_before;
}

/// Lower limits (half full) count only once all loops are chosen.
bool Plan::may_fit(std::size_t level, const PerLoop& checked, const PerLoop& bank, bool final) const {
    const Layer& layer = space_.layer;
    if (space_.rules == Rules::machine)
        return fits_rooms(space_.rooms[level], layer.tensor_sizes(checked), final && space_.half_full);
    const std::int64_t units = space_.machine.levels[level].parallel_count;
    const bool half_full = final && space_.half_full;
    if (!fits_level(space_.machine, layer.tensor_sizes(checked), level, units, half_full && units == 1)) return false;
    return units == 1 || fits_level(space_.machine, layer.tensor_sizes(bank), level, 1, half_full);
}

LevelEnergy Plan::cheapest(std::size_t level, const PerLoop& own, const PerLoop& outside, const OrderClass** order) const {
    LoopSet present = 0;
    for (int x = 0; x < static_cast<int>(loop_count); ++x)
        if (own[static_cast<std::size_t>(x)] != outside[static_cast<std::size_t>(x)]) present |= bit(x);
    const std::vector<OrderClass>& classes = orders_[level].classes(present);
    LevelEnergy best = costs_[level].energy(own, outside, classes.front().stationary);
    if (order != nullptr) *order = &classes.front();
    if (costs_[level].is_constant()) return best;
    for (std::size_t c = 1; c < classes.size(); ++c) {
        const LevelEnergy energy = costs_[level].energy(own, outside, classes[c].stationary);
        if (energy.pj() >= best.pj()) continue;
        best = energy;
        if (order != nullptr) *order = &classes[c];
    }
    return best;
}

PerLoop Plan::innermost_trips(const Tile& tile) const {
    PerLoop trips;
    for (std::size_t x = 0; x < loop_count; ++x) trips[x] = cuts_[0][x][tile.cuts[x]].bank;
    return trips;
}

LevelEnergy Plan::innermost(const Tile& tile, const OrderClass** order) const {
    PerLoop own = innermost_trips(tile);
    for (std::size_t x = 0; x < loop_count; ++x) own[x] *= tile.outside[x];
    return cheapest(0, own, tile.outside, order);
}

/// Of the level outside a tile: what it would cost if all trips outside the tile were its own, and none further out.
void Plan::bound_tiles() {
    rest_.assign(space_.levels(), 0);
    for (std::size_t l = 0; l < tiles_.size(); ++l) {
        // With orders that are hinted, fewer loops may stand in a tile's way than all of them: any order is a bound.
        for (Tile& tile : tiles_[l]) {
            tile.bound_pj = std::numeric_limits<double>::infinity();
            for (const OrderClass& order : free_orders().classes(0))
                tile.bound_pj = std::min(tile.bound_pj, costs_[l + 1].energy(tile.outside, ones, order.stationary).pj());
            if (l == 0) tile.bound_pj += innermost(tile).pj();
        }
        std::sort(tiles_[l].begin(), tiles_[l].end(), [](const Tile& a, const Tile& b) {
            return a.bound_pj != b.bound_pj ? a.bound_pj < b.bound_pj : a.cuts < b.cuts;
        });
        rest_[l + 1] = rest_[l] + tiles_[l].front().bound_pj;
    }
}

bool Plan::follows(std::size_t level, const Tile& inner, const Tile& outer) const {
    for (std::size_t x = 0; x < loop_count; ++x)
        if (follows_[level][x][inner.cuts[x]][outer.cuts[x]] == 0) return false;
    return true;
}

Mapping Plan::mapping(const std::vector<const Tile*>& path) const {
    Mapping mapping(space_.levels());
    PerLoop own{};
    for (std::size_t l = 0; l < mapping.size(); ++l) {
        mapping[l].partitioning = unrolling_[l].factors;
        mapping[l].array_loops = unrolling_[l].array_loops;
        const PerLoop& outside = l < path.size() ? path[l]->outside : ones;
        const OrderClass* order = nullptr;
        if (l == 0) {
            own = innermost_trips(*path[0]);
            for (std::size_t x = 0; x < loop_count; ++x) own[x] *= outside[x];
        }
        cheapest(l, own, outside, &order);
        int next = 0;
        for (const LoopName x : order->order) {
            mapping[l].blocking[x] = own[x] / outside[x];
            if (mapping[l].blocking[x] > 1) mapping[l].order[x] = next++;
        }
        own = outside;
    }
    return mapping;
}

}  // namespace accelsim::search
