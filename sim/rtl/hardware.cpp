// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/hardware.hpp"

#include <algorithm>
#include <bit>

#include "mappings/port_pools.hpp"

namespace accelsim {

namespace {

std::int64_t power_of_two(std::int64_t least) {
    return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(std::max<std::int64_t>(least, 2))));
}

/// A vector of `bits`-wide fields, field 0 lowest, as SystemVerilog writes it.
std::string literal(const std::vector<int>& fields, int bits) {
    std::string digits;
    int nibble = 0, place = 0;
    for (const int field : fields) {
        for (int b = 0; b < bits; ++b) {
            nibble |= (field >> b & 1) << place;
            if (++place < 4) continue;
            digits.insert(digits.begin(), "0123456789abcdef"[nibble]);
            nibble = place = 0;
        }
    }
    if (place > 0) digits.insert(digits.begin(), "0123456789abcdef"[nibble]);
    return std::to_string(fields.size() * static_cast<std::size_t>(bits)) + "'h" + digits;
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
        set_ports();
        std::int64_t ring = 0;
        for (int t = 0; t < 3; ++t) ring = std::max(ring, tensor(t, t == 0 ? "INPUT" : t == 1 ? "WEIGHT" : "OUTPUT"));
        set("RING", power_of_two(ring));
        return std::move(hardware_);
    }

private:
    void set(const std::string& name, std::int64_t value) { hardware_.parameters.emplace_back(name, value); }

    void set_vector(const std::string& name, const std::vector<int>& fields, int bits) {
        const std::string width = std::to_string(fields.size() * static_cast<std::size_t>(bits));
        hardware_.vectors.push_back({name, width, literal(fields, bits)});
    }

    /// Section 5 of docs/microarchitecture.md: pools of ports, and the movers that take them.
    void set_ports() {
        const PortPools pools(design_);
        std::vector<int> ports, fixed(rtl_movers, 0), needs, bursts;
        for (const PortPool& pool : pools.pools()) ports.push_back(pool.ports);
        std::vector<int> mac(ports.size(), 0);
        for (const int pool : pools.mac_needs()) ++mac[static_cast<std::size_t>(pool)];
        for (std::size_t mover = 0; mover < rtl_movers; ++mover) {
            std::vector<int> takes(ports.size(), 0), keeps(ports.size(), 0);
            for (const int index : pools_of(pools, static_cast<int>(mover))) {
                const auto at = static_cast<std::size_t>(index);
                takes[at] = 1;
                keeps[at] = pools.pools()[at].burst ? 1 : 0;
                if (pools.pools()[at].fixed) fixed[mover] = 1;
            }
            needs.insert(needs.end(), takes.begin(), takes.end());
            bursts.insert(bursts.end(), keeps.begin(), keeps.end());
        }
        set("POOLS", static_cast<std::int64_t>(ports.size()));
        set_vector("PORTS", ports, 4);
        set_vector("MAC_TAKES", mac, 4);
        set_vector("FIXED", fixed, 1);
        set_vector("NEEDS", needs, 1);
        set_vector("BURST", bursts, 1);
    }

    /// Fills take a read port of the parent and a write port of the child, drains the other way round; FIFOs have their own.
    std::vector<int> pools_of(const PortPools& pools, int mover) const {
        const bool drain = mover % 4 == 3;
        const int t = drain ? 2 : mover % 4;
        const int parent = mover < 4 ? 0 : places_.buffer, child = mover < 4 ? places_.buffer : places_.lanes;
        std::vector<int> result = {pools.find(parent, t, drain)};
        if (mover < 4 || places_.kept[static_cast<std::size_t>(t)]) result.push_back(pools.find(child, t, !drain));
        return result;
    }

    /// Returns how many of its tiles can be under way at most.
    std::int64_t tensor(int t, const std::string& name) {
        const int bits = design_.tensor(t).bits;
        const Memory &dram = design_.memory(0, t), &buffer = design_.memory(places_.buffer, t);
        const Level& array = design_.level(places_.array);
        const Network& network = array.network(design_.tensor(t).name);
        const bool kept = places_.kept[static_cast<std::size_t>(t)];
        const Boundary& boundary =
            design_.boundaries[static_cast<std::size_t>(places_.lane_boundary[static_cast<std::size_t>(t)])];
        const std::int64_t buffer_slots =
            design_.boundaries[static_cast<std::size_t>(places_.buffer_boundary[static_cast<std::size_t>(t)])].depth;
        int lane_width = buffer.width_bits;
        if (network.width_bits > 0) lane_width = std::min(lane_width, network.width_bits);
        set(name + "_BITS", bits);
        set(name + "_LATENCY", network.latency_cycles);
        set(name + "_SLOTS", boundary.depth);
        set(name + "_BUFFER_LATENCY", buffer.latency_cycles);
        set(name + "_BUFFER_SLOTS", buffer_slots);
        set(name + "_BUFFER_GROUP", std::min(dram.width_bits, buffer.width_bits) / bits);
        set(name + "_LANE_GROUP", lane_width / bits);
        set(name + "_PER_LANE", kept ? design_.memory(places_.lanes, t).width_bits / bits : 255);
        set(name + "_DRAM_WORDS", power_of_two(std::max<std::int64_t>(design_.tensor(t).words(), 4096)));
        set(name + "_BUFFER_WORDS", std::max<std::int64_t>(2, buffer.capacity_bytes * 8 / bits));
        set(name + "_LANE_WORDS",
            kept ? std::max<std::int64_t>(2, design_.memory(places_.lanes, t).capacity_bytes * 8 / bits) : boundary.depth);
        const std::int64_t flight = boundary.flight_down + network.latency_cycles + array.rows + array.columns;
        return std::max(boundary.depth, buffer_slots) + flight + dram.latency_cycles + 4;
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
