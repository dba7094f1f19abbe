// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

std::vector<PricePoint> read_prices(const Section& section, const std::string& key) {
    const Yaml& list = *section.find(key);
    const std::string what = section.what(key);
    require_sequence(list, what, "[[16 B, 0.03], [32 B, 0.06]]");
    std::vector<PricePoint> points;
    for (const Yaml& item : list.items) {
        if (!item.is_sequence() || item.items.size() != 2)
            throw UserError(fmt::format("{} must hold pairs [capacity, pJ]", what), item.where);
        const PricePoint point{to_bytes(item.items[0], "a capacity in " + what, 1, max_capacity_bytes),
                               to_number(item.items[1], "a price in " + what, 0, 1e9, "pJ")};
        if (!points.empty() && point.bytes <= points.back().bytes)
            throw UserError(fmt::format("{} must have ascending capacities: {} after {}", what, format_bytes(point.bytes),
                                        format_bytes(points.back().bytes)),
                            item.where);
        points.push_back(point);
    }
    if (points.empty()) throw UserError(fmt::format("{} must not be empty", what), list.where);
    return points;
}

}  // namespace

EnergyTable read_energy_table(const Yaml& node) {
    const Section section(node, energy_spec(), "the energy table");
    EnergyTable table;
    table.name = section.word("name");
    table.source = section.word("source");
    table.bits = static_cast<int>(section.integer("bits"));
    table.register_file = read_prices(section, "register_file");
    table.sram = read_prices(section, "sram");
    table.dram_pj = section.number("dram_pj");
    table.mac_pj = section.number("mac_pj");
    table.hop_pj = section.number("hop_pj");
    return table;
}

}  // namespace accelsim
