// SPDX-License-Identifier: Apache-2.0
#include "tests/support/shrink_parts.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "tests/reference/random_parts.hpp"

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

std::int64_t cover(const RandomDesign& design, std::size_t dimension) {
    std::int64_t product = 1;
    for (const Loop& loop : design.nest.loops) product *= at(loop.dimension) == dimension ? loop.bound : 1;
    return product;
}

std::int64_t tile_bytes(const RandomDesign& design, int tensor, std::size_t level) {
    const auto extents = tile_extents(design, tensor, static_cast<int>(level));
    const std::int64_t words = std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies<>());
    return (words * design.workload.tensors[at(tensor)].bits + 7) / 8;
}

/// The window of a tensor at a level, nullptr when it has none of its own.
std::int64_t* window_of(Level& level, const std::string& tensor) {
    if (const auto memory = level.memories.find(tensor); memory != level.memories.end())
        return memory->second.windowed ? &memory->second.capacity_bytes : nullptr;
    const auto partition = level.partitions.find(tensor);
    return level.windowed && partition != level.partitions.end() ? &partition->second : nullptr;
}

/// True when a window has changed.
bool fit_windows(const RandomDesign& before, RandomDesign& design) {
    bool changed = false;
    for (std::size_t l = 1; l + 1 < design.architecture.levels.size(); ++l) {
        for (int t = 0; at(t) < design.workload.tensors.size(); ++t) {
            std::int64_t* window = window_of(design.architecture.levels[l], design.workload.tensors[at(t)].name);
            const std::int64_t old_tile = tile_bytes(before, t, l), tile = tile_bytes(design, t, l);
            if (window == nullptr || tile >= old_tile) continue;
            const std::int64_t fitted = std::max(tile, *window * tile / old_tile);
            changed = changed || fitted != *window;
            *window = fitted;
        }
    }
    return changed;
}

}  // namespace

void cut_dimension(RandomDesign& design, std::size_t dimension, std::int64_t bound) {
    const std::int64_t issued =
        issued_bound(design, static_cast<int>(dimension)) - design.workload.dimensions[dimension].bound + bound;
    design.workload.dimensions[dimension].bound = bound;
    if (dimension < design.nest.issued.size()) design.nest.issued[dimension] = issued > bound ? issued : 0;
    std::int64_t inner = 1;
    for (auto loop = design.nest.loops.rbegin(); loop != design.nest.loops.rend(); ++loop) {
        if (at(loop->dimension) != dimension) continue;
        loop->bound = std::min(loop->bound, (issued + inner - 1) / inner);
        inner *= loop->bound;
    }
}

bool cut_loop(RandomDesign& design, std::size_t loop, std::int64_t bound, Fit fit) {
    const std::size_t d = at(design.nest.loops[loop].dimension);
    std::int64_t& size = design.workload.dimensions[d].bound;
    const std::int64_t before = cover(design, d), old_size = size, issued = issued_bound(design, static_cast<int>(d));
    design.nest.loops[loop].bound = bound;
    if (fit == Fit::nothing) return true;
    if (fit == Fit::keep_tail && size == before) return false;
    const std::int64_t after = cover(design, d);
    const auto fitted = [&](std::int64_t value) {
        return fit == Fit::cut ? std::min(value, after) : std::max<std::int64_t>(1, after - (before - value));
    };
    size = fitted(size);
    if (d < design.nest.issued.size()) design.nest.issued[d] = fitted(issued) > size ? fitted(issued) : 0;
    return fitted(issued) != issued || size != old_size;
}

bool drop_loop_of_one(std::size_t loop, RandomDesign& design) {
    if (design.nest.loops[loop].bound != 1) return false;
    design.nest.loops.erase(design.nest.loops.begin() + static_cast<std::ptrdiff_t>(loop));
    return true;
}

bool drop_level(RandomDesign& design, std::size_t level, bool with_loops) {
    auto& levels = design.architecture.levels;
    if (level == 0 || level + 1 == levels.size()) return false;
    auto& loops = design.nest.loops;
    const auto is_here = [&](const Loop& loop) { return at(loop.level) == level; };
    if (with_loops) {
        if (std::none_of(loops.begin(), loops.end(), is_here)) return false;
        for (std::size_t i = 0; i < loops.size(); ++i) {
            if (is_here(loops[i])) cut_loop(design, i, 1, Fit::cut);
        }
        std::erase_if(loops, is_here);
    }
    std::size_t outer = level - 1;
    while (!levels[outer].is_buffer()) --outer;
    for (Loop& loop : loops) {
        if (is_here(loop)) loop = {loop.dimension, loop.bound, static_cast<int>(outer), LoopKind::temporal, {}};
        if (at(loop.level) > level) --loop.level;
    }
    std::stable_sort(loops.begin(), loops.end(), [](const Loop& a, const Loop& b) { return a.level < b.level; });
    std::map<int, std::vector<int>> bypass;
    for (const auto& [l, tensors] : design.nest.bypass) {
        if (at(l) != level) bypass[at(l) > level ? l - 1 : l] = tensors;
    }
    design.nest.bypass = bypass;
    levels.erase(levels.begin() + static_cast<std::ptrdiff_t>(level));
    return true;
}

std::vector<RandomDesign> finished(const RandomDesign& before, RandomDesign candidate) {
    derive_axis_sizes(candidate.workload);
    if (before.architecture.levels.size() != candidate.architecture.levels.size()) return {candidate};
    RandomDesign fitted = candidate;
    return fit_windows(before, fitted) ? std::vector{fitted, candidate} : std::vector{candidate};
}

}  // namespace accelsim::testing
