// SPDX-License-Identifier: Apache-2.0
// YAML text as a plain tree in which everything knows its place. One strict reader in front of all
// configuration: what yaml-cpp would accept silently (duplicates, lost text, bombs) is refused here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mappings/error.hpp"

namespace accelsim {

struct YamlEntry;

struct Yaml {
    enum class Kind { null, scalar, sequence, map };

    Kind kind = Kind::null;
    std::string text;     ///< of a scalar
    bool quoted = false;  ///< a scalar in quotes: text, never a number
    Location where;
    std::vector<Yaml> items;         ///< of a sequence
    std::vector<YamlEntry> entries;  ///< of a map, in the file's order

    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_sequence() const { return kind == Kind::sequence; }
    bool is_map() const { return kind == Kind::map; }
    /// The value of a key; nullptr when there is none (or when this is no map).
    const Yaml* find(std::string_view key) const;
    Yaml* find(std::string_view key);
};

struct YamlEntry {
    std::string key;
    Location where;  ///< of the key
    Yaml value;
};

struct YamlLimits {
    std::size_t bytes = std::size_t{16} << 20;
    std::size_t depth = 64;
    std::size_t nodes = 200000;  ///< after expansion of aliases
};

/// Throws UserError for everything that is not exactly one well-formed document within the limits.
/// `numbered` false: places carry the source only (for text that is not a file).
Yaml parse_yaml(const std::string& text, const std::string& source, bool numbered = true, const YamlLimits& limits = {});

/// As above, from a file, which is also the source in all places.
Yaml load_yaml(const std::string& path, const YamlLimits& limits = {});

/// The tree as text: a line per entry in the outer two levels, flow style inside. parse_yaml() reads it back to the same tree.
std::string write_yaml(const Yaml& tree);
/// On one line.
std::string write_flow_yaml(const Yaml& tree);
/// In double quotes, with escapes.
std::string quoted_yaml(const std::string& text);

/// A scalar made by the program, for defaults.
Yaml yaml_scalar(const std::string& text, const Location& where = {});

}  // namespace accelsim
