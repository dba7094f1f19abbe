// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

std::string quoted_yaml(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            result += fmt::format("\\x{:02x}", c);
        else
            result += c;
    }
    return result + '"';
}

namespace {

std::string scalar(const std::string& text, bool quoted) {
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '.' || c == ' ' || c == '-' || c == '+' || c == '/';
    });
    if (plain && !quoted && std::isalnum(static_cast<unsigned char>(text.front())) != 0 && text.back() != ' ') return text;
    return quoted_yaml(text);
}

std::string flow(const Yaml& node) {
    std::string text;
    switch (node.kind) {
        case Yaml::Kind::null:
            return "~";
        case Yaml::Kind::scalar:
            return scalar(node.text, node.quoted);
        case Yaml::Kind::sequence:
            for (const Yaml& item : node.items) text += (text.empty() ? "" : ", ") + flow(item);
            return "[" + text + "]";
        case Yaml::Kind::map:
            for (const YamlEntry& entry : node.entries)
                text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", scalar(entry.key, false), flow(entry.value));
            return "{" + text + "}";
    }
    return text;
}

std::string block(const Yaml& node, int indent, int depth) {
    const std::string space(static_cast<std::size_t>(indent), ' ');
    std::string text;
    if (node.is_sequence()) {
        for (const Yaml& item : node.items) text += space + "- " + flow(item) + "\n";
        return text;
    }
    for (const YamlEntry& entry : node.entries) {
        const Yaml& value = entry.value;
        const bool nested =
            depth > 0 && ((value.is_map() && !value.entries.empty()) || (value.is_sequence() && !value.items.empty()));
        text += space + scalar(entry.key, false) + ":" +
                (nested ? "\n" + block(value, indent + 2, depth - 1) : " " + flow(value) + "\n");
    }
    return text;
}

}  // namespace

std::string write_yaml(const Yaml& tree) { return block(tree, 0, 2); }

std::string write_flow_yaml(const Yaml& tree) { return flow(tree); }

}  // namespace accelsim
