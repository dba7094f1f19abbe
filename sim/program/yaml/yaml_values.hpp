// SPDX-License-Identifier: Apache-2.0
// From a scalar of the tree to a value, or to a UserError that says what is expected. `what` names the
// value in messages, such as "'width_bits' in level 'GlobalBuffer'".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

struct IntegerRange {
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::string unit = {};  ///< for messages; may be empty
};

/// Decimal digits with an optional minus; no leading zeros, no other bases, no quotes.
std::int64_t to_integer(const Yaml& node, const std::string& what, const IntegerRange& range);
/// A finite decimal number.
double to_number(const Yaml& node, const std::string& what, double min, double max, const std::string& unit = "");
bool to_flag(const Yaml& node, const std::string& what);
/// Any scalar that is not empty.
std::string to_word(const Yaml& node, const std::string& what);
/// A word of letters, digits, '_' and '-' that starts with a letter or '_'.
std::string to_name(const Yaml& node, const std::string& what);
/// Index into the names.
std::size_t to_choice(const Yaml& node, const std::string& what, const std::vector<std::string>& names);
/// A capacity with its unit: 512 B, 128 KiB, 1 MiB.
std::int64_t to_bytes(const Yaml& node, const std::string& what, std::int64_t min, std::int64_t max);

/// The value as messages show it: one line, in quotes, cut when long; "a list", "a map", "nothing".
std::string describe(const Yaml& node);
/// In single quotes, control characters replaced, cut when long.
std::string quote(const std::string& text);
/// "a, b or c"
std::string alternatives(const std::vector<std::string>& names);
/// Capacity in the largest unit that divides it: "128 KiB".
std::string format_bytes(std::int64_t bytes);

}  // namespace accelsim
