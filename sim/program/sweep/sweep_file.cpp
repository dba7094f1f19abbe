// SPDX-License-Identifier: Apache-2.0
#include "sim/program/sweep/sweep_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/program/sha256.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_points = 100000;

using Settings = std::vector<const YamlEntry*>;  ///< path and value each

Override override_of(const YamlEntry& setting) {
    const std::string message = quote(setting.key) + " must have the form path.to.key";
    return {parse_override_path(setting.key, message, setting.where), setting.value, setting.where};
}

void require_room(std::size_t points, const Location& where) {
    if (points > max_points)
        throw UserError(fmt::format("the sweep has more than {} points; split it into several", max_points), where);
}

/// Owns the entries that the points refer to: a grid's values become entries one by one.
struct Combinations {
    std::vector<std::vector<YamlEntry>> axes;
    std::vector<Settings> points = {{}};
};

Combinations combine_grid(const Yaml& grid) {
    require_map(grid, "'grid' of 'sweep'");
    Combinations all;
    for (const YamlEntry& axis : grid.entries) {
        require_sequence(axis.value, fmt::format("{} in 'grid'", quote(axis.key)), "[64, 128]");
        if (axis.value.items.empty()) throw UserError(fmt::format("{} in 'grid' has no values", quote(axis.key)), axis.where);
        all.axes.emplace_back();
        for (const Yaml& value : axis.value.items) all.axes.back().push_back({axis.key, axis.where, value});
    }
    for (const std::vector<YamlEntry>& axis : all.axes) {
        std::vector<Settings> longer;
        require_room(all.points.size() * axis.size(), grid.where);
        for (const Settings& point : all.points)
            for (const YamlEntry& setting : axis) {
                longer.push_back(point);
                longer.back().push_back(&setting);
            }
        all.points = std::move(longer);
    }
    return all;
}

std::vector<Settings> add_points(const std::vector<Settings>& grid, const Yaml& list) {
    require_sequence(list, "'points' of 'sweep'", "[{path.to.key: 64}, {path.to.key: 128}]");
    if (list.items.empty()) throw UserError("'points' of 'sweep' is empty; leave it out for the grid alone", list.where);
    require_room(grid.size() * list.items.size(), list.where);
    std::vector<Settings> points;
    for (const Settings& before : grid)
        for (const Yaml& item : list.items) {
            require_map(item, "a point of 'sweep'");
            points.push_back(before);
            for (const YamlEntry& setting : item.entries) {
                for (const YamlEntry* other : before)
                    if (other->key == setting.key)
                        throw UserError(fmt::format("{} is in 'grid' already", quote(setting.key)), setting.where);
                points.back().push_back(&setting);
            }
        }
    return points;
}

/// The content of all files that the tree names: a device's, operands'.
void append_files(const Yaml& node, std::string& text) {
    for (const Yaml& item : node.items) append_files(item, text);
    for (const YamlEntry& entry : node.entries) append_files(entry.value, text);
    if (!node.is_scalar() || node.text.find('.') == std::string::npos) return;
    const fs::path beside = node.where.line > 0 ? fs::path(node.where.file).parent_path() : fs::path();
    std::error_code ignored;
    for (const fs::path& path : {beside / node.text, fs::path(data_directory()) / node.text}) {
        if (!fs::is_regular_file(path, ignored)) continue;
        std::ifstream in(path, std::ios::binary);
        text += sha256(std::string(std::istreambuf_iterator<char>(in), {})) + "\n";
        return;
    }
}

std::string fingerprint_of(const RunTree& tree) {
    std::string text = fmt::format("{}\n{}\n{}\n", ACCELSIM_VERSION, tree.name, write_yaml(tree.root));
    for (const auto& [section, stem] : tree.stems) text += section + " " + stem + "\n";
    append_files(tree.root, text);
    return sha256(text);
}

SweepPoint make_point(const std::string& run, std::vector<Override> changes, const Settings& settings) {
    SweepPoint point;
    std::string text;
    for (const YamlEntry* setting : settings) {
        point.settings.emplace_back(setting->key, write_flow_yaml(setting->value));
        text += setting->key + "=" + point.settings.back().second + "\n";
        changes.push_back(override_of(*setting));
    }
    point.changes = std::move(changes);
    try {
        point.fingerprint = fingerprint_of(load_tree(run, point.changes));
    } catch (const UserError& error) {
        point.error = error.what();
        point.fingerprint = sha256(text + point.error);
    }
    return point;
}

SweepLimits read_limits(const Yaml& node) {
    require_map(node, "'limits' of 'sweep'");
    const Section section(node, sweep_limits_spec(), "'limits' of 'sweep'");
    SweepLimits limits;
    if (section.has("seconds")) limits.seconds = section.integer("seconds");
    if (section.has("memory")) limits.bytes = section.bytes("memory");
    return limits;
}

}  // namespace

Sweep load_sweep(const std::string& path, const std::vector<std::string>& overrides) {
    const Yaml top = load_single(path, "sweep");
    require_map(top, "'sweep'");
    const Section section(top, sweep_spec(), "'sweep'");
    Sweep sweep;
    sweep.name = file_stem(path);
    sweep.run = resolve_path(section.get("run"), section.what("run"));
    if (!section.has("grid") && !section.has("points"))
        throw UserError("'sweep' varies nothing; give a 'grid' or 'points'", section.where());
    if (const Yaml* limits = section.find("limits")) sweep.limits = read_limits(*limits);
    const Combinations grid = section.has("grid") ? combine_grid(*section.find("grid")) : Combinations();
    const std::vector<Settings> all = section.has("points") ? add_points(grid.points, *section.find("points")) : grid.points;
    std::vector<Override> common;
    for (const std::string& text : overrides) common.push_back(parse_override(text));
    for (const Settings& settings : all) {
        sweep.points.push_back(make_point(sweep.run, common, settings));
        for (const YamlEntry* setting : settings)
            if (std::find(sweep.paths.begin(), sweep.paths.end(), setting->key) == sweep.paths.end())
                sweep.paths.push_back(setting->key);
    }
    const bool all_refused =
        std::all_of(sweep.points.begin(), sweep.points.end(), [](const SweepPoint& point) { return !point.error.empty(); });
    if (all_refused) throw UserError("no point of the sweep is a run; the first: " + sweep.points[0].error);
    return sweep;
}

}  // namespace accelsim
