// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "sim/program/import/import_map.hpp"
#include "sim/program/import/timeloop_parts.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

const std::vector<ImportRefusal>& switches() {
    static const std::vector<ImportRefusal> keys = {
        {"skew", "lanes hold what their own position says"},
        {"flatten", "the nest is executed as it is written"},
        {"no_reuse", "what a tile shares with the one before it stays"},
        {"no_temporal_reuse", "what a tile shares with the one before it stays"},
        {"no_coalesce", "an access moves whatever a port carries"},
        {"rmw_first_update", "a first update writes without reading"},
        {"sparse_optimizations", "this machine moves dense tensors, every word"},
    };
    return keys;
}

ImportKeys directive_keys(std::initializer_list<const char*> more) {
    ImportKeys keys{{"target", "type"}, {"no_link_transfer", "name"}, switches(), {}};
    keys.known.insert(keys.known.end(), more.begin(), more.end());
    return keys;
}

class MappingReader {
public:
    MappingReader(const Workload& workload, const TimeloopMachine& machine)
        : workload_(workload), tensors_(tensor_names(workload)), levels_(machine.storages.size()) {
        for (const TimeloopStorage& storage : machine.storages) names_.push_back(storage.name);
    }

    void read(const Yaml& node) {
        require_map(node, "a directive of 'mapping'");
        static const ImportKeys any = directive_keys({"factors", "permutation", "split", "keep", "bypass"});
        const ImportMap directive(node, any, "a directive of 'mapping'");
        const std::size_t level = target(directive);
        static const std::vector<std::string> types = {"temporal", "spatial", "bypass", "datatype", "dataspace"};
        const std::string type = types[to_choice(directive.need("type"), directive.what("type"), types)];
        const std::string context = fmt::format("the {} directive of '{}'", type, names_[level]);
        if (!seen_.insert({type == "temporal" || type == "spatial" ? type : "bypass", level}).second)
            throw UserError(fmt::format("{} appears twice", context), node.where);
        if (type == "temporal") {
            static const ImportKeys keys = directive_keys({"factors", "permutation"});
            levels_[level].temporal = read_loops(ImportMap(node, keys, context), false);
        } else if (type == "spatial") {
            static const ImportKeys keys = directive_keys({"factors", "permutation", "split"});
            levels_[level].spatial = read_loops(ImportMap(node, keys, context), true);
        } else {
            static const ImportKeys keys = directive_keys({"keep", "bypass"});
            read_bypass(ImportMap(node, keys, context), level);
        }
    }

    std::vector<TimeloopLevel> take(std::vector<std::string>& notes) {
        notes.insert(notes.end(), notes_.begin(), notes_.end());
        return std::move(levels_);
    }

private:
    /// A storage's name, or its number counted from the innermost.
    std::size_t target(const ImportMap& directive) const {
        const Yaml& node = directive.need("target");
        const std::string text = to_word(node, directive.what("target"));
        if (text.find_first_not_of("0123456789") != std::string::npos)
            return find_name(text, node.where, names_, "storage", "a directive of 'mapping'");
        const auto most = static_cast<std::int64_t>(names_.size()) - 1;
        return static_cast<std::size_t>(most - to_integer(node, directive.what("target"), {0, most}));
    }

    /// Loops with bounds above 1, innermost first.
    std::vector<TimeloopLoop> read_loops(const ImportMap& directive, bool spatial) {
        std::vector<TimeloopLoop> written;
        if (const Yaml* factors = directive.find("factors"))
            written = read_timeloop_factors(*factors, workload_, directive.what("factors"));
        std::erase_if(written, [](const TimeloopLoop& loop) { return loop.bound == 1; });
        std::vector<int> order;
        if (const Yaml* permutation = directive.find("permutation"))
            order = read_timeloop_permutation(*permutation, workload_, directive.what("permutation"));
        fill_up(order, written, directive.context());
        const std::int64_t split = spatial ? directive.integer("split", 1 << 20, 0, 1 << 20) : 0;
        std::vector<TimeloopLoop> loops;
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (const TimeloopLoop& loop : written) {
                if (loop.dimension != order[i]) continue;
                loops.push_back(loop);
                loops.back().spatial = spatial;
                loops.back().on_y = spatial && static_cast<std::int64_t>(i) >= split;
            }
        }
        return loops;
    }

    /// Dimensions without a place stand outside the others, in the problem's order, as Timeloop puts them.
    void fill_up(std::vector<int>& order, const std::vector<TimeloopLoop>& loops, const std::string& context) {
        std::vector<std::string> placed;
        for (int d = 0; d < static_cast<int>(workload_.dimensions.size()); ++d) {
            if (std::find(order.begin(), order.end(), d) != order.end()) continue;
            order.push_back(d);
            const auto of_it = [&](const TimeloopLoop& loop) { return loop.dimension == d; };
            if (std::any_of(loops.begin(), loops.end(), of_it)) placed.push_back(dimension(d));
        }
        if (placed.empty() || loops.size() == 1) return;
        notes_.push_back(fmt::format("{} gives no place to {}: outside the others, in the problem's order, as in Timeloop",
                                     context, fmt::join(placed, ", ")));
    }

    void read_bypass(const ImportMap& directive, std::size_t level) {
        std::array<std::vector<int>, 2> lists;
        const std::array<const char*, 2> keys = {"keep", "bypass"};
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const Yaml* list = directive.find(keys[i]);
            if (list == nullptr) continue;
            require_sequence(*list, directive.what(keys[i]), "[" + tensors_[0] + "]");
            for (const Yaml& item : list->items) {
                const std::string name = to_word(item, "a data space in " + directive.what(keys[i]));
                const auto tensor =
                    static_cast<int>(find_name(name, item.where, tensors_, "data space", directive.what(keys[i])));
                if (i == 1 && std::find(lists[0].begin(), lists[0].end(), tensor) != lists[0].end())
                    throw UserError(fmt::format("{} both keeps and bypasses {}", directive.context(), name), item.where);
                if (std::find(lists[i].begin(), lists[i].end(), tensor) == lists[i].end()) lists[i].push_back(tensor);
            }
        }
        if (level == 0 && !lists[1].empty())
            throw UserError(fmt::format("'{}' is the outermost storage; it must keep every data space", names_[0]),
                            directive.where());
        levels_[level].bypass = lists[1];
    }

    const std::string& dimension(int index) const { return workload_.dimensions[static_cast<std::size_t>(index)].name; }

    const Workload& workload_;
    std::vector<std::string> tensors_;
    std::vector<std::string> names_;
    std::vector<TimeloopLevel> levels_;
    std::vector<std::string> notes_;
    std::set<std::pair<std::string, std::size_t>> seen_;
};

}  // namespace

std::vector<TimeloopLevel> read_timeloop_mapping(const Yaml& node, const Workload& workload, const TimeloopMachine& machine,
                                                 std::vector<std::string>& notes) {
    require_sequence(node, "'mapping'", "[{target: DRAM, type: temporal, factors: M=4, permutation: M}]");
    MappingReader reader(workload, machine);
    for (const Yaml& directive : node.items) reader.read(directive);
    return reader.take(notes);
}

}  // namespace accelsim
