// SPDX-License-Identifier: Apache-2.0
#include "models/interstellar/interstellar.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace accelsim::interstellar {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

using Trips = std::array<std::int64_t, loop_count>;

/// Products of the trips of each loop over the levels up to this one.
Trips up_to(const Mapping& mapping, std::size_t level, Trips LevelMapping::*trips) {
    Trips result{1, 1, 1, 1, 1, 1, 1};
    for (std::size_t l = 0; l <= level; ++l)
        for (std::size_t x = 0; x < loop_count; ++x) result[x] *= (mapping[l].*trips)[x];
    return result;
}

/// Temporal and spatial trips together; each unit that needs the same element has a copy of its own.
PerTensor block_sizes(const Layer& layer, const Mapping& mapping, std::size_t level) {
    Trips trips = up_to(mapping, level, &LevelMapping::blocking);
    const Trips spatial = up_to(mapping, level, &LevelMapping::partitioning);
    for (std::size_t x = 0; x < loop_count; ++x) trips[x] *= spatial[x];
    PerTensor sizes = layer.tensor_sizes(trips);
    const Trips& own = mapping[level].partitioning;
    sizes[input] *= own[OC];
    sizes[output] *= own[IC] * own[FX] * own[FY];
    sizes[weight] *= own[OX] * own[OY] * own[ON];
    return sizes;
}

std::int64_t irrelevant_product(TensorName tensor, const Trips& trips) {
    std::int64_t product = 1;
    for (const LoopName x : irrelevant_loops(tensor)) product *= trips[at(x)];
    return product;
}

double memory_energy(const MemoryLevel& level, const PerTensor& totals) {
    double energy = 0;
    for (std::size_t t = 0; t < tensor_count; ++t)
        if (level.memories[t]) energy += static_cast<double>(totals[t]) * level.access_costs[at(*level.memories[t])];
    return energy;
}

/// Which spatial trips are between neighbours, and which, per array dimension, between replicas.
struct ArraySplit {
    Trips nearest{1, 1, 1, 1, 1, 1, 1};
    std::vector<Trips> far;
    std::vector<double> far_cost;
};

ArraySplit split_array(const MemoryLevel& level, const LevelMapping& mapping) {
    ArraySplit split;
    const bool replicates = level.parallel_mode == 1;
    const std::size_t dimensions = std::max(at(level.array_dimensions), mapping.array_loops.size());
    if (replicates) {
        split.far.assign(dimensions, Trips{1, 1, 1, 1, 1, 1, 1});
        split.far_cost.assign(dimensions, 0);
    }
    for (std::size_t d = 0; d < mapping.array_loops.size(); ++d) {
        const std::vector<LoopName>& loops = mapping.array_loops[d];
        for (std::size_t i = 0; i < loops.size(); ++i) {
            const std::int64_t trips = mapping.partitioning[at(loops[i])];
            if (i == 0 || !replicates) {
                split.nearest[at(loops[i])] = trips;
            } else {
                split.far[d][at(loops[i])] = trips;
                split.far_cost[d] = level.parallel_cost * static_cast<double>(mapping.partitioning[at(loops[0])]);
            }
        }
    }
    return split;
}

/// Hops above a level, from the accesses per element of the level outside it (outputs: updates).
ArrayAccesses array_accesses(const Layer& layer, const Machine& machine, const Mapping& mapping, std::size_t level) {
    const ArrayFactors factors = array_factors(machine.levels[level], mapping[level]);
    const PerTensor sizes = layer.tensor_sizes();
    ArrayAccesses result;
    result.level = static_cast<int>(level);
    result.nearest_cost = machine.levels[level].parallel_cost;
    result.far_cost = factors.far_cost;
    result.far_per_element.resize(factors.far.size());
    result.far_total.resize(factors.far.size());
    for (std::size_t t = 0; t < tensor_count; ++t) {
        const auto tensor = static_cast<TensorName>(t);
        const std::int64_t accesses = accesses_per_element(layer, machine, mapping, tensor, static_cast<int>(level) + 1);
        result.nearest_per_element[t] = accesses * factors.nearest[t];
        result.nearest_total[t] = result.nearest_per_element[t] * sizes[t];
        for (std::size_t d = 0; d < factors.far.size(); ++d) {
            result.far_per_element[d][t] = accesses * factors.far[d][t];
            result.far_total[d][t] = result.far_per_element[d][t] * sizes[t];
        }
    }
    return result;
}

