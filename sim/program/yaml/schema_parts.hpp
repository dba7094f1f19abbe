// SPDX-License-Identifier: Apache-2.0
// Short forms for writing the tables of schema*.cpp.
#pragma once

#include <utility>

#include "sim/program/yaml/schema.hpp"

namespace accelsim::schema {

using Default = std::optional<std::string>;
inline const Default required = std::nullopt;
inline constexpr std::int64_t any_count = std::int64_t{1} << 62;
inline constexpr std::int64_t max_price = 1000000000;
inline constexpr std::int64_t max_bound = 2147483647;

inline KeySpec word(std::string name, Default fallback, std::string what) {
    return {.name = std::move(name), .type = KeyType::word, .fallback = std::move(fallback), .what = std::move(what)};
}

inline KeySpec name(std::string key, Default fallback, std::string what) {
    return {.name = std::move(key), .type = KeyType::name, .fallback = std::move(fallback), .what = std::move(what)};
}

inline KeySpec flag(std::string key, Default fallback, std::string what) {
    return {.name = std::move(key), .type = KeyType::flag, .fallback = std::move(fallback), .what = std::move(what)};
}

inline KeySpec ranged(KeyType type, std::string key, Default fallback, std::int64_t min, std::int64_t max, std::string unit,
                      std::string what) {
    return {.name = std::move(key),
            .type = type,
            .fallback = std::move(fallback),
            .what = std::move(what),
            .unit = std::move(unit),
            .min = min,
            .max = max};
}

inline KeySpec integer(std::string key, Default fallback, std::int64_t min, std::int64_t max, std::string unit,
                       std::string what) {
    return ranged(KeyType::integer, std::move(key), std::move(fallback), min, max, std::move(unit), std::move(what));
}

inline KeySpec price(std::string key, Default fallback, std::string what) {
    return ranged(KeyType::number, std::move(key), std::move(fallback), 0, max_price, "pJ", std::move(what));
}

inline KeySpec fraction(std::string key, Default fallback, std::string what) {
    return ranged(KeyType::number, std::move(key), std::move(fallback), 0, 1, "", std::move(what));
}

inline KeySpec choice(std::string key, Default fallback, std::vector<std::string> choices, std::string what) {
    return {.name = std::move(key),
            .type = KeyType::choice,
            .fallback = std::move(fallback),
            .what = std::move(what),
            .choices = std::move(choices)};
}

inline KeySpec other(std::string key, Default fallback, std::string form, std::string what) {
    return {.name = std::move(key),
            .type = KeyType::other,
            .fallback = std::move(fallback),
            .what = std::move(what),
            .form = std::move(form)};
}

}  // namespace accelsim::schema
