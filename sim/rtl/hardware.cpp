// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/hardware.hpp"

#include <algorithm>
#include <bit>

namespace accelsim {

namespace {

std::int64_t power_of_two(std::int64_t least) {
    return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(std::max<std::int64_t>(least, 2))));
}

std::int64_t ports_word(const Memory& dram, const Memory& buffer, const Memory& lanes) {
    std::int64_t word = 0;
    for (const Ports& ports : {lanes.ports, buffer.ports, dram.ports}) word = word << 8 | ports.writes << 4 | ports.reads;
    return word;
}

class Parameters {
public:
    Parameters(const Design& design, const RtlPlaces& places) : design_(design), places_(places) {}

    RtlHardware make() {
        const Level& array = design_.level(places_.array);
        set("W", rtl_word_bits);
        set("LOOPS", rtl_loops);
        set("ROWS", array.rows);
        set("COLUMNS", array.columns);
        set("KEPT", (places_.kept[0] ? 1 : 0) + (places_.kept[1] ? 2 : 0) + (places_.kept[2] ? 4 : 0));
        set("MAC", std::max(1, design_.level(places_.mac).latency_cycles));
        set("DRAM_LATENCY", design_.level(0).latency_cycles);
        set("BUFFER_LATENCY", design_.level(places_.buffer).latency_cycles);
        set("BUFFER_SLOTS", design_.level(places_.buffer).depth);
        set("PORTS", ports_word(design_.level(0), design_.level(places_.buffer), design_.level(places_.lanes)));
        std::int64_t ring = 0;
        for (int t = 0; t < 3; ++t) ring = std::max(ring, tensor(t, t == 0 ? "INPUT" : t == 1 ? "WEIGHT" : "OUTPUT"));
        set("RING", power_of_two(ring));
        return std::move(hardware_);
    }

private:
    void set(const std::string& name, std::int64_t value) { hardware_.parameters.emplace_back(name, value); }

    /// Returns how many of its tiles can be under way at most.
    std::int64_t tensor(int t, const std::string& name) {
        const int bits = design_.tensor(t).bits;
        const Level &dram = design_.level(0), &buffer = design_.level(places_.buffer), &lanes = design_.level(places_.lanes);
        const Level& array = design_.level(places_.array);
        const Network& network = array.network(design_.tensor(t).name);
        const bool kept = places_.kept[static_cast<std::size_t>(t)];
        const Boundary& boundary = design_.boundaries[static_cast<std::size_t>(places_.lane_boundary[static_cast<std::size_t>(t)])];
        int lane_width = buffer.width_bits;
        if (network.width_bits > 0) lane_width = std::min(lane_width, network.width_bits);
        set(name + "_BITS", bits);
        set(name + "_LATENCY", network.latency_cycles);
        set(name + "_SLOTS", boundary.depth);
        set(name + "_BUFFER_GROUP", std::min(dram.width_bits, buffer.width_bits) / bits);
        set(name + "_LANE_GROUP", lane_width / bits);
        set(name + "_PER_LANE", kept ? lanes.width_bits / bits : 255);
        set(name + "_DRAM_WORDS", power_of_two(std::max<std::int64_t>(design_.tensor(t).words(), 4096)));
        set(name + "_BUFFER_WORDS", std::max<std::int64_t>(2, buffer.capacity_bytes * 8 / bits));
        set(name + "_LANE_WORDS", kept ? std::max<std::int64_t>(2, lanes.capacity_bytes * 8 / bits) : boundary.depth);
        const std::int64_t flight = boundary.flight_down + network.latency_cycles + array.rows + array.columns;
        return std::max<std::int64_t>(boundary.depth, buffer.depth) + flight + dram.latency_cycles + 4;
    }

    const Design& design_;
    const RtlPlaces& places_;
    RtlHardware hardware_;
};

}  // namespace

std::int64_t RtlHardware::at(const std::string& name) const {
    for (const auto& [key, value] : parameters) {
        if (key == name) return value;
    }
    throw InternalError("the RTL has no parameter " + name);
}

RtlHardware rtl_hardware(const Design& design) {
    const RtlPlaces places = require_rtl(design);
    return Parameters(design, places).make();
}

}  // namespace accelsim
