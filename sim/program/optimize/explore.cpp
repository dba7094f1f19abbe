// SPDX-License-Identifier: Apache-2.0
#include "sim/program/optimize/explore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>

#include "mappings/split.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/optimize/mapping_json.hpp"
#include "sim/program/text_format.hpp"
#include "sim/program/yaml/load_network.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

/// Lists of overrides, one per memory system.
std::vector<std::vector<std::string>> override_lists(const std::vector<std::string>& overrides, const MemoryRequest& memories) {
    std::vector<std::vector<std::string>> lists = {overrides};
    const auto multiply = [&](const std::string& key, const std::vector<std::string>& values) {
        std::vector<std::vector<std::string>> longer;
        for (const std::vector<std::string>& list : lists) {
            for (const std::string& value : values) {
                longer.push_back(list);
                longer.back().push_back(key + "=" + value);
            }
        }
        lists = std::move(longer);
    };
    if (!memories.architectures.empty()) multiply("architecture", memories.architectures);
    for (const std::string& sizes : memories.sizes) {
        const std::size_t equals = sizes.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == sizes.size())
            throw UserError("--memory " + sizes + ": it is written such as RegisterFile=64B,128B,256B");
        multiply("architecture.levels." + sizes.substr(0, equals) + ".capacity", split(sizes.substr(equals + 1), ','));
    }
    return lists;
}

struct Ratio {
    double least = 0;
    double most = std::numeric_limits<double>::infinity();
};

Ratio read_ratio(const std::string& text) {
    if (text.empty()) return {};
    const std::vector<std::string> parts = split(text, ':');
    const auto is_number = [](const std::string& part) {
        return !part.empty() && part.size() < 10 && part.find_first_not_of("0123456789.") == std::string::npos && part != ".";
    };
    if (parts.size() != 2 || !is_number(parts[0]) || !is_number(parts[1]))
        throw UserError("--ratio " + text + ": it is written such as 4:16");
    return {std::stod(parts[0]), std::stod(parts[1])};
}

/// Bytes of every buffer in all its instances, outermost first.
std::vector<double> totals(const Architecture& architecture) {
    std::vector<double> result;
    double instances = 1;
    for (const Level& level : architecture.levels) {
        if (level.kind == LevelKind::array) instances *= static_cast<double>(level.rows) * level.columns;
        if (level.kind == LevelKind::buffer) result.push_back(instances * static_cast<double>(level.total_capacity_bytes()));
    }
    return result;
}

bool within(const Architecture& architecture, const Ratio& ratio) {
    const std::vector<double> bytes = totals(architecture);
    for (std::size_t l = 0; l + 1 < bytes.size(); ++l)
        if (bytes[l] < ratio.least * bytes[l + 1] || bytes[l] > ratio.most * bytes[l + 1]) return false;
    return true;
}

std::string size_text(std::int64_t bytes) {
    if (bytes % 1048576 == 0 && bytes > 0) return fmt::format("{} MiB", bytes / 1048576);
    return bytes % 1024 == 0 && bytes > 0 ? fmt::format("{} KiB", bytes / 1024) : fmt::format("{} B", bytes);
}

MemoryRow make_row(RunConfig config) {
    MemoryRow row{"", {}, std::move(config), std::nullopt};
    for (const Level& level : row.config.architecture.levels) {
        if (level.kind != LevelKind::buffer) continue;
        row.capacities.push_back(level.total_capacity_bytes());
        row.name += fmt::format("{}{} {}", row.name.empty() ? "" : ", ", level.name, size_text(row.capacities.back()));
    }
    return row;
}

RunConfig load_source(const RunSource& source, const std::vector<std::string>& overrides) {
    const RunTree tree = load_tree(source.file, overrides);
    if (source.layer.empty()) return read_run(tree);
    if (!has_network(tree)) throw UserError("--layer is for networks; the workload of " + source.file + " is a single layer");
    const NetworkConfig network = read_network(tree);
    return read_layer(network, find_layer(network, source.layer));
}

