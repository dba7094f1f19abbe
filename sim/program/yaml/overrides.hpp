// SPDX-License-Identifier: Apache-2.0
// --set path.to.key=value, applied to the tree before anything is checked.
#pragma once

#include <string>
#include <vector>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

struct Override {
    std::vector<std::string> path;
    Yaml value;      ///< its places say "--set path"
    Location where;  ///< the same
};

/// Splits "path.to.key". UserError with this message when a part is empty.
std::vector<std::string> parse_override_path(const std::string& path, const std::string& message, const Location& where);

/// Splits "path.to.key=value"; the value is YAML. UserError when it is not of this form.
Override parse_override(const std::string& text);

/// Replaces or adds the value. Keys that are missing are added (the schema then judges them); a list element
/// that is not there is a UserError.
void apply_override(Yaml& root, const Override& change);

}  // namespace accelsim
