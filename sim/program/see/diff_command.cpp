// SPDX-License-Identifier: Apache-2.0
#include "sim/program/see/diff_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "mappings/error.hpp"
#include "sim/files/output_file.hpp"
#include "sim/program/command_line.hpp"
#include "sim/program/see/flat_result.hpp"
#include "sim/program/text_format.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

struct Difference {
    std::string path;
    Json left, right;  ///< null: not there
};

/// The whole's figures, then those of its parts; each in the left one's order, then what only the right one has.
std::vector<Difference> differences(const Json& left, const Json& right) {
    std::map<std::string, Json> others;
    const auto right_figures = flat_result(right);
    for (const auto& [path, value] : right_figures) others.emplace(path, value);
    std::vector<Difference> result;
    std::map<std::string, bool> seen;
    for (const auto& [path, value] : flat_result(left)) {
        seen[path] = true;
        const auto other = others.find(path);
        const Json there = other == others.end() ? Json() : other->second;
        if (there != value) result.push_back({path, value, there});
    }
    for (const auto& [path, value] : right_figures) {
        if (!seen.contains(path)) result.push_back({path, Json(), value});
    }
    // The whole's figures first, then those of its parts.
    std::stable_partition(result.begin(), result.end(),
                          [](const Difference& row) { return row.path.find('.') == std::string::npos; });
    return result;
}

/// With a unit where the name has one.
std::string value_text(const std::string& path, const Json& value) {
    if (value.is_null()) return "-";
    if (value.is_number() && path.ends_with("_pj")) return energy_text(value.get<double>(), 6);
    if (value.is_number() && path.ends_with("time_s")) return time_text(value.get<double>());
    if (value.is_number() && path.ends_with("power_w")) return fmt::format("{:.4g} W", value.get<double>());
    if (value.is_number() && path.ends_with("utilization")) return fmt::format("{:.2f}%", 100 * value.get<double>());
    if (value.is_number_integer()) return grouped(value.get<std::int64_t>());
    if (value.is_number()) return fmt::format("{:.6g}", value.get<double>());
    if (!value.is_string()) return value.dump();
    const std::string text = value;
    return text.size() > 19 ? text.substr(0, 16) + "..." : text;
}

std::string change_text(const Json& left, const Json& right) {
    if (!left.is_number() || !right.is_number() || left.get<double>() == 0) return "";
    return fmt::format("{:+.2f}%", 100 * (right.get<double>() / left.get<double>() - 1));
}

std::string table(const std::vector<Difference>& rows, const std::string& left, const std::string& right) {
    std::size_t width = 0;
    for (const Difference& row : rows) width = std::max(width, row.path.size());
    const auto heading = [](const std::string& name) { return name.size() > 19 ? "..." + name.substr(name.size() - 16) : name; };
    std::string text = fmt::format("{:<{}} {:>20} {:>20} {:>10}\n", "", width, heading(left), heading(right), "change");
    for (const Difference& row : rows)
        text += fmt::format("{:<{}} {:>20} {:>20} {:>10}\n", row.path, width, value_text(row.path, row.left),
                            value_text(row.path, row.right), change_text(row.left, row.right));
    return text;
}

std::string csv(const std::vector<Difference>& rows) {
    std::string text = "figure,left,right\n";
    for (const Difference& row : rows) {
        const auto cell = [](const Json& value) { return value.is_null() ? std::string() : value.dump(); };
        text += fmt::format("\"{}\",{},{}\n", row.path, cell(row.left), cell(row.right));
    }
    return text;
}

}  // namespace

int diff_command(int argc, char** argv) {
    std::string left_file, right_file, csv_file;
    bool quiet = false;
    CLI::App app{"Prints what differs between two results (--json files): of runs, networks, comparisons"};
    app.name("accelsim diff");
    app.footer(
        "Exit codes: 0 nothing differs, 1 something does, 2 the input is wrong.\n\nExample:\n"
        "  accelsim diff out/wide.json out/narrow.json");
    app.add_option("left", left_file, "A result")->required();
    app.add_option("right", right_file, "Another")->required();
    add_output(app, "--csv", csv_file, "Write the differences as CSV");
    app.add_flag("--quiet", quiet, "Print nothing");
    if (const std::optional<int> done = parse_command_line(app, argc, argv)) return *done;
    const Json left = read_result(left_file), right = read_result(right_file);
    if (left["schema"] != right["schema"]) {
        throw UserError(fmt::format("{} is of schema {}, {} of {}: they have no figures in common", left_file,
                                    left["schema"].get<std::string>(), right_file, right["schema"].get<std::string>()));
    }
    const std::vector<Difference> rows = differences(left, right);
    if (!csv_file.empty()) write_whole_file(csv_file, csv(rows));
    if (!quiet) std::cout << (rows.empty() ? "nothing differs\n" : table(rows, left_file, right_file));
    return rows.empty() ? 0 : 1;
}

}  // namespace accelsim
