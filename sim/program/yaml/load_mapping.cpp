// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/default_mapping.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

class MappingReader {
public:
    MappingReader(const Workload& workload, const Architecture& architecture)
        : architecture_(architecture), dimensions_(dimension_names(workload)), tensors_(tensor_names(workload)) {
        for (const Level& level : architecture.levels) levels_.push_back(level.name);
    }

    void read_level(const Yaml& node, Nest& nest) {
        require_map(node, "an entry of 'nest'");
        const Yaml* name = node.find("level");
        if (name == nullptr) throw UserError("an entry of 'nest' needs the key 'level'", node.where);
        const auto index =
            static_cast<int>(find_name(to_word(*name, "'level' in 'nest'"), name->where, levels_, "level", "'nest'"));
        check_order(index, name->where);
        const Level& level = architecture_.levels[static_cast<std::size_t>(index)];
        const std::string context = fmt::format("'nest' at level '{}'", level.name);
        if (level.kind == LevelKind::mac)
            throw UserError(fmt::format("level '{}' is of type mac; it has no loops", level.name), name->where);
        const bool array = level.kind == LevelKind::array;
        for (const YamlEntry& entry : node.entries) {
            const bool spatial = entry.key == "rows" || entry.key == "columns";
            if (array ? entry.key == "for" : spatial)
                throw UserError(
                    fmt::format("'{}' in {} needs a level of type {}", entry.key, context, array ? "dram or buffer" : "array"),
                    entry.where);
        }
        const Section section(node, array ? array_loops_spec() : buffer_loops_spec(), context);
        if (array) {
            read_loops(section, "rows", index, LoopKind::rows, nest);
            read_loops(section, "columns", index, LoopKind::columns, nest);
        } else {
            read_loops(section, "for", index, LoopKind::temporal, nest);
        }
    }

    void read_bypass(const Yaml& node, Nest& nest) const {
        require_map(node, "'bypass' in the mapping");
        for (const YamlEntry& entry : node.entries) {
            const std::size_t index = find_name(entry.key, entry.where, levels_, "level", "'bypass'");
            if (architecture_.levels[index].kind != LevelKind::buffer)
                throw UserError(fmt::format("level '{}' in 'bypass' is not of type buffer", entry.key), entry.where);
            const std::string what = fmt::format("'{}' in 'bypass'", entry.key);
            require_sequence(entry.value, what, "[" + tensors_[0] + "]");
            std::vector<int>& tensors = nest.bypass[static_cast<int>(index)];
            for (const Yaml& item : entry.value.items) {
                const auto tensor =
                    static_cast<int>(find_name(to_word(item, "a tensor in " + what), item.where, tensors_, "tensor", what));
                if (std::find(tensors.begin(), tensors.end(), tensor) == tensors.end()) tensors.push_back(tensor);
            }
            if (tensors.empty()) nest.bypass.erase(static_cast<int>(index));
        }
    }

private:
    void check_order(int index, const Location& where) {
        const std::string& name = levels_[static_cast<std::size_t>(index)];
        if (index == previous_) throw UserError(fmt::format("level '{}' appears twice in 'nest'", name), where);
        if (index < previous_)
            throw UserError(
                fmt::format("level '{}' must stand before '{}' in 'nest': levels go in the architecture's order, each once", name,
                            levels_[static_cast<std::size_t>(previous_)]),
                where);
        previous_ = index;
    }

    /// Appends the loops outermost first; on an array's axis that is the reverse of how they are written.
    void read_loops(const Section& section, const std::string& key, int level, LoopKind kind, Nest& nest) const {
        const Yaml* list = section.find(key);
        if (list == nullptr) return;
        const std::string what = section.what(key);
        require_sequence(*list, what, "[K: 12, C: 2]");
        std::vector<Loop> loops;
        for (const Yaml& item : list->items) {
            if (!item.is_map() || item.entries.size() != 1)
                throw UserError(fmt::format("{} must hold single pairs such as K: 12", what), item.where);
            const YamlEntry& pair = item.entries[0];
            const std::size_t dimension = find_name(pair.key, pair.where, dimensions_, "dimension", what);
            const std::string bound = fmt::format("the bound of '{}' in {}", pair.key, what);
            loops.push_back(
                {static_cast<int>(dimension), to_integer(pair.value, bound, {1, INT32_MAX}), level, kind, pair.where});
            // An overridden bound is the culprit, not the key beside it.
            if (pair.value.where.file != pair.where.file) loops.back().where = pair.value.where;
        }
        if (kind != LoopKind::temporal) std::reverse(loops.begin(), loops.end());
        nest.loops.insert(nest.loops.end(), loops.begin(), loops.end());
    }

    const Architecture& architecture_;
    std::vector<std::string> dimensions_;
    std::vector<std::string> tensors_;
    std::vector<std::string> levels_;
    int previous_ = -1;
};

}  // namespace

