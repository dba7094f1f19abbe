// SPDX-License-Identifier: Apache-2.0
#include "models/search/level_cost.hpp"

#include <numeric>

namespace accelsim::search {

namespace {

std::int64_t sum(const PerTensor& values) { return std::accumulate(values.begin(), values.end(), std::int64_t{0}); }

}  // namespace

LevelCost::LevelCost(const Space& space, const Unrolling& unrolling, std::size_t level) {
    sizes_ = space.layer.tensor_sizes();
    stride_area_ = space.layer.stride_x * space.layer.stride_y;
    const interstellar::MemoryLevel& memory = space.machine.levels[level];
    for (std::size_t t = 0; t < tensor_count; ++t)
        if (memory.memories[t]) price_[t] = memory.access_costs[static_cast<std::size_t>(*memory.memories[t])];
    Mapping mapping(space.levels());
    for (std::size_t l = 0; l < space.levels(); ++l) {
        mapping[l].partitioning = unrolling[l].factors;
        mapping[l].array_loops = unrolling[l].array_loops;
    }
    for (std::size_t t = 0; t < tensor_count; ++t)
        for (const LoopName x : interstellar::irrelevant_loops(static_cast<TensorName>(t)))
            for (std::size_t l = level; l < space.levels(); ++l) spatial_[t] *= unrolling[l].factors[x];
    constant_ = level == 0 && !space.machine.mac_holds_operands;
    if (constant_)
        for (std::size_t t = 0; t < tensor_count; ++t)
            constant_accesses_[t] =
                interstellar::accesses_per_element(space.layer, space.machine, mapping, static_cast<TensorName>(t), 0);
    has_array_ = level > 0 && space.machine.levels[level - 1].parallel_mode != 0;
    if (!has_array_) return;
    const interstellar::ArrayFactors array = interstellar::array_factors(space.machine.levels[level - 1], mapping[level - 1]);
    near_ = array.nearest;
    near_price_ = space.machine.levels[level - 1].parallel_cost;
    far_ = array.far;
    far_price_ = array.far_cost;
}

LevelEnergy LevelCost::energy(const PerLoop& own, const PerLoop& outside, const std::array<LoopSet, tensor_count>& stays) const {
    if (constant_) return price(constant_accesses_);
    PerTensor accesses;
    for (std::size_t t = 0; t < tensor_count; ++t)
        accesses[t] = repeats(static_cast<TensorName>(t), own, outside, stays[t]) * spatial_[t];
    accesses[interstellar::input] /= stride_area_;
    return price(accesses);
}

/// In the order in which the model adds, so that not a bit differs.
LevelEnergy LevelCost::price(const PerTensor& accesses) const {
    LevelEnergy result;
    for (std::size_t t = 0; t < tensor_count; ++t) {
        const std::int64_t counted = t == interstellar::output ? 2 * accesses[t] - 1 : accesses[t];
        result.memory_pj += static_cast<double>(counted * sizes_[t]) * price_[t];
    }
    if (!has_array_) return result;
    PerTensor totals;
    for (std::size_t t = 0; t < tensor_count; ++t) totals[t] = accesses[t] * near_[t] * sizes_[t];
    double hops = static_cast<double>(sum(totals)) * near_price_;
    for (std::size_t d = 0; d < far_.size(); ++d) {
        for (std::size_t t = 0; t < tensor_count; ++t) totals[t] = accesses[t] * far_[d][t] * sizes_[t];
        hops += static_cast<double>(sum(totals)) * far_price_[d];
    }
    result.array_pj = (result.memory_pj + hops) - result.memory_pj;
    return result;
}

}  // namespace accelsim::search
