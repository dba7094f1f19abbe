// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "sim/program/import/interstellar_parts.hpp"
#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

using interstellar::MemoryLevel;

constexpr std::int64_t most_levels = 16;
constexpr std::int64_t most_units = 1 << 20;
constexpr double dearest_pj = 1e9;
constexpr std::size_t default_partitions = 3;  ///< levels that the program's default of memory_partitions covers

class ArchReader {
public:
    ArchReader(const Yaml& node, InterstellarDesign& design)
        : map_(node, interstellar_arch_keys(), "the arch"), design_(design), levels_(design.machine.levels) {}

    void read() {
        design_.arch_where = map_.where();
        map_.need("mem_levels");
        count_ = static_cast<std::size_t>(map_.integer("mem_levels", 0, 2, most_levels));
        levels_.resize(count_);
        read_precision();
        design_.machine.mac_holds_operands = map_.integer("mac_capacity", 0, 0, 1) == 1;
        design_.machine.refuses_underutilized = flag("invalid_underutilized", true);
        read_memories();
        read_partitions();
        read_units();
        read_search();
    }

private:
    void read_precision() {
        map_.need("precision");
        const std::int64_t bits = map_.integer("precision", 0, 1, 64);
        if (bits != 8 && bits != 16)
            throw UserError(
                fmt::format("{} must be 8 or 16, not {}; the machine has no other operands", map_.what("precision"), bits),
                map_.need("precision").where);
        design_.machine.precision_bits = static_cast<int>(bits);
    }

    bool flag(const std::string& key, bool fallback) const {
        const Yaml* value = map_.find(key);
        return value == nullptr ? fallback : to_flag(*value, map_.what(key));
    }

    const std::vector<Yaml>& list(const std::string& key, std::size_t size, const std::string& example) const {
        return interstellar_list(map_.need(key), map_.what(key), size, example);
    }

    void read_memories() {
        const std::vector<Yaml>& capacities = list("capacity", count_, "[512, 65536, 1073741824]");
        const std::vector<Yaml>& costs = list("access_cost", count_, "[0.96, 9, 200]");
        for (std::size_t l = 0; l < count_; ++l) {
            MemoryLevel& level = levels_[l];
            level.separate = capacities[l].is_sequence();
            for (const Yaml& item : members(capacities[l]))
                level.capacities.push_back(to_integer(item, map_.what("capacity"), {1, max_capacity_bytes, "bytes"}) * 8 /
                                           design_.machine.precision_bits);
            for (const Yaml& item : members(costs[l]))
                level.access_costs.push_back(to_number(item, map_.what("access_cost"), 0, dearest_pj, "pJ"));
            if (level.access_costs.size() != level.capacities.size())
                throw UserError(fmt::format("{} has {} for level {}, its 'capacity' has {}; give one price per memory",
                                            map_.what("access_cost"), level.access_costs.size(), l, level.capacities.size()),
                                costs[l].where);
        }
        if (levels_.back().separate && levels_.back().capacities.size() > 1)
            throw UserError(fmt::format("{}: the last level is the DRAM, one memory for all", map_.what("capacity")),
                            capacities.back().where);
    }

    /// One figure, or one per separate memory.
    static std::vector<Yaml> members(const Yaml& node) { return node.is_sequence() ? node.items : std::vector<Yaml>{node}; }

    void read_partitions() {
        design_.partitions_given = map_.has("memory_partitions");
        if (!design_.partitions_given) {
            for (std::size_t l = 0; l < count_; ++l) {
                if (levels_[l].capacities.size() > 1)
                    throw UserError(fmt::format("the arch needs the key 'memory_partitions': level {} has {} memories", l,
                                                levels_[l].capacities.size()),
                                    map_.where());
                if (l >= default_partitions) levels_[l].memories.fill(std::nullopt);
            }
            return;
        }
        const std::vector<Yaml>& partitions = list("memory_partitions", count_, "[[0, 0, 0], [0, 0, 1], [0, 0, 0]]");
        for (std::size_t l = 0; l < count_; ++l) {
            const std::string what = fmt::format("level {} of {}", l, map_.what("memory_partitions"));
            const std::vector<Yaml>& items = interstellar_list(partitions[l], what, interstellar::tensor_count, "[0, 0, null]");
            for (std::size_t t = 0; t < items.size(); ++t) {
                levels_[l].memories[t] = std::nullopt;
                if (items[t].kind == Yaml::Kind::null) continue;
                levels_[l].memories[t] = static_cast<int>(
                    to_integer(items[t], what, {0, static_cast<std::int64_t>(levels_[l].capacities.size()) - 1}));
            }
        }
    }

