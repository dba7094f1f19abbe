// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/yaml_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include "mappings/suggestion.hpp"

namespace accelsim {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool all_digits(const std::string& text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

[[noreturn]] void refuse(const Yaml& node, const std::string& what, const std::string& expected) {
    throw UserError(fmt::format("{} must be {}, not {}", what, expected, describe(node)), node.where);
}

void refuse_leading_zero(const Yaml& node, const std::string& what) {
    const std::string& text = node.text;
    const std::size_t start = text.starts_with('-') ? 1 : 0;
    if (text.size() < start + 2 || text[start] != '0' || !is_digit(text[start + 1])) return;
    throw UserError(fmt::format("{} must not have a leading zero: some readers take '{}' for octal", what, text), node.where);
}

}  // namespace

std::int64_t to_integer(const Yaml& node, const std::string& what, const IntegerRange& range) {
    const std::string& text = node.text;
    const bool digits = all_digits(text.starts_with('-') ? text.substr(1) : text);
    if (!node.is_scalar() || node.quoted || !digits) refuse(node, what, "an integer in decimal digits");
    refuse_leading_zero(node, what);
    std::int64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || value < range.min || value > range.max) {
        const std::string unit = range.unit.empty() ? "" : " " + range.unit;
        refuse(node, what, fmt::format("from {} to {}{}", range.min, range.max, unit));
    }
    return value;
}

double to_number(const Yaml& node, const std::string& what, double min, double max, const std::string& unit) {
    const std::string& text = node.text;
    const bool plain = node.is_scalar() && !node.quoted && text.find_first_not_of("0123456789.eE+-") == std::string::npos;
    double value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!plain || result.ec == std::errc::invalid_argument || result.ptr != text.data() + text.size())
        refuse(node, what, "a decimal number");
    refuse_leading_zero(node, what);
    if (result.ec != std::errc() || !std::isfinite(value) || value < min || value > max)
        refuse(node, what, fmt::format("from {} to {}{}", min, max, unit.empty() ? "" : " " + unit));
    return value;
}

bool to_flag(const Yaml& node, const std::string& what) {
    if (!node.is_scalar() || node.quoted || (node.text != "true" && node.text != "false")) refuse(node, what, "true or false");
    return node.text == "true";
}

std::string to_word(const Yaml& node, const std::string& what) {
    if (!node.is_scalar() || node.text.empty()) refuse(node, what, "a text");
    return node.text;
}

std::string to_name(const Yaml& node, const std::string& what) {
    const std::string& text = node.text;
    const bool fits = std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
    if (!node.is_scalar() || text.empty() || !is_letter(text[0]) || !fits)
        refuse(node, what, "a name of letters, digits, '_' and '-'");
    return text;
}

std::size_t to_choice(const Yaml& node, const std::string& what, const std::vector<std::string>& names) {
    if (!node.is_scalar()) refuse(node, what, alternatives(names));
    const auto found = std::find(names.begin(), names.end(), node.text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const std::string hint = node.text.empty() || is_digit(node.text[0]) ? "" : suggestion(node.text, names);
    throw UserError(
        fmt::format("{} must be {}, not {}{}", what, alternatives(names), describe(node), hint.starts_with("; did") ? hint : ""),
        node.where);
}

std::int64_t to_bytes(const Yaml& node, const std::string& what, std::int64_t min, std::int64_t max) {
    static const std::array<std::pair<const char*, int>, 3> units = {{{"B", 0}, {"KiB", 10}, {"MiB", 20}}};
    const std::string& text = node.text;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (!node.is_scalar() || digits == 0) refuse(node, what, "a capacity such as 128 KiB");
    const std::size_t start = text.find_first_not_of(' ', digits);
    if (start == std::string::npos)
        throw UserError(fmt::format("{} needs a unit: B, KiB or MiB, as in '{} B'", what, text), node.where);
    refuse_leading_zero(node, what);
    const std::string unit = text.substr(start);
    const auto known = std::find_if(units.begin(), units.end(), [&](const auto& u) { return unit == u.first; });
    if (unit[0] == '.') refuse(node, what, "a whole number with a unit (B, KiB or MiB)");
    if (known == units.end()) {
        const std::string hint = suggestion(unit, {"B", "KiB", "MiB"});
        throw UserError(fmt::format("{} has the unknown unit {}{}", what, quote(unit), hint), node.where);
    }
    std::int64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + digits, value);
    const bool fits = result.ec == std::errc() && value <= (INT64_MAX >> known->second);
    if (!fits || value << known->second < min || value << known->second > max)
        refuse(node, what, fmt::format("from {} to {}", format_bytes(min), format_bytes(max)));
    return value << known->second;
}

std::string quote(const std::string& text) {
    constexpr std::size_t limit = 60;
    std::string shown = text.substr(0, limit);
    while (!shown.empty() && shown.size() < text.size() && (static_cast<unsigned char>(text[shown.size()]) & 0xC0) == 0x80)
        shown.pop_back();  // do not cut inside a UTF-8 sequence
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return "'" + shown + (shown.size() < text.size() ? "..." : "") + "'";
}

std::string describe(const Yaml& node) {
    if (node.is_map()) return "a map";
    if (node.is_sequence()) return "a list";
    if (!node.is_scalar()) return "nothing";
    return node.quoted ? "the quoted text " + quote(node.text) : quote(node.text);
}

std::string alternatives(const std::vector<std::string>& names) {
    if (names.empty()) return "";
    if (names.size() == 1) return names[0];
    return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

std::string format_bytes(std::int64_t bytes) {
    if (bytes != 0 && bytes % (std::int64_t{1} << 20) == 0) return fmt::format("{} MiB", bytes >> 20);
    if (bytes != 0 && bytes % 1024 == 0) return fmt::format("{} KiB", bytes >> 10);
    return fmt::format("{} B", bytes);
}

}  // namespace accelsim
