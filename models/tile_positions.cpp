// SPDX-License-Identifier: Apache-2.0
#include "models/tile_positions.hpp"

#include <algorithm>

#include "mappings/loop_walk.hpp"

namespace accelsim {

namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// The last active index that loops reach from a base.
std::int64_t last_value(const Design& design, const std::vector<int>& loops, int dimension, std::int64_t base) {
    for (int l : loops) {
        const LoweredLoop& loop = design.loops[index(l)];
        const std::int64_t room = (design.issued[index(dimension)] - 1 - base) / loop.stride;
        base += std::min(loop.bound - 1, room) * loop.stride;
    }
    return base;
}

}  // namespace

std::vector<TilePosition> tile_positions(const Design& design, const std::vector<int>& loops, int begin, int end, int advancing,
                                         int dimension, std::int64_t base) {
    std::vector<int> free;
    std::vector<int> wrapped;
    int own = -1;
    for (int i = begin; i < end; ++i) {
        const int l = loops[index(i)];
        if (design.loops[index(l)].dimension != dimension) continue;
        if (i < advancing) free.push_back(l);
        if (i == advancing) own = l;
        if (i > advancing) wrapped.push_back(l);
    }
    std::vector<TilePosition> result;
    for (std::int64_t from : dimension_values(design, free, dimension, base)) {
        if (own < 0) {
            result.push_back({from, last_value(design, wrapped, dimension, from)});
            continue;
        }
        const LoweredLoop& loop = design.loops[index(own)];
        for (std::int64_t v = 1; v < loop.bound && from + v * loop.stride < design.issued[index(dimension)]; ++v) {
            const std::int64_t before = last_value(design, wrapped, dimension, from + (v - 1) * loop.stride);
            result.push_back({from + v * loop.stride, before});
        }
    }
    return result;
}

std::int64_t count_tile_positions(const Design& design, const std::vector<int>& loops, int advancing, int dimension) {
    std::int64_t count = 1;
    for (int i = 0; i < static_cast<int>(loops.size()) && i <= advancing; ++i) {
        const LoweredLoop& l = design.loops[index(loops[index(i)])];
        if (l.dimension == dimension) count *= i == advancing ? l.bound - 1 : l.bound;
    }
    return count;
}

TilePosition first_tile_position(const Design& design, const std::vector<int>& loops, int advancing, int dimension) {
    TilePosition result{0, 0};
    for (int i = std::max(0, advancing); i < static_cast<int>(loops.size()); ++i) {
        const LoweredLoop& l = design.loops[index(loops[index(i)])];
        if (l.dimension != dimension) continue;
        if (i == advancing)
            result.offset = l.stride;
        else
            result.before += (l.bound - 1) * l.stride;
    }
    return result;
}

}  // namespace accelsim