std::int64_t sum(const PerTensor& values) { return std::accumulate(values.begin(), values.end(), std::int64_t{0}); }

/// Added to the outer memory's energy and taken off again, as the program does: its last digits depend on it.
double array_energy(const ArrayAccesses& array, double outer_energy) {
    double energy = static_cast<double>(sum(array.nearest_total)) * array.nearest_cost;
    for (std::size_t d = 0; d < array.far_total.size(); ++d)
        energy += static_cast<double>(sum(array.far_total[d])) * array.far_cost[d];
    return (outer_energy + energy) - outer_energy;
}

MemoryAccesses memory_accesses(const Layer& layer, const Machine& machine, const Mapping& mapping, std::size_t level) {
    MemoryAccesses result;
    const PerTensor sizes = layer.tensor_sizes();
    for (std::size_t t = 0; t < tensor_count; ++t) {
        const std::int64_t accesses =
            accesses_per_element(layer, machine, mapping, static_cast<TensorName>(t), static_cast<int>(level));
        result.per_element[t] = t == output ? 2 * accesses - 1 : accesses;
        result.total[t] = result.per_element[t] * sizes[t];
    }
    result.bank_size = layer.tensor_sizes(up_to(mapping, level, &LevelMapping::blocking));
    result.block_size = block_sizes(layer, mapping, level);
    result.energy_pj = memory_energy(machine.levels[level], result.total);
    return result;
}

}  // namespace

const std::array<std::string, loop_count>& loop_names() {
    static const std::array<std::string, loop_count> names = {"FX", "FY", "OX", "OY", "OC", "IC", "ON"};
    return names;
}

const std::array<std::string, tensor_count>& tensor_names() {
    static const std::array<std::string, tensor_count> names = {"input", "output", "weight"};
    return names;
}

const std::vector<LoopName>& irrelevant_loops(TensorName tensor) {
    static const std::array<std::vector<LoopName>, tensor_count> loops = {
        {{FX, FY, OC}, {FX, FY, IC}, {OX, OY, ON}}};  // inputs: a window's taps count as reuse of the same element
    return loops[at(tensor)];
}

bool is_relevant(TensorName tensor, int loop) {
    const std::vector<LoopName>& others = irrelevant_loops(tensor);
    return std::find(others.begin(), others.end(), static_cast<LoopName>(loop)) == others.end();
}

std::int64_t Layer::macs() const { return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>()); }

PerTensor Layer::tensor_sizes() const { return tensor_sizes(sizes); }

PerTensor Layer::tensor_sizes(const std::array<std::int64_t, loop_count>& trips) const {
    const std::int64_t width = trips[FX] + (trips[OX] - 1) * stride_x;
    const std::int64_t height = trips[FY] + (trips[OY] - 1) * stride_y;
    return {width * height * trips[IC] * trips[ON], trips[OX] * trips[OY] * trips[OC] * trips[ON],
            trips[FX] * trips[FY] * trips[IC] * trips[OC]};
}

std::int64_t Machine::total_parallelism() const {
    std::int64_t count = 1;
    for (const MemoryLevel& level : levels) count *= level.parallel_count;
    return count;
}

