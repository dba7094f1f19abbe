// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/overrides.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

#include "mappings/suggestion.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

/// What a list element is addressed by besides its index: its name or level, or the key of a single pair.
std::string element_name(const Yaml& item) {
    for (const char* key : {"name", "level"})
        if (const Yaml* name = item.find(key); name != nullptr && name->is_scalar()) return name->text;
    return item.is_map() && item.entries.size() == 1 ? item.entries[0].key : "";
}

Yaml& element(Yaml& list, const std::string& segment, const std::string& parent, const Location& where) {
    std::vector<std::string> names;
    for (Yaml& item : list.items) {
        const std::string name = element_name(item);
        if (name == segment) {
            const bool pair = item.find("name") == nullptr && item.find("level") == nullptr;
            return pair ? item.entries[0].value : item;
        }
        if (!name.empty()) names.push_back(name);
    }
    const bool number = !segment.empty() && segment.size() < 7 && segment.find_first_not_of("0123456789") == std::string::npos;
    if (number) {
        const std::size_t index = std::stoul(segment);
        if (index < list.items.size()) return list.items[index];
        throw UserError(fmt::format("{} has {} elements, there is no {}", parent, list.items.size(), segment), where);
    }
    throw UserError(fmt::format("no element {} in {}{}", quote(segment), parent, suggestion(segment, names)), where);
}

Yaml& child(Yaml& node, const std::string& segment, const std::string& parent, const Location& where) {
    if (node.is_sequence()) return element(node, segment, parent, where);
    if (node.is_scalar())
        throw UserError(fmt::format("{} is the single value {}, there is no {} in it", parent, quote(node.text), quote(segment)),
                        where);
    if (Yaml* found = node.find(segment)) return *found;
    node.kind = Yaml::Kind::map;
    if (node.entries.empty()) node.where = where;
    node.entries.push_back({segment, where, {}});
    node.entries.back().value.where = where;
    return node.entries.back().value;
}

}  // namespace

std::vector<std::string> parse_override_path(const std::string& path, const std::string& message, const Location& where) {
    std::vector<std::string> parts;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t dot = std::min(path.find('.', start), path.size());
        parts.push_back(path.substr(start, dot - start));
        if (parts.back().empty()) throw UserError(message, where);
        start = dot + 1;
    }
    return parts;
}

Override parse_override(const std::string& text) {
    const std::size_t equals = text.find('=');
    const Location whole{"--set " + text, 0, 0};
    const std::string message = "must have the form path.to.key=value";
    if (equals == std::string::npos) throw UserError(message, whole);
    const std::string path = text.substr(0, equals);
    Override result;
    result.where.file = "--set " + path;
    result.path = parse_override_path(path, message, whole);
    const std::string value = text.substr(equals + 1);
    if (value.find_first_not_of(' ') == std::string::npos) throw UserError("the value is missing", result.where);
    result.value = parse_yaml(value, result.where.file, false);
    return result;
}

void apply_override(Yaml& root, const Override& change) {
    Yaml* node = &root;
    for (std::size_t i = 0; i < change.path.size(); ++i) {
        const std::vector<std::string> above(change.path.begin(), change.path.begin() + static_cast<std::ptrdiff_t>(i));
        const std::string parent = above.empty() ? "the run file" : fmt::format("'{}'", fmt::join(above, "."));
        node = &child(*node, change.path[i], parent, change.where);
    }
    *node = change.value;
}

}  // namespace accelsim
