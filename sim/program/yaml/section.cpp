// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mappings/suggestion.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

Section::Section(const Yaml& node, const MapSpec& spec, std::string context, const std::vector<std::string>& extra)
    : node_(node), spec_(spec), context_(std::move(context)) {
    require_map(node, context_);
    std::vector<std::string> known = spec.names();
    known.insert(known.end(), extra.begin(), extra.end());
    for (const YamlEntry& entry : node.entries) find_name(entry.key, entry.where, known, "key", context_);
    for (const KeySpec& key : spec.keys)
        if (!key.fallback && !has(key.name))
            throw UserError(fmt::format("{} needs the key '{}'", context_, key.name), node.where);
}

Yaml Section::get(const std::string& key) const {
    const Yaml* value = find(key);
    return value != nullptr ? *value : yaml_scalar(spec_of(key).fallback.value_or(""), node_.where);
}

std::string Section::word(const std::string& key) const {
    const Yaml value = get(key);
    if (!has(key)) return value.text;
    return spec_of(key).type == KeyType::name ? to_name(value, what(key)) : to_word(value, what(key));
}

std::int64_t Section::integer(const std::string& key) const {
    const KeySpec& spec = spec_of(key);
    return to_integer(get(key), what(key), {spec.min, spec.max, spec.unit});
}

double Section::number(const std::string& key) const {
    const KeySpec& spec = spec_of(key);
    return to_number(get(key), what(key), static_cast<double>(spec.min), static_cast<double>(spec.max), spec.unit);
}

bool Section::flag(const std::string& key) const { return to_flag(get(key), what(key)); }

std::size_t Section::choice(const std::string& key) const { return to_choice(get(key), what(key), spec_of(key).choices); }

std::int64_t Section::bytes(const std::string& key) const {
    const KeySpec& spec = spec_of(key);
    return to_bytes(get(key), what(key), spec.min, spec.max);
}

std::string Section::what(const std::string& key) const { return fmt::format("'{}' in {}", key, context_); }

const KeySpec& Section::spec_of(const std::string& key) const {
    const KeySpec* spec = spec_.find(key);
    if (spec == nullptr) throw InternalError("no key '" + key + "' in the schema of " + spec_.title);
    return *spec;
}

void require_map(const Yaml& node, const std::string& what) {
    if (!node.is_map()) throw UserError(fmt::format("{} must be a map, not {}", what, describe(node)), node.where);
}

void require_sequence(const Yaml& node, const std::string& what, const std::string& example) {
    if (node.is_sequence()) return;
    throw UserError(fmt::format("{} must be a list such as {}, not {}", what, example, describe(node)), node.where);
}

std::size_t find_name(const std::string& name, const Location& where, const std::vector<std::string>& known,
                      const std::string& kind, const std::string& context) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    throw UserError(fmt::format("unknown {} {} in {}{}", kind, quote(name), context, suggestion(name, known)), where);
}

}  // namespace accelsim
