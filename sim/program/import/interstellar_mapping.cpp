// SPDX-License-Identifier: Apache-2.0
// Layers, mappings and schedule hints of Interstellar's files.
#include <fmt/format.h>

#include <algorithm>

#include "sim/program/import/interstellar_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

using namespace interstellar;

constexpr std::int64_t largest = INT32_MAX;

std::vector<std::string> loop_name_list() { return {loop_names().begin(), loop_names().end()}; }

class MappingReader {
public:
    MappingReader(const Yaml& node, InterstellarDesign& design)
        : map_(node, interstellar_mapping_keys(), "the mapping"), design_(design), mapping_(design.machine.levels.size()) {}

    void read() {
        design_.mapping_where = map_.where();
        read_trips("loop_blockings", 1, largest,
                   [](LevelMapping& level, std::size_t x) -> std::int64_t& { return level.blocking[x]; });
        read_trips("loop_partitionings", 1, largest,
                   [](LevelMapping& level, std::size_t x) -> std::int64_t& { return level.partitioning[x]; });
        read_lists("loop_orders", 0, absent, [&](std::size_t level, std::size_t x, std::int64_t value, const Location&) {
            mapping_[level].order[x] = static_cast<int>(value);
        });
        check_orders();
        read_array_loops();
        design_.mapping = mapping_;
        check_cover();
    }

private:
    template <class Put>
    void read_lists(const std::string& key, std::int64_t min, std::int64_t max, const Put& put) {
        const Yaml& node = map_.need(key);
        require_map(node, map_.what(key));
        for (const YamlEntry& entry : node.entries) find_name(entry.key, entry.where, loop_name_list(), "loop", map_.what(key));
        for (std::size_t x = 0; x < loop_count; ++x) {
            const Yaml* list = node.find(loop_names()[x]);
            if (list == nullptr)
                throw UserError(fmt::format("{} needs the loop {}", map_.what(key), loop_names()[x]), node.where);
            const std::string what = fmt::format("{} of {}", loop_names()[x], map_.what(key));
            const std::vector<Yaml>& items = interstellar_list(*list, what, mapping_.size(), "[3, 1, 1]");
            for (std::size_t l = 0; l < items.size(); ++l) put(l, x, to_integer(items[l], what, {min, max}), items[l].where);
        }
    }

    template <class Field>
    void read_trips(const std::string& key, std::int64_t min, std::int64_t max, const Field& field) {
        read_lists(key, min, max, [&](std::size_t level, std::size_t x, std::int64_t value, const Location&) {
            field(mapping_[level], x) = value;
        });
    }

    /// Loops with a single iteration may have any order.
    void check_orders() const {
        for (std::size_t l = 0; l < mapping_.size(); ++l)
            for (std::size_t x = 0; x < loop_count; ++x)
                for (std::size_t y = 0; y < x; ++y)
                    if (mapping_[l].blocking[x] > 1 && mapping_[l].blocking[y] > 1 &&
                        mapping_[l].order[x] == mapping_[l].order[y])
                        throw UserError(fmt::format("{}: {} and {} both have order {} at level {}", map_.what("loop_orders"),
                                                    loop_names()[y], loop_names()[x], mapping_[l].order[x], l),
                                        map_.need("loop_orders").find(loop_names()[x])->where);
    }

    void read_array_loops() {
        if (const Yaml* levels = map_.find("para_loop_dim")) {
            const std::vector<Yaml>& items =
                interstellar_list(*levels, map_.what("para_loop_dim"), mapping_.size(), "[[[\"IC\"], [\"OC\"]], null, null]");
            for (std::size_t l = 0; l < items.size(); ++l) {
                if (items[l].kind == Yaml::Kind::null) continue;
                require_sequence(items[l], map_.what("para_loop_dim"), "[[\"FY\", \"OC\"], [\"OY\"]]");
                for (const Yaml& dimension : items[l].items) read_array_dimension(dimension, l);
            }
        }
        for (std::size_t l = 0; l < mapping_.size(); ++l)
            for (std::size_t x = 0; x < loop_count; ++x)
                if (mapping_[l].partitioning[x] > 1 && !placed(l, x))
                    throw UserError(fmt::format("loop {} is unrolled {} times at level {}, but 'para_loop_dim' gives it no place",
                                                loop_names()[x], mapping_[l].partitioning[x], l),
                                    map_.need("loop_partitionings").find(loop_names()[x])->where);
    }

    void read_array_dimension(const Yaml& node, std::size_t level) {
        const std::string what = map_.what("para_loop_dim");
        require_sequence(node, "a dimension in " + what, "[\"FY\", \"OC\"]");
        if (node.items.empty() || node.items.size() > 2)
            throw UserError(
                fmt::format("a dimension in {} has a loop, or a loop and its replica, not {} loops", what, node.items.size()),
                node.where);
        std::vector<LoopName> loops;
        for (const Yaml& item : node.items) {
            loops.push_back(interstellar_loop(item, what));
            if (placed(level, loops.back()) || std::count(loops.begin(), loops.end(), loops.back()) > 1)
                throw UserError(fmt::format("loop {} appears twice at level {} of {}", loop_names()[loops.back()], level, what),
                                item.where);
        }
        mapping_[level].array_loops.push_back(loops);
    }