std::vector<MemoryRow> all_rows(const RunSource& source, const MemoryRequest& memories) {
    const Ratio ratio = read_ratio(memories.ratio);
    std::vector<MemoryRow> rows;
    for (const std::vector<std::string>& list : override_lists(source.overrides, memories)) {
        const RunConfig config = load_source(source, list);
        const bool family = config.search && config.search->memories;
        const std::vector<search::MemoryPoint> points = family
                                                            ? search::memory_points(config.architecture, *config.search->memories)
                                                            : std::vector<search::MemoryPoint>{{{}, config.architecture}};
        for (const search::MemoryPoint& point : points) {
            if (!within(point.architecture, ratio)) continue;
            RunConfig member = config;
            member.architecture = point.architecture;
            if (member.search) member.search->memories.reset();
            rows.push_back(make_row(std::move(member)));
        }
    }
    if (rows.empty()) throw UserError("--ratio " + memories.ratio + ": no memory system is within it");
    return rows;
}

double value(const search::Optimum& optimum, search::Objective objective) {
    const auto cycles = static_cast<double>(optimum.cycles);
    if (objective == search::Objective::energy) return optimum.energy_pj;
    return objective == search::Objective::cycles ? cycles : cycles * optimum.energy_pj;
}

}  // namespace

std::vector<MemoryRow> explore_memories(const RunSource& source, const MemoryRequest& memories, const search::Request& request) {
    std::vector<MemoryRow> rows = all_rows(source, memories);
    const auto begin = std::chrono::steady_clock::now();
    std::string why;
    bool found = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        search::Request one = request;
        const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (request.limits.seconds > 0)
            one.limits.seconds = std::max(0.05, (request.limits.seconds - passed) / static_cast<double>(rows.size() - i));
        try {
            rows[i].optimum = search_mapping(rows[i].config, one);
            found = true;
        } catch (const UserError& error) {
            if (rows.size() == 1) throw;
            why = error.what();
        }
    }
    if (!found) throw UserError("no mapping for any of the memory systems: " + why);
    return rows;
}

std::size_t best_row(const std::vector<MemoryRow>& rows, search::Objective objective) {
    std::size_t best = rows.size();
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].optimum &&
            (best == rows.size() || value(*rows[i].optimum, objective) < value(*rows[best].optimum, objective)))
            best = i;
    return best;
}

std::string memory_table(const std::vector<MemoryRow>& rows) {
    std::size_t width = 0;
    for (const MemoryRow& row : rows) width = std::max(width, row.name.size());
    std::string text = fmt::format("{:<{}} {:>12} {:>14}\n", "memories", width, "energy", "cycles");
    for (const MemoryRow& row : rows) {
        if (row.optimum)
            text += fmt::format("{:<{}} {:>12} {:>14}\n", row.name, width, energy_text(row.optimum->energy_pj),
                                grouped(row.optimum->cycles));
        else
            text += fmt::format("{:<{}} {:>12}\n", row.name, width, "nothing fits");
    }
    return text;
}

std::string dataflow_table(const std::vector<search::DataflowOptimum>& rows) {
    std::string text = fmt::format("{:<24} {:>12} {:>12}\n", "dataflow", "energy", "MACs used");
    for (const search::DataflowOptimum& row : rows)
        text +=
            fmt::format("{:<24} {:>12} {:>11.1f}%\n", row.dataflow, energy_text(row.optimum.energy_pj), 100 * row.utilization);
    return text;
}

Json memory_json(const std::vector<MemoryRow>& rows) {
    Json list = Json::array();
    for (const MemoryRow& row : rows) {
        Json entry = {{"name", row.name}, {"capacities", row.capacities}};
        entry["energy_pj"] = row.optimum ? Json(row.optimum->energy_pj) : Json();
        entry["cycles"] = row.optimum ? Json(row.optimum->cycles) : Json();
        list.push_back(std::move(entry));
    }
    return list;
}

Json dataflow_json(const std::vector<search::DataflowOptimum>& rows, const RunConfig& config) {
    Json list = Json::array();
    for (const search::DataflowOptimum& row : rows)
        list.push_back({{"dataflow", row.dataflow},
                        {"energy_pj", row.optimum.energy_pj},
                        {"cycles", row.optimum.cycles},
                        {"utilization", row.utilization},
                        {"proven", row.optimum.proven},
                        {"mapping", mapping_json(config, row.optimum)}});
    return list;
}

}  // namespace accelsim
