// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/edit_yaml.hpp"

#include <utility>

namespace accelsim {

Yaml& add_entry(Yaml& map, const std::string& key, Yaml value) {
    YamlEntry entry;
    entry.key = key;
    entry.where = value.where;
    entry.value = std::move(value);
    map.entries.push_back(std::move(entry));
    return map.entries.back().value;
}

Yaml empty_map(const Location& where) {
    Yaml map;
    map.kind = Yaml::Kind::map;
    map.where = where;
    return map;
}

void set_entry(Yaml& map, const std::string& key, const std::string& text, const Location& where) {
    if (Yaml* found = map.find(key)) {
        *found = yaml_scalar(text, found->where);
        return;
    }
    add_entry(map, key, yaml_scalar(text, where));
}

void erase_entry(Yaml& map, const std::string& key) {
    std::erase_if(map.entries, [&](const YamlEntry& entry) { return entry.key == key; });
}

}  // namespace accelsim
