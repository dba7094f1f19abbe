// SPDX-License-Identifier: Apache-2.0
#include "sim/program/optimize/mapping_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

Json loops_json(const RunConfig& config, int level, LoopKind kind) {
    Json loops = Json::array();
    for (const Loop& loop : config.nest.loops)
        if (loop.level == level && loop.kind == kind)
            loops.push_back({{config.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name, loop.bound}});
    if (kind != LoopKind::temporal) std::reverse(loops.begin(), loops.end());
    return loops;
}

/// As in Interstellar's own files.
Json interstellar_json(const search::Mapping& mapping) {
    Json blockings, partitionings, orders, arrays = Json::array();
    for (std::size_t x = 0; x < interstellar::loop_count; ++x) {
        const std::string& name = interstellar::loop_names()[x];
        for (const interstellar::LevelMapping& level : mapping) {
            blockings[name].push_back(level.blocking[x]);
            partitionings[name].push_back(level.partitioning[x]);
            orders[name].push_back(level.order[x]);
        }
    }
    for (const interstellar::LevelMapping& level : mapping) {
        Json axes;
        for (const auto& loops : level.array_loops) {
            Json names = Json::array();
            for (const interstellar::LoopName x : loops) names.push_back(interstellar::loop_names()[x]);
            axes.push_back(std::move(names));
        }
        arrays.push_back(std::move(axes));
    }
    return {
        {"loop_blockings", blockings}, {"loop_partitionings", partitionings}, {"loop_orders", orders}, {"para_loop_dim", arrays}};
}

}  // namespace

Json nest_json(const RunConfig& config) {
    Json nest = Json::array();
    for (std::size_t l = 0; l < config.architecture.levels.size(); ++l) {
        Json entry = {{"level", config.architecture.levels[l].name}};
        const std::pair<const char*, LoopKind> kinds[] = {
            {"for", LoopKind::temporal}, {"rows", LoopKind::rows}, {"columns", LoopKind::columns}};
        for (const auto& [key, kind] : kinds) {
            Json loops = loops_json(config, static_cast<int>(l), kind);
            if (!loops.empty()) entry[key] = std::move(loops);
        }
        if (entry.size() > 1) nest.push_back(std::move(entry));
    }
    return nest;
}

Json mapping_json(const RunConfig& config, const search::Optimum& optimum) {
    RunConfig found = config;
    found.nest = optimum.nest;
    found.architecture = optimum.architecture;
    Json json = {{"nest", nest_json(found)}};
    if (optimum.mapping) json["interstellar"] = interstellar_json(*optimum.mapping);
    return json;
}

}  // namespace accelsim