    void read_units() {
        const std::vector<Yaml>& counts = list("parallel_count", count_, "[256, 1, 1]");
        for (std::size_t l = 0; l < count_; ++l) {
            levels_[l].parallel_count = to_integer(counts[l], map_.what("parallel_count"), {1, most_units});
            levels_[l].parallel_mode = levels_[l].parallel_count == 1 ? 0 : 1;
            levels_[l].array_dimensions = levels_[l].parallel_count == 1 ? 1 : 2;
        }
        if (levels_.back().parallel_count != 1)
            throw UserError(fmt::format("{} must end with 1: there is one DRAM", map_.what("parallel_count")),
                            counts.back().where);
        std::size_t arrays = 0;
        for (std::size_t l = 0; l < count_; ++l) {
            if (const Yaml* modes = map_.find("parallel_mode"))
                levels_[l].parallel_mode =
                    static_cast<int>(to_integer(interstellar_list(*modes, map_.what("parallel_mode"), count_, "[1, 0, 0]")[l],
                                                map_.what("parallel_mode"), {0, 2}));
            if (const Yaml* dimensions = map_.find("array_dim"))
                levels_[l].array_dimensions =
                    static_cast<int>(to_integer(interstellar_list(*dimensions, map_.what("array_dim"), count_, "[2, 1, 1]")[l],
                                                map_.what("array_dim"), {1, 2}));
            arrays += levels_[l].parallel_mode != 0 ? 1 : 0;
        }
        if (levels_.back().parallel_mode != 0)
            throw UserError(fmt::format("{} must end with 0: there is one DRAM", map_.what("parallel_mode")),
                            map_.need("parallel_mode").where);
        read_hop_prices(arrays);
    }

    /// One price per level that has an array mode.
    void read_hop_prices(std::size_t arrays) {
        if (arrays == 0) return;
        const std::vector<Yaml>& prices = map_.need("parallel_cost").items;
        if (prices.size() < arrays) list("parallel_cost", arrays, "[0.035]");
        std::size_t next = 0;
        for (MemoryLevel& level : levels_)
            if (level.parallel_mode != 0)
                level.parallel_cost = to_number(prices[next++], map_.what("parallel_cost"), 0, dearest_pj, "pJ");
    }

    void read_search() {
        design_.search.replication = flag("replication", true);
        design_.search.utilization_threshold = map_.number("utilization_threshold", 0, 0, 1);
        if (!map_.has("explore_points")) return;
        MemoryFamily family;
        for (const Yaml& item : map_.need("explore_points").items)
            family.points.push_back(to_integer(item, map_.what("explore_points"), {0, most_units}));
        for (const auto& [key, scales] :
             {std::pair{"capacity_scale", &family.capacity_scale}, std::pair{"access_cost_scale", &family.access_cost_scale}})
            for (const Yaml& item : list(key, family.points.size(), "[2, 2]"))
                scales->push_back(to_number(item, map_.what(key), 0, dearest_pj));
        design_.search.memories = family;
    }

    ImportMap map_;
    InterstellarDesign& design_;
    std::vector<MemoryLevel>& levels_;
    std::size_t count_ = 0;
};

}  // namespace

const ImportKeys& interstellar_arch_keys() {
    static const ImportKeys keys = {
        {"mem_levels", "capacity", "access_cost", "parallel_count", "parallel_cost", "parallel_mode", "array_dim", "mac_capacity",
         "precision", "memory_partitions", "invalid_underutilized", "utilization_threshold", "replication", "explore_points",
         "capacity_scale", "access_cost_scale"},
        {"static_cost"},
        {},
        {}};
    return keys;
}

void read_interstellar_arch(const Yaml& node, InterstellarDesign& design) { ArchReader(node, design).read(); }

}  // namespace accelsim