    bool placed(std::size_t level, std::size_t loop) const {
        for (const std::vector<LoopName>& loops : mapping_[level].array_loops)
            if (std::find(loops.begin(), loops.end(), static_cast<LoopName>(loop)) != loops.end()) return true;
        return false;
    }

    /// Factors may reach beyond a size (the program's hints need not divide), not fall short of it.
    void check_cover() const {
        for (std::size_t x = 0; x < loop_count; ++x) {
            const std::int64_t size = design_.layer.sizes[x];
            std::int64_t product = 1;
            for (const LevelMapping& level : mapping_)
                for (const std::int64_t trips : {level.blocking[x], level.partitioning[x]})
                    product = trips > largest / product ? largest : product * trips;
            if (product < size)
                throw UserError(
                    fmt::format("the factors of {} multiply to {}, its size in the layer is {}", loop_names()[x], product, size),
                    map_.need("loop_blockings").find(loop_names()[x])->where);
        }
    }

    ImportMap map_;
    InterstellarDesign& design_;
    Mapping mapping_;
};

int level_of(const YamlEntry& entry, std::size_t levels) {
    for (std::size_t l = 0; l < levels; ++l)
        if (entry.key == fmt::format("level{}", l)) return static_cast<int>(l);
    throw UserError(fmt::format("a hint stands at level0 to level{}, not {}", levels - 1, quote(entry.key)), entry.where);
}

InterstellarHint read_hint(const YamlEntry& entry, LoopName loop, std::size_t levels) {
    static const ImportKeys keys = {{"order", "blocking_size", "partitioning_size"}, {}, {}, {}};
    InterstellarHint hint;
    hint.loop = loop;
    hint.level = level_of(entry, levels);
    const ImportMap map(entry.value, keys, fmt::format("the hint of {} at {}", loop_names()[loop], entry.key));
    if (map.has("order")) hint.order = map.integer("order", 0, 0, loop_count);
    if (map.has("blocking_size")) hint.blocking = map.integer("blocking_size", 1, 1, largest);
    if (map.has("partitioning_size")) hint.partitioning = map.integer("partitioning_size", 1, 1, largest);
    return hint;
}

}  // namespace

const std::vector<Yaml>& interstellar_list(const Yaml& node, const std::string& what, std::size_t size,
                                           const std::string& example) {
    require_sequence(node, what, example);
    if (node.items.size() != size)
        throw UserError(fmt::format("{} must have {} {}, not {}", what, size, size == 1 ? "entry" : "entries", node.items.size()),
                        node.where);
    return node.items;
}

LoopName interstellar_loop(const Yaml& node, const std::string& what) {
    return static_cast<LoopName>(find_name(to_word(node, what), node.where, loop_name_list(), "loop", what));
}

const ImportKeys& interstellar_layer_keys() {
    static const ImportKeys keys = {{"fmap_width", "fmap_height", "input_fmap_channel", "output_fmap_channel", "window_width",
                                     "window_height", "batch_size", "stride_width", "stride_height"},
                                    {},
                                    {},
                                    {}};
    return keys;
}

const ImportKeys& interstellar_mapping_keys() {
    static const ImportKeys keys = {
        {"loop_blockings", "loop_partitionings", "loop_orders", "para_loop_dim"}, {"loop_enum"}, {}, {}};
    return keys;
}

const ImportKeys& interstellar_schedule_keys() {
    static const ImportKeys keys = {{"schedule_hint", "partition_loops"}, {}, {}, {}};
    return keys;
}

void read_interstellar_layer(const Yaml& node, InterstellarDesign& design) {
    const ImportMap map(node, interstellar_layer_keys(), "the layer");
    design.layer_where = map.where();
    const auto size = [&](const char* key) {
        map.need(key);
        return map.integer(key, 1, 1, largest);
    };
    design.layer.sizes = {size("window_width"),
                          size("window_height"),
                          size("fmap_width"),
                          size("fmap_height"),
                          size("output_fmap_channel"),
                          size("input_fmap_channel"),
                          map.integer("batch_size", 1, 1, largest)};
    design.layer.stride_x = map.integer("stride_width", 1, 1, 65536);
    design.layer.stride_y = map.integer("stride_height", 1, 1, 65536);
}

void read_interstellar_mapping(const Yaml& node, InterstellarDesign& design) { MappingReader(node, design).read(); }

void read_interstellar_schedule(const Yaml& node, InterstellarDesign& design) {
    const ImportMap map(node, interstellar_schedule_keys(), "the schedule");
    const Yaml& hints = map.need("schedule_hint");
    require_map(hints, map.what("schedule_hint"));
    const std::vector<std::string> names = loop_name_list();
    for (const YamlEntry& loop : hints.entries) {
        const auto name = static_cast<LoopName>(find_name(loop.key, loop.where, names, "loop", map.what("schedule_hint")));
        require_map(loop.value, fmt::format("the hint of {}", loop.key));
        for (const YamlEntry& level : loop.value.entries)
            design.search.hints.push_back(read_hint(level, name, design.machine.levels.size()));
    }
    if (const Yaml* loops = map.find("partition_loops")) {
        require_sequence(*loops, map.what("partition_loops"), "[\"OX\", \"ON\"]");
        for (const Yaml& loop : loops->items)
            design.search.replicated.push_back(interstellar_loop(loop, map.what("partition_loops")));
    }
}

}  // namespace accelsim
