// SPDX-License-Identifier: Apache-2.0
#include "models/search/tilings.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace accelsim::search {

namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

using Tiles = std::vector<std::int64_t>;

/// Appends `number` cut into exact factors for the levels from `level` to `end`.
void cut(std::int64_t number, std::size_t level, std::size_t end, Tiles& tiles, const std::function<void(const Tiles&)>& use) {
    if (level + 1 >= end) {
        if (level < end) tiles.push_back(number);
        use(tiles);
        if (level < end) tiles.pop_back();
        return;
    }
    for (const std::int64_t factor : divisors(number)) {
        tiles.push_back(factor);
        cut(number / factor, level + 1, end, tiles, use);
        tiles.pop_back();
    }
}

/// The program's tiles of a loop: only the innermost hinted level counts.
class ProgramTiles {
public:
    ProgramTiles(const Space& space, LoopName loop) : size_(space.layer.sizes[loop]), levels_(space.levels()) {
        while (hinted_ < levels_ && !space.hints[hinted_][loop].given()) ++hinted_;
        if (hinted_ < levels_) hint_ = space.hints[hinted_][loop];
    }

    std::vector<Tiles> all() {
        Tiles tiles;
        if (hinted_ == levels_) {
            cut(size_, 0, levels_, tiles, [&](const Tiles& t) { found_.push_back(t); });
        } else if (hinted_ == 0) {
            at_hint(tiles);
        } else {
            const std::int64_t fixed = hint_.trips.value_or(1) * hint_.unroll.value_or(1);
            for (const std::int64_t inside : divisors(ceil_div(size_, fixed)))
                cut(inside, 0, hinted_, tiles, [&](const Tiles& t) { at_hint(t); });
        }
        return std::move(found_);
    }

private:
    void at_hint(const Tiles& inside) {
        const std::int64_t product = std::accumulate(inside.begin(), inside.end(), std::int64_t{1}, std::multiplies<>());
        const std::int64_t unroll = hint_.unroll.value_or(1);
        if (hint_.trips) return outside(inside, product, *hint_.trips * unroll);
        for (const std::int64_t tile : divisors(ceil_div(size_, product)))
            if (tile >= unroll) outside(inside, product, tile);
    }

    void outside(Tiles tiles, std::int64_t product, std::int64_t tile) {
        tiles.push_back(tile);
        if (hinted_ + 1 == levels_) return found_.push_back(tiles);
        cut(ceil_div(size_, product * tile), hinted_ + 1, levels_, tiles, [&](const Tiles& t) { found_.push_back(t); });
    }

    std::int64_t size_;
    std::size_t levels_;
    std::size_t hinted_ = 0;
    LoopHint hint_;
    std::vector<Tiles> found_;
};

}  // namespace

std::vector<std::int64_t> divisors(std::int64_t number) {
    std::vector<std::int64_t> low, high;
    for (std::int64_t f = 1; f * f <= number; ++f) {
        if (number % f != 0) continue;
        low.push_back(f);
        if (f * f != number) high.push_back(number / f);
    }
    low.insert(low.end(), high.rbegin(), high.rend());
    return low;
}

void for_each_product(std::int64_t number, std::size_t count, const std::function<void(const std::vector<std::int64_t>&)>& use) {
    Tiles tiles;
    cut(number, 0, count, tiles, use);
}

std::vector<Tiling> tilings(const Space& space, LoopName loop, const Unrolling& unrolling) {
    std::vector<Tiling> result;
    const std::size_t levels = space.levels();
    if (space.rules == Rules::program) {
        for (const Tiles& tiles : ProgramTiles(space, loop).all()) {
            Tiling tiling{tiles, tiles};
            bool divides = true;
            for (std::size_t l = 0; l < levels; ++l) {
                divides = divides && tiles[l] % unrolling[l].divides[loop] == 0;
                tiling.trips[l] = ceil_div(tiles[l], unrolling[l].factors[loop]);
            }
            if (divides) result.push_back(tiling);
        }
        std::sort(result.begin(), result.end(), [](const Tiling& a, const Tiling& b) { return a.tiles < b.tiles; });
        result.erase(std::unique(result.begin(), result.end()), result.end());
        return result;
    }
    std::int64_t unrolled = 1;
    for (const LevelUnrolling& level : unrolling) unrolled *= level.factors[loop];
    for_each_product(ceil_div(space.layer.sizes[loop], unrolled), levels, [&](const Tiles& trips) {
        Tiling tiling{trips, trips};
        for (std::size_t l = 0; l < levels; ++l) {
            const std::optional<std::int64_t>& fixed = space.hints[l][loop].trips;
            if (fixed && *fixed != trips[l]) return;
            tiling.tiles[l] *= unrolling[l].factors[loop];
        }
        result.push_back(tiling);
    });
    return result;
}

}  // namespace accelsim::search
