// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "sim/program/import/import_map.hpp"
#include "sim/program/import/timeloop_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr const char* user_file_hint =
    "; this looks like what users write for Timeloop 0.4: give the processed file (version, subtree, local) that its front end "
    "makes of it";

const ImportKeys& file_keys() {
    static const ImportKeys keys = {
        {"architecture", "problem", "mapping", "ERT", "dumped_by_timeloop_front_end"},
        {"ART", "mapper", "mapspace", "mapspace_constraints", "architecture_constraints", "compound_components", "components",
         "variables", "globals", "model", "ERT_summary", "ART_summary", "energy_calculation"},
        {{"sparse_optimizations", "this machine moves dense tensors, every word"},
         {"layout", "words lie row-major in every memory"}},
        {{"arch", "architecture"}}};
    return keys;
}

/// Tags are what marks the files that users write for version 0.4.
Yaml load_file(const std::string& path) {
    try {
        return load_yaml(path);
    } catch (const UserError& error) {
        const std::string message = error.what();
        if (message.find("tags ('!") == std::string::npos) throw;
        throw UserError(message + user_file_hint);
    }
}

constexpr const char* links_off = "TIMELOOP_DISABLE_LINK_TRANSFERS";

/// Anything but 0 switches the transfers off, as there.
bool links_of(const std::string& value) { return value == "0"; }

void read_environment(const std::string& path, TimeloopFiles& files) {
    std::ifstream stream(path);
    if (!stream) throw UserError(fmt::format("cannot read {}: {}", quote(path), std::strerror(errno)));
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        if (line.empty() || line[0] == '#') continue;
        const std::string assignment = line.starts_with("export ") ? line.substr(7) : line;
        const std::size_t sign = assignment.find('=');
        if (sign == std::string::npos || assignment.substr(0, sign) != links_off)
            throw UserError(
                fmt::format("a line of Timeloop's environment is '{}=1', not {}; its other variables are unknown here", links_off,
                            quote(line)),
                {path, number, 1});
        files.links = links_of(assignment.substr(sign + 1));
    }
}

}  // namespace

const Yaml* TimeloopFiles::find(const std::string& key) const {
    for (const YamlEntry& entry : entries)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

const Yaml& TimeloopFiles::need(const std::string& key) const {
    const Yaml* value = find(key);
    if (value == nullptr) throw UserError(fmt::format("none of the files has the top-level key '{}'", key));
    return *value;
}

TimeloopFiles load_timeloop(const std::vector<std::string>& paths) {
    TimeloopFiles files;
    if (const char* value = std::getenv(links_off)) files.links = links_of(value);
    for (const std::string& path : paths) {
        if (path.ends_with(".txt")) {
            read_environment(path, files);
            continue;
        }
        const Yaml root = load_file(path);
        const ImportMap top(root, file_keys(), "the file");
        for (const std::string& key : file_keys().known) {
            const Yaml* value = top.find(key);
            // A dump of the front end leaves out the mapping as an empty list.
            if (value == nullptr || (value->is_sequence() && value->items.empty())) continue;
            files.dumped = files.dumped || key == "dumped_by_timeloop_front_end";
            if (const Yaml* other = files.find(key))
                throw UserError(fmt::format("'{}' is given twice; the other one is at {}", key, other->where.text()),
                                value->where);
            files.entries.push_back({key, value->where, *value});
        }
    }
    return files;
}

}  // namespace accelsim
