// SPDX-License-Identifier: Apache-2.0
// `mapping: auto`: what the search is told.
#include <fmt/format.h>

#include <algorithm>

#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr double largest_scale = 1e6;
constexpr std::int64_t most_points = 64;

class SearchReader {
public:
    SearchReader(const Workload& workload, const Architecture& architecture)
        : architecture_(architecture), dimensions_(dimension_names(workload)) {
        for (const Level& level : architecture.levels) levels_.push_back(level.name);
    }

    SearchHint read_hint(const Yaml& node) const {
        const Section section(node, hint_spec(), "a hint");
        SearchHint hint;
        hint.dimension = dimension(*section.find("dimension"), section.what("dimension"));
        const Yaml& name = *section.find("level");
        const std::size_t level = find_name(to_word(name, section.what("level")), name.where, levels_, "level", "a hint");
        if (!architecture_.levels[level].is_buffer())
            throw UserError(fmt::format("{} must be a buffer, '{}' is none", section.what("level"), name.text), name.where);
        hint.level = static_cast<int>(level);
        if (section.has("trips")) hint.trips = section.integer("trips");
        if (section.has("unroll")) hint.unroll = section.integer("unroll");
        if (section.has("order")) hint.order = static_cast<int>(section.integer("order"));
        if (hint.unroll && (level == 0 || architecture_.levels[level - 1].kind != LevelKind::array))
            throw UserError(fmt::format("{}: there is no array right outside level '{}'", section.what("unroll"), levels_[level]),
                            section.find("unroll")->where);
        if (hint.unroll) check_lanes(section, *hint.unroll, architecture_.levels[level - 1]);
        return hint;
    }

    int dimension(const Yaml& node, const std::string& what) const {
        return static_cast<int>(find_name(to_word(node, what), node.where, dimensions_, "dimension", what));
    }

private:
    static void check_lanes(const Section& section, std::int64_t unroll, const Level& array) {
        const std::int64_t lanes = std::int64_t{array.rows} * array.columns;
        if (unroll > lanes)
            throw UserError(fmt::format("{} is {}, but '{}' has {} lanes", section.what("unroll"), unroll, array.name, lanes),
                            section.find("unroll")->where);
    }

    const Architecture& architecture_;
    std::vector<std::string> dimensions_;
    std::vector<std::string> levels_;
};

std::vector<double> read_scales(const Section& section, const std::string& key, std::size_t size) {
    const Yaml& list = *section.find(key);
    require_sequence(list, section.what(key), "[2, 2]");
    if (list.items.size() != size)
        throw UserError(
            fmt::format("{} must have an entry for each of 'points', {}, not {}", section.what(key), size, list.items.size()),
            list.where);
    std::vector<double> scales;
    for (const Yaml& item : list.items) scales.push_back(to_number(item, "an entry of " + section.what(key), 0, largest_scale));
    return scales;
}

MemoryFamily read_family(const Yaml& node) {
    const Section section(node, memory_family_spec(), "'memories' in 'auto'");
    MemoryFamily family;
    const Yaml& points = *section.find("points");
    require_sequence(points, section.what("points"), "[5, 4]");
    for (const Yaml& item : points.items)
        family.points.push_back(to_integer(item, "an entry of " + section.what("points"), {0, most_points}));
    family.capacity_scale = read_scales(section, "capacity_scale", family.points.size());
    family.access_cost_scale = read_scales(section, "access_cost_scale", family.points.size());
    return family;
}

}  // namespace

SearchSpace read_search(const Yaml& node, const Workload& workload, const Architecture& architecture) {
    const Section section(node, auto_spec(), "'auto' in the mapping");
    const SearchReader reader(workload, architecture);
    SearchSpace space;
    if (const Yaml* hints = section.find("hints")) {
        require_sequence(*hints, section.what("hints"), "[{dimension: C, level: RegisterFile, unroll: 16}]");
        for (const Yaml& hint : hints->items) space.hints.push_back(reader.read_hint(hint));
    }
    if (const Yaml* dimensions = section.find("replicate")) {
        require_sequence(*dimensions, section.what("replicate"), "[X, N]");
        for (const Yaml& item : dimensions->items) space.replicate.push_back(reader.dimension(item, section.what("replicate")));
    }
    space.replication = section.flag("replication");
    space.min_utilization = section.number("min_utilization");
    space.half_full = section.flag("half_full");
    space.program_rules = section.choice("rules") == 1;
    if (const Yaml* memories = section.find("memories")) space.memories = read_family(*memories);
    return space;
}

}  // namespace accelsim
