// SPDX-License-Identifier: Apache-2.0
#include "mappings/loop_walk.hpp"

namespace accelsim {

LoopWalk::LoopWalk(const Design& design, std::vector<int> loops) : offsets_(design.workload.dimensions.size(), 0) {
    for (int index : loops) {
        const LoweredLoop& loop = design.loops[static_cast<std::size_t>(index)];
        const auto& dimension = design.workload.dimensions[static_cast<std::size_t>(loop.dimension)];
        loops_.push_back({loop.dimension, loop.bound, loop.stride, dimension.bound});
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

std::vector<std::int64_t> dimension_values(const Design& design, const std::vector<int>& loops, int dimension,
                                           std::int64_t base) {
    const std::int64_t bound = design.workload.dimensions[static_cast<std::size_t>(dimension)].bound;
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
