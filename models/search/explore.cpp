// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "models/search/from_run.hpp"
#include "models/search/interstellar_search.hpp"

namespace accelsim::search {

namespace {

/// Loops per axis of every array, innermost level first.
using DataflowKey = std::vector<std::vector<std::vector<LoopName>>>;

DataflowKey key_of(const Unrolling& unrolling) {
    DataflowKey key;
    for (const LevelUnrolling& level : unrolling) key.push_back(level.array_loops);
    return key;
}

/// "C | K", several arrays outermost first.
std::string name_of(const DataflowKey& key, const PlacedSpace& placed, const Workload& workload) {
    std::string text;
    for (std::size_t l = key.size(); l-- > 0;) {
        if (key[l].empty()) continue;
        if (!text.empty()) text += " / ";
        for (std::size_t axis = 0; axis < key[l].size(); ++axis) {
            if (axis > 0) text += " | ";
            for (const LoopName x : key[l][axis])
                text += workload.dimensions[static_cast<std::size_t>(placed.dimension_of[x])].name;
        }
    }
    return text.empty() ? "one lane" : text;
}

double utilization_of(const Unrolling& unrolling, const Machine& machine) {
    double lanes = 1;
    for (const LevelUnrolling& level : unrolling)
        for (const std::int64_t factor : level.factors) lanes *= static_cast<double>(factor);
    return lanes / static_cast<double>(machine.total_parallelism());
}

void scale(Memory& memory, double capacity, double price) {
    memory.capacity_bytes = static_cast<std::int64_t>(std::llround(static_cast<double>(memory.capacity_bytes) * capacity));
    memory.energy.read_pj *= price;
    memory.energy.write_pj *= price;
}

}  // namespace

std::vector<DataflowOptimum> explore_dataflows(const Workload& workload, const Architecture& architecture,
                                               const SearchSpace& search, const Nest& rules, const Request& request) {
    const InterstellarSearch searcher(workload, architecture, search, rules);
    const Space& space = searcher.placed().space;
    std::map<DataflowKey, std::vector<Unrolling>> dataflows;
    for (Unrolling& unrolling : unrollings(space)) {
        // As the program: axes that are filled enough may still leave too much of the array.
        if (space.replication && utilization_of(unrolling, space.machine) < space.min_utilization) continue;
        dataflows[key_of(unrolling)].push_back(std::move(unrolling));
    }
    const auto begin = std::chrono::steady_clock::now();
    std::vector<DataflowOptimum> result;
    std::size_t left = dataflows.size();
    for (auto& [key, among] : dataflows) {
        Limits limits = request.limits;
        const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (limits.seconds > 0) limits.seconds = std::max(0.01, (limits.seconds - passed) / static_cast<double>(left));
        --left;
        std::optional<Optimum> best = searcher.best(std::move(among), limits);
        if (!best) continue;
        double lanes = 1;
        for (const interstellar::LevelMapping& level : *best->mapping) lanes *= static_cast<double>(level.spatial_product());
        const double utilization = lanes / static_cast<double>(space.machine.total_parallelism());
        result.push_back({name_of(key, searcher.placed(), workload), utilization, std::move(*best)});
    }
    if (result.empty()) throw_nothing_fits(rules.where);
    std::stable_sort(result.begin(), result.end(), [](const DataflowOptimum& a, const DataflowOptimum& b) {
        return a.optimum.energy_pj < b.optimum.energy_pj;
    });
    return result;
}

std::vector<MemoryPoint> memory_points(const Architecture& architecture, const MemoryFamily& family) {
    std::vector<std::size_t> buffers;
    for (std::size_t l = architecture.levels.size(); l-- > 0;)
        if (architecture.levels[l].kind == LevelKind::buffer) buffers.push_back(l);
    std::vector<MemoryPoint> result = {{{}, architecture}};
    for (std::size_t b = 0; b < std::min(buffers.size(), family.points.size()); ++b) {
        std::vector<MemoryPoint> longer;
        for (const MemoryPoint& point : result) {
            for (std::int64_t i = 0; i < std::max<std::int64_t>(1, family.points[b]); ++i) {
                longer.push_back(point);
                longer.back().index.push_back(i);
                Level& level = longer.back().architecture.levels[buffers[b]];
                const double capacity = std::pow(family.capacity_scale[b], i), price = std::pow(family.access_cost_scale[b], i);
                scale(level, capacity, price);
                for (auto& [tensor, memory] : level.memories) scale(memory, capacity, price);
                for (auto& [tensor, bytes] : level.partitions)
                    bytes = static_cast<std::int64_t>(std::llround(static_cast<double>(bytes) * capacity));
            }
        }
        result = std::move(longer);
    }
    return result;
}

}  // namespace accelsim::search
