// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/import_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

std::string without_hyphens(std::string key) {
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
}

bool is_off(const Yaml& node) {
    if (node.is_scalar()) return !node.quoted && (node.text == "false" || node.text == "False" || node.text == "0");
    return node.items.empty() && node.entries.empty();
}

ImportMap::ImportMap(const Yaml& node, const ImportKeys& keys, std::string context, std::vector<std::string>* unknown)
    : node_(node), context_(std::move(context)) {
    require_map(node, context_);
    for (const YamlEntry& entry : node.entries) add(entry, keys, unknown);
}

void ImportMap::add(const YamlEntry& entry, const ImportKeys& keys, std::vector<std::string>* unknown) {
    std::string key = without_hyphens(entry.key);
    for (const ImportAlias& alias : keys.aliases)
        if (alias.alias == key) key = alias.key;
    for (const ImportRefusal& refusal : keys.refused) {
        if (refusal.key != key) continue;
        if (is_off(entry.value)) return;
        throw UserError(fmt::format("{} in {} is not supported: {}", quote(entry.key), context_, refusal.why), entry.where);
    }
    std::vector<std::string> valid = keys.known;
    valid.insert(valid.end(), keys.ignored.begin(), keys.ignored.end());
    if (std::find(valid.begin(), valid.end(), key) == valid.end()) {
        if (unknown == nullptr) find_name(entry.key, entry.where, valid, "key", context_);
        if (std::find(unknown->begin(), unknown->end(), entry.key) == unknown->end()) unknown->push_back(entry.key);
        return;
    }
    for (const Value& other : values_)
        if (other.key == key)
            throw UserError(fmt::format("{} in {} is the same key as {} above; give one of them", quote(entry.key), context_,
                                        quote(other.written)),
                            entry.where);
    values_.push_back({key, entry.key, &entry.value});
}

const Yaml* ImportMap::find(const std::string& key) const {
    for (const Value& value : values_)
        if (value.key == key) return value.value->kind == Yaml::Kind::null ? nullptr : value.value;
    return nullptr;
}

const Yaml& ImportMap::need(const std::string& key) const {
    const Yaml* value = find(key);
    if (value == nullptr) throw UserError(fmt::format("{} needs the key '{}'", context_, key), node_.where);
    return *value;
}

std::string ImportMap::word(const std::string& key) const { return to_word(need(key), what(key)); }

std::int64_t ImportMap::integer(const std::string& key, std::int64_t fallback, std::int64_t min, std::int64_t max) const {
    const Yaml* value = find(key);
    return value == nullptr ? fallback : to_integer(*value, what(key), {min, max});
}

double ImportMap::number(const std::string& key, double fallback, double min, double max) const {
    const Yaml* value = find(key);
    return value == nullptr ? fallback : to_number(*value, what(key), min, max);
}

std::string ImportMap::what(const std::string& key) const {
    const auto found = std::find_if(values_.begin(), values_.end(), [&](const Value& value) { return value.key == key; });
    return fmt::format("'{}' in {}", found == values_.end() ? key : found->written, context_);
}

}  // namespace accelsim
