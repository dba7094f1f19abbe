// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

std::string value_text(const KeySpec& key) {
    const std::string unit = key.unit.empty() ? "" : " " + key.unit;
    switch (key.type) {
        case KeyType::word:
            return "text";
        case KeyType::name:
            return "name";
        case KeyType::flag:
            return "`true` or `false`";
        case KeyType::choice:
            return fmt::format("`{}`", fmt::join(key.choices, "`, `"));
        case KeyType::bytes:
            return fmt::format("{} to {}", format_bytes(key.min), format_bytes(key.max));
        case KeyType::other:
            return key.form;
        case KeyType::integer:
            break;
        case KeyType::number:
            return fmt::format("number, {} to {}{}", key.min, key.max, unit);
    }
    return key.max >= (std::int64_t{1} << 62) ? fmt::format("integer, from {}{}", key.min, unit)
                                              : fmt::format("integer, {} to {}{}", key.min, key.max, unit);
}

std::string default_text(const KeySpec& key) {
    if (!key.fallback) return "required";
    return key.fallback->empty() ? "" : "`" + *key.fallback + "`";
}

}  // namespace

std::string yaml_reference() {
    std::string text =
        "# YAML reference\n\n"
        "Generated from the tables that check the files (`yaml_reference()`); do not edit.\n\n"
        "Unknown keys, duplicate keys, wrong types, units and ranges are errors with file, line and column.\n"
        "Integers are decimal. Capacities need a unit: `512 B`, `128 KiB`, `1 MiB`.\n\n"
        "`--set path.to.key=value` replaces a value before anything is checked; the value is YAML. List elements are\n"
        "addressed by their `name` or `level`, a loop by its dimension, or by a number from 0:\n"
        "`--set architecture.levels.GlobalBuffer.capacity=\"64 KiB\"`, `--set mapping.nest.DRAM.for.K=6`.\n";
    for (const MapSpec* spec : all_specs()) {
        text += fmt::format("\n## {}\n\n", spec->title);
        if (!spec->intro.empty()) text += spec->intro + "\n\n";
        text += "| key | value | default | meaning |\n|---|---|---|---|\n";
        for (const KeySpec& key : spec->keys)
            text += fmt::format("| `{}` | {} | {} | {} |\n", key.name, value_text(key), default_text(key), key.what);
    }
    return text;
}

}  // namespace accelsim
