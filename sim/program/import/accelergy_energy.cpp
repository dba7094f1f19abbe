// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/accelergy_energy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/program/import/import_map.hpp"
#include "sim/program/import/timeloop_parts.hpp"
#include "sim/program/yaml/edit_yaml.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

const ImportKeys& art_keys() {
    static const ImportKeys keys = {{"version", "tables"}, {}, {}, {}};
    return keys;
}

const ImportKeys& area_keys() {
    static const ImportKeys keys = {{"name", "area"}, {"primitive_estimation", "primitive_estimations"}, {}, {}};
    return keys;
}

/// Of "chip.PE[0..167].RF[0..1]": 336.
std::int64_t instances_of(const std::string& path) {
    std::int64_t count = 1;
    for (std::size_t open = path.find('['); open != std::string::npos; open = path.find('[', open + 1)) {
        const std::size_t dots = path.find("..", open), close = path.find(']', open);
        if (dots == std::string::npos || close == std::string::npos || dots > close) continue;
        const std::int64_t first = std::atoll(path.c_str() + open + 1), last = std::atoll(path.c_str() + dots + 2);
        count *= std::max<std::int64_t>(1, last - first + 1);
    }
    return count;
}

std::map<std::string, double> read_areas(const Yaml& node) {
    const ImportMap art(node, art_keys(), "the ART");
    const Yaml& tables = art.need("tables");
    require_sequence(tables, art.what("tables"), "[{name: chip.GB, area: 1000}]");
    std::map<std::string, double> areas;
    for (const Yaml& item : tables.items) {
        const ImportMap table(item, area_keys(), "a table of the ART");
        (void)table.need("area");
        const std::string path = table.word("name");
        areas[path] += table.number("area", 0, 0, 1e15) * static_cast<double>(instances_of(path));
    }
    return areas;
}

/// The map under the single key of a file.
Yaml load_table(const std::string& path, const std::string& key, const Location& where) {
    const Yaml file = load_yaml(path);
    const Yaml* table = file.find(key);
    if (table == nullptr)
        throw UserError(fmt::format("{} has no '{}': give what Accelergy wrote as {}.yaml", path, key, key), where);
    return *table;
}

class Pricer {
public:
    explicit Pricer(const Yaml& energy) : section_(energy, accelergy_spec(), "'energy'") {
        components_ = read_timeloop_energy(table("ert", "ERT"));
        where_ = energy.where;
        if (section_.has("bits")) bits_ = section_.integer("bits");
        if (const Yaml* names = section_.find("names")) {
            require_map(*names, "'names' in 'energy'");
            for (const YamlEntry& entry : names->entries)
                names_[entry.key] = to_word(entry.value, fmt::format("'{}' in 'names'", entry.key));
        }
    }

    std::map<std::string, double> areas() const {
        return section_.has("art") ? read_areas(table("art", "ART")) : std::map<std::string, double>();
    }

    void price(Yaml& level) {
        const Yaml *name = level.find("name"), *type = level.find("type");
        if (name == nullptr || type == nullptr || !name->is_scalar()) return;  // refused when the architecture is read
        if (type->text == "mac") {
            if (level.find("energy_pj") != nullptr) return;
            add_entry(level, "energy_pj",
                      amount(need(component(name->text, name->where).compute, "compute", name->text, name->where)));
        } else if (type->text == "dram" || type->text == "buffer") {
            price_memory(level, name->text, level);
            Yaml* own = level.find("memories");
            if (own == nullptr || !own->is_map()) return;
            for (YamlEntry& entry : own->entries) {
                const std::string path = name->text + "." + entry.key;
                price_memory(entry.value, names_.contains(path) ? path : name->text, level);
            }
        }
    }

private:
    Yaml table(const std::string& key, const std::string& title) const {
        const Yaml& node = *section_.find(key);
        return load_table(resolve_path(node, section_.what(key)), title, node.where);
    }

    const TimeloopPrices& component(const std::string& level, const Location& where) const {
        const auto named = names_.find(level);
        const std::string& wanted = named == names_.end() ? level : named->second;
        const auto found = components_.find(wanted);
        if (found != components_.end()) return found->second;
        std::vector<std::string> known;
        for (const auto& [name, prices] : components_) known.push_back(name);
        throw UserError(
            fmt::format(
                "the ERT has no component '{}' for level '{}'; it has {}: say which one in 'names' of 'energy', such as names: "
                "{{{}: {}}}",
                wanted, level, fmt::join(known, ", "), level, known.empty() ? "..." : known.front()),
            where);
    }

    static double need(const std::optional<double>& price, const char* action, const std::string& level, const Location& where) {
        if (!price)
            throw UserError(fmt::format("the component of level '{}' has no action '{}' in the ERT", level, action), where);
        return *price;
    }

    Yaml amount(double pj) const { return yaml_scalar(fmt::format("{}", pj), where_); }

    /// `level`: where the width is when the memory has none of its own.
    void price_memory(Yaml& memory, const std::string& name, const Yaml& level) const {
        if (!memory.is_map() || memory.find("energy") != nullptr) return;
        const TimeloopPrices& prices = component(name, memory.where);
        Yaml map = empty_map(where_);
        add_entry(map, "read_pj", amount(need(prices.read, "read", name, memory.where)));
        const double fill = need(prices.fill ? prices.fill : prices.update, "write", name, memory.where);
        add_entry(map, "write_pj", amount(std::max(fill, prices.update.value_or(0))));
        const Yaml* width = memory.find("width_bits") != nullptr ? memory.find("width_bits") : level.find("width_bits");
        const std::string given = width != nullptr && width->is_scalar() ? width->text : "64";
        add_entry(map, "bits", yaml_scalar(bits_ ? std::to_string(*bits_) : given, where_));
        add_entry(memory, "energy", std::move(map));
    }

    Section section_;
    std::map<std::string, TimeloopPrices> components_;
    std::map<std::string, std::string> names_;
    std::optional<std::int64_t> bits_;
    Location where_;
};

}  // namespace

bool is_accelergy(const Yaml& energy) {
    if (energy.is_map()) return energy.find("ert") != nullptr;
    if (!energy.is_scalar()) return false;
    const Yaml file = load_yaml(resolve_path(energy, "'energy' in the run file"));
    return file.find("ERT") != nullptr;
}

std::map<std::string, double> price_by_accelergy(Yaml& run) {
    Yaml energy = *run.find("energy");
    if (energy.is_scalar()) {
        Yaml map = empty_map(energy.where);
        add_entry(map, "ert", energy);
        energy = std::move(map);
    }
    Pricer pricer(energy);
    Yaml* architecture = run.find("architecture");
    Yaml* levels = architecture == nullptr ? nullptr : architecture->find("levels");
    if (levels == nullptr || !levels->is_sequence())
        throw UserError("an ERT prices the levels of an 'architecture', and there is none in the run", energy.where);
    for (Yaml& level : levels->items) pricer.price(level);
    erase_entry(run, "energy");
    return pricer.areas();
}

}  // namespace accelsim