std::int64_t LevelMapping::spatial_product() const {
    return std::accumulate(partitioning.begin(), partitioning.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t MemoryAccesses::total_access() const { return sum(total); }

std::int64_t ArrayAccesses::total_access() const {
    std::int64_t accesses = sum(nearest_total);
    for (const PerTensor& totals : far_total) accesses += sum(totals);
    return accesses;
}

ArrayFactors array_factors(const MemoryLevel& level, const LevelMapping& mapping) {
    const ArraySplit split = split_array(level, mapping);
    ArrayFactors factors{{}, std::vector<PerTensor>(split.far.size()), split.far_cost};
    for (std::size_t t = 0; t < tensor_count; ++t) {
        const auto tensor = static_cast<TensorName>(t);
        factors.nearest[t] = irrelevant_product(tensor, split.nearest);
        for (std::size_t d = 0; d < split.far.size(); ++d) {
            const std::int64_t replicas = irrelevant_product(tensor, split.far[d]);
            factors.far[d][t] = replicas == 1 ? 0 : replicas;
        }
    }
    return factors;
}

bool fits_level(const Machine& machine, const PerTensor& sizes, std::size_t level, std::int64_t copies, bool half_full) {
    const MemoryLevel& memory = machine.levels[level];
    if (!memory.separate) {
        const std::int64_t size = sum(sizes);
        const std::int64_t room = memory.capacities[0] * copies;
        return size <= room && (!half_full || 2 * size >= room);
    }
    for (std::size_t m = 0; m < memory.capacities.size(); ++m) {
        const std::int64_t room = memory.capacities[m] * copies;
        std::int64_t size = 0;
        bool kept_outside = true;
        for (std::size_t t = 0; t < tensor_count; ++t) {
            if (memory.memories[t] != static_cast<int>(m)) continue;
            size += sizes[t];
            kept_outside = kept_outside && (!half_full || machine.levels[level + 1].memories[t].has_value());
        }
        if (size > room) return false;
        // The program looks at the rule only where a level has a single memory, and strictly.
        if (size > 0 && half_full && kept_outside && memory.capacities.size() == 1 && 2 * size <= room) return false;
    }
    return true;
}

std::int64_t accesses_per_element(const Layer& layer, const Machine& machine, const Mapping& mapping, TensorName tensor,
                                  int level) {
    std::int64_t accesses = 1;
    if (level == 0 && !machine.mac_holds_operands) {
        accesses = irrelevant_product(tensor, layer.sizes);
    } else {
        int first_relevant = absent;
        for (int x = 0; x < loop_count; ++x)
            if (is_relevant(tensor, x)) first_relevant = std::min(first_relevant, mapping[at(level)].order[at(x)]);
        for (std::size_t l = at(level); l < mapping.size(); ++l) {
            for (const LoopName x : irrelevant_loops(tensor)) {
                const bool stationary = l == at(level) && mapping[l].order[at(x)] < first_relevant;
                accesses *= mapping[l].partitioning[at(x)] * (stationary ? 1 : mapping[l].blocking[at(x)]);
            }
        }
    }
    return tensor == input ? accesses / (layer.stride_x * layer.stride_y) : accesses;
}

Evaluation evaluate(const Layer& layer, const Machine& machine, const Mapping& mapping) {
    Evaluation result;
    result.fits = true;
    std::int64_t units = 1;
    for (std::size_t l = 0; l < machine.levels.size(); ++l) {
        const MemoryLevel& level = machine.levels[l];
        result.memories.push_back(memory_accesses(layer, machine, mapping, l));
        const MemoryAccesses& memory = result.memories.back();
        if (l > 0 && machine.levels[l - 1].parallel_mode != 0) {
            result.arrays.push_back(array_accesses(layer, machine, mapping, l - 1));
            result.arrays.back().energy_pj = array_energy(result.arrays.back(), memory.energy_pj);
            result.total_energy_pj += result.arrays.back().energy_pj;
        }
        result.total_energy_pj += memory.energy_pj;
        const bool half_full = machine.refuses_underutilized && l + 1 < machine.levels.size();
        result.fits = result.fits && mapping[l].spatial_product() <= level.parallel_count &&
                      fits_level(machine, level.parallel_count > 1 ? memory.bank_size : memory.block_size, l, 1, half_full);
        units *= mapping[l].spatial_product();
    }
    const std::int64_t total = machine.total_parallelism();
    result.utilization = static_cast<double>(units) / static_cast<double>(total);
    result.ideal_cycles = (layer.macs() + total - 1) / total;
    return result;
}

}  // namespace accelsim::interstellar
