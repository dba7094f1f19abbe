// SPDX-License-Identifier: Apache-2.0
// Changes of a tree by the program itself.
#pragma once

#include <string>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

Yaml empty_map(const Location& where = {});
/// Appends an entry and returns its value.
Yaml& add_entry(Yaml& map, const std::string& key, Yaml value);
/// Replaces the value of a key by a scalar, which keeps the old one's place; or appends it.
void set_entry(Yaml& map, const std::string& key, const std::string& text, const Location& where = {});
void erase_entry(Yaml& map, const std::string& key);

}  // namespace accelsim