namespace {

/// How many values of each dimension are issued: 0, as many as it has.
void read_tail(const Section& section, const Workload& workload, Nest& nest) {
    const Yaml tail = section.get("tail");
    std::vector<std::int64_t> cover(workload.dimensions.size(), 1);
    for (const Loop& loop : nest.loops) {
        std::int64_t& product = cover[static_cast<std::size_t>(loop.dimension)];
        product = std::min<std::int64_t>(product * loop.bound, INT64_MAX / INT32_MAX);
    }
    if (tail.is_map()) {
        nest.issued.assign(cover.size(), 0);
        for (const YamlEntry& entry : tail.entries) {
            const std::size_t d = find_name(entry.key, entry.where, dimension_names(workload), "dimension", section.what("tail"));
            const std::string what = fmt::format("the values of '{}' in {}", entry.key, section.what("tail"));
            nest.issued[d] = to_integer(entry.value, what, {workload.dimensions[d].bound, INT32_MAX});
            if (nest.issued[d] > cover[d])
                throw UserError(fmt::format("{} are {}, but its loops reach only {}", what, nest.issued[d], cover[d]),
                                entry.where);
        }
    } else if (to_choice(tail, section.what("tail"), {"guard", "round_up"}) == 1) {
        nest.issued = std::move(cover);
    }
}

Nest read_nest(const Section& section, const Workload& workload, const Architecture& architecture) {
    Nest nest;
    nest.where = section.where();
    const Yaml& list = *section.find("nest");
    require_sequence(list, section.what("nest"), "[{level: DRAM, for: [K: 12]}, ...]");
    MappingReader reader(workload, architecture);
    for (const Yaml& item : list.items) reader.read_level(item, nest);
    if (const Yaml* bypass = section.find("bypass")) reader.read_bypass(*bypass, nest);
    read_tail(section, workload, nest);
    return nest;
}

/// What holds for every nest, searched or given.
void read_rules(const Section& section, Nest& nest) {
    nest.partials = static_cast<Partials>(section.choice("partials"));
    nest.halo = static_cast<Halo>(section.choice("halo"));
    nest.skip_gaps = section.choice("gaps") == 1;
}

void refuse_key(const Yaml& node, const char* key, const char* message) {
    for (const YamlEntry& entry : node.entries)
        if (entry.key == key) throw UserError(message, entry.where);
}

/// The default mapping, under the rules that the section gives. `wished`: the dataflow's text, nullptr when nobody wishes one.
Nest find_default(const Section& section, const Workload& workload, const Architecture& architecture, const Yaml* wished,
                  const Nest& given) {
    Nest rules = given;
    rules.where = section.where();
    if (const Yaml* bypass = section.find("bypass")) MappingReader(workload, architecture).read_bypass(*bypass, rules);
    Dataflow dataflow;
    if (wished != nullptr) {
        const std::string text = to_word(*wished, "'dataflow'");
        with_place(wished->where, [&] { dataflow = parse_dataflow(text, workload); });
    }
    return with_place(section.where(), [&] { return default_mapping(workload, architecture, dataflow, rules); });
}

void refuse_keys_of_nests(const Yaml& node) {
    for (const YamlEntry& entry : node.entries) {
        if (entry.key == "nest") throw UserError("the mapping has both 'nest' and 'schedule'; give one of them", entry.where);
        if (entry.key == "bypass")
            throw UserError("'bypass' goes with 'nest'; a schedule's levels hold what 'in' says and nothing else", entry.where);
        if (entry.key == "tail")
            throw UserError("'tail' goes with 'nest'; in a schedule every split has its own tail", entry.where);
    }
}

}  // namespace

MappingReading read_mapping(const Yaml& node, const Workload& workload, const std::optional<Architecture>& architecture,
                            const Yaml* dataflow) {
    const Section section(node, mapping_spec(), "the mapping");
    MappingReading result;
    if (const Yaml* search = section.find("auto")) {
        const std::vector<std::string> beside = {"auto", "bypass", "halo", "gaps", "partials"};
        for (const YamlEntry& entry : node.entries)
            if (std::find(beside.begin(), beside.end(), entry.key) == beside.end())
                throw UserError(fmt::format("the mapping is to be searched ('auto'), so it has no '{}'", entry.key), entry.where);
        if (!architecture)
            throw UserError("the run file needs the key 'architecture'; only a 'schedule' can do without", node.where);
        result.search = read_search(*search, workload, *architecture);
        result.nest.where = section.where();
        if (const Yaml* bypass = section.find("bypass")) MappingReader(workload, *architecture).read_bypass(*bypass, result.nest);
        read_rules(section, result.nest);
        return result;
    }
    Nest rules;
    read_rules(section, rules);
    refuse_key(node, "layers", "'layers' in the mapping goes with a network; this workload is a single layer");
    if (section.has("nest") || section.has("schedule"))
        refuse_key(node, "dataflow", "'dataflow' is for the default mapping; a nest or schedule says itself what is unrolled");
    if (const Yaml* list = section.find("schedule")) {
        refuse_keys_of_nests(node);
        const Schedule schedule = read_schedule(*list);
        LoweredSchedule lowered = with_place(list->where, [&] { return lower_schedule(workload, architecture, schedule); });
        result.nest = std::move(lowered.nest);
        result.passes = std::move(lowered.passes);
        if (!architecture) result.generated = std::move(lowered.architecture);
    } else if (!architecture) {
        throw UserError("the run file needs the key 'architecture'; only a 'schedule' can do without", node.where);
    } else if (section.has("nest")) {
        result.nest = read_nest(section, workload, *architecture);
    } else {
        refuse_key(node, "tail", "'tail' goes with 'nest'; the default mapping masks tails");
        const Yaml* wished = section.has("dataflow") ? section.find("dataflow") : dataflow;
        result.nest = find_default(section, workload, *architecture, wished, rules);
        result.found = true;
    }
    result.nest.partials = rules.partials;
    result.nest.halo = rules.halo;
    result.nest.skip_gaps = rules.skip_gaps;
    return result;
}

}  // namespace accelsim
