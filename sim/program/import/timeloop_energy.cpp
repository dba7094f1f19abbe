// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "sim/program/import/import_map.hpp"
#include "sim/program/import/timeloop_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

const ImportKeys& ert_keys() {
    static const ImportKeys keys = {{"version", "tables"}, {}, {}, {}};
    return keys;
}

const ImportKeys& table_keys() {
    static const ImportKeys keys = {
        {"name", "actions"}, {"primitive_estimation", "primitive_estimations", "class", "subclass", "attributes"}, {}, {}};
    return keys;
}

const ImportKeys& action_keys() {
    static const ImportKeys keys = {{"name", "energy"}, {"arguments", "unit"}, {}, {}};
    return keys;
}

/// "a.b.GB[0..3]" is GB.
std::string component_of(const std::string& path) {
    const std::string plain = path.substr(0, path.rfind('['));
    const bool ranged = !path.empty() && path.back() == ']';
    const std::string whole = ranged ? plain : path;
    return whole.substr(whole.rfind('.') + 1);
}

using Actions = std::map<std::string, double>;

/// Of an action that is listed for several arguments, the dearest counts.
void add_action(Actions& actions, const std::string& name, double energy) {
    const auto [entry, added] = actions.emplace(name, energy);
    if (!added) entry->second = std::max(entry->second, energy);
}

std::optional<double> first_of(const Actions& actions, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const auto found = actions.find(name); found != actions.end()) return found->second;
    return std::nullopt;
}

TimeloopPrices prices_of(const Actions& actions) {
    TimeloopPrices prices;
    prices.read = first_of(actions, {"random_read", "read"});
    prices.fill = first_of(actions, {"random_fill", "random_write", "fill", "write"});
    prices.update = first_of(actions, {"random_update", "random_write", "update", "write"});
    prices.compute = first_of(actions, {"mac_random", "mult_random", "mac", "mult", "compute"});
    prices.leak = first_of(actions, {"leak"});
    return prices;
}

double energy_of(const Yaml& node, const std::string& context) {
    const ImportMap action(node, action_keys(), context);
    (void)action.need("energy");
    return action.number("energy", 0, 0, 1e9);
}

Actions read_action_list(const Yaml& list, const std::string& component) {
    require_sequence(list, fmt::format("'actions' of '{}' in the ERT", component), "[{name: read, energy: 6}]");
    Actions actions;
    for (const Yaml& item : list.items) {
        const std::string context = fmt::format("an action of '{}' in the ERT", component);
        const ImportMap action(item, action_keys(), context);
        add_action(actions, action.word("name"), energy_of(item, context));
    }
    return actions;
}

/// Version 0.2: {read: {energy: 6}} or {read: [{arguments: ..., energy: 6}]}.
Actions read_action_map(const Yaml& map, const std::string& component) {
    require_map(map, fmt::format("'{}' in the ERT", component));
    Actions actions;
    for (const YamlEntry& entry : map.entries) {
        const std::string context = fmt::format("action '{}' of '{}' in the ERT", entry.key, component);
        if (entry.value.is_sequence()) {
            for (const Yaml& item : entry.value.items) add_action(actions, entry.key, energy_of(item, context));
        } else {
            add_action(actions, entry.key, energy_of(entry.value, context));
        }
    }
    return actions;
}

}  // namespace

std::map<std::string, TimeloopPrices> read_timeloop_energy(const Yaml& node) {
    const ImportMap ert(node, ert_keys(), "the ERT");
    const Yaml& tables = ert.need("tables");
    std::map<std::string, TimeloopPrices> prices;
    const auto add = [&](const std::string& path, const Location& where, const Actions& actions) {
        const std::string name = component_of(path);
        if (!prices.emplace(name, prices_of(actions)).second)
            throw UserError(fmt::format("the ERT has two tables for component '{}'", name), where);
    };
    if (tables.is_map()) {
        for (const YamlEntry& entry : tables.entries) add(entry.key, entry.where, read_action_map(entry.value, entry.key));
        return prices;
    }
    require_sequence(tables, ert.what("tables"), "[{name: chip.GB, actions: [{name: read, energy: 6}]}]");
    for (const Yaml& item : tables.items) {
        const ImportMap table(item, table_keys(), "a table of the ERT");
        const std::string path = table.word("name");
        add(path, item.where, read_action_list(table.need("actions"), component_of(path)));
    }
    return prices;
}

}  // namespace accelsim
