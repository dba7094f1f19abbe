// SPDX-License-Identifier: Apache-2.0
#include "mappings/loop_walk.hpp"

#include <algorithm>

namespace accelsim {

LoopWalk::LoopWalk(const Design& design, std::vector<int> loops)
    : LoopWalk(design, std::move(loops), std::vector<std::int64_t>(design.workload.dimensions.size(), 0)) {}

LoopWalk::LoopWalk(const Design& design, std::vector<int> loops, const std::vector<std::int64_t>& base) : offsets_(base) {
    for (int index : loops) {
        const LoweredLoop& loop = design.loops[static_cast<std::size_t>(index)];
        loops_.push_back({loop.dimension, loop.bound, loop.stride, design.issued[static_cast<std::size_t>(loop.dimension)]});
    }
    values_.assign(loops_.size(), 0);
}

bool LoopWalk::next() {
    for (std::size_t i = loops_.size(); i-- > 0;) {
        const Entry& loop = loops_[i];
        auto& offset = offsets_[static_cast<std::size_t>(loop.dimension)];
        if (values_[i] + 1 < loop.bound && offset + loop.stride < loop.limit) {
            ++values_[i];
            offset += loop.stride;
            advanced_ = static_cast<int>(i);
            return true;
        }
        offset -= values_[i] * loop.stride;
        values_[i] = 0;
    }
    done_ = true;
    return false;
}

std::vector<int> temporal_loops_above(const Design& design, int level) {
    std::vector<int> result;
    for (std::size_t i = 0; i < design.loops.size(); ++i) {
        if (design.loops[i].is_temporal() && design.loops[i].level < level) result.push_back(static_cast<int>(i));
    }
    return result;
}

namespace {

/// The same from loop `first` on. All loops inside a loop together reach less than its stride, so at most one of its values is
/// cut.
std::int64_t count_from(const Design& design, const std::vector<int>& loops, std::size_t first, int dimension,
                        std::int64_t base) {
    const std::int64_t bound = design.issued[static_cast<std::size_t>(dimension)];
    if (base >= bound) return 0;
    std::int64_t full = 1;
    std::int64_t reach = 0;
    std::size_t own = loops.size();
    for (std::size_t i = loops.size(); i-- > first;) {
        const LoweredLoop& loop = design.loops[static_cast<std::size_t>(loops[i])];
        if (loop.dimension != dimension) continue;
        if (own < loops.size()) {
            const LoweredLoop& inner = design.loops[static_cast<std::size_t>(loops[own])];
            full *= inner.bound;
            reach += (inner.bound - 1) * inner.stride;
        }
        own = i;
    }
    if (own == loops.size()) return 1;
    const LoweredLoop& loop = design.loops[static_cast<std::size_t>(loops[own])];
    // Values v with base + v * stride + reach < bound have all of their inner iterations.
    const std::int64_t room = bound - 1 - base - reach;
    const std::int64_t whole = room < 0 ? 0 : std::min(loop.bound, room / loop.stride + 1);
    std::int64_t count = whole * full;
    if (whole < loop.bound) count += count_from(design, loops, own + 1, dimension, base + whole * loop.stride);
    return count;
}

}  // namespace

std::int64_t count_dimension_values(const Design& design, const std::vector<int>& loops, int dimension, std::int64_t base) {
    return count_from(design, loops, 0, dimension, base);
}

std::vector<std::int64_t> dimension_values(const Design& design, const std::vector<int>& loops, int dimension,
                                           std::int64_t base) {
    const std::int64_t bound = design.issued[static_cast<std::size_t>(dimension)];
    std::vector<std::int64_t> values;
    if (base >= bound) return values;
    values.push_back(base);
    for (int index : loops) {
        const LoweredLoop& loop = design.loops[static_cast<std::size_t>(index)];
        if (loop.dimension != dimension) continue;
        std::vector<std::int64_t> expanded;
        for (std::int64_t value : values) {
            for (std::int64_t v = 0; v < loop.bound && value + v * loop.stride < bound; ++v) {
                expanded.push_back(value + v * loop.stride);
            }
        }
        values = std::move(expanded);
    }
    return values;
}

}  // namespace accelsim
