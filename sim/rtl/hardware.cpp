// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/hardware.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>

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
        set("W", rtl_word_bits);
        set("LOOPS", rtl_loops);
        set("KEPT", (places_.kept[0] ? 1 : 0) + (places_.kept[1] ? 2 : 0) + (places_.kept[2] ? 4 : 0));
        set("INNER", static_cast<std::int64_t>(places_.buffers.size()) - 1);
        set("MAC", std::max(1, design_.level(design_.architecture.mac_level()).latency_cycles));
        set_fan_outs();
        set_ports();
        for (int t = 0; t < 3; ++t) set_tensor(t, t == 0 ? "INPUT" : t == 1 ? "WEIGHT" : "OUTPUT");
        set("TRACED", widest_);
        set("WAYS", ways_);
        set("PARENTS", parents_);
        set("BANKS", banks_);
        set("RING", power_of_two(ring_));
        std::vector<int> overlaps;
        for (const std::int64_t words : hardware_.overlap) overlaps.push_back(words > 0 ? 1 : 0);
        set_vector("OVERLAP", overlaps, 1);
        return std::move(hardware_);
    }

private:
    void set(const std::string& name, std::int64_t value) { hardware_.parameters.emplace_back(name, value); }

    void set_vector(const std::string& name, const std::vector<int>& fields, int bits) {
        const std::string width = std::to_string(fields.size() * static_cast<std::size_t>(bits));
        hardware_.vectors.push_back({name, width, literal(fields, bits)});
    }

    /// A design without any has one of one position.
    void set_fan_outs() {
        std::vector<int> rows, columns;
        instances_ = {1};
        for (const int level : places_.fan_outs) {
            rows.push_back(design_.level(level).rows);
            columns.push_back(design_.level(level).columns);
            instances_.push_back(instances_.back() * rows.back() * columns.back());
        }
        if (rows.empty()) rows = columns = {1};
        if (instances_.size() == 1) instances_.push_back(1);
        int positions = 1;
        for (std::size_t f = 0; f < rows.size(); ++f) positions = std::max(positions, rows[f] * columns[f]);
        set("FANOUTS", static_cast<std::int64_t>(rows.size()));
        set("POSITIONS", positions);
        set("LANES", instances_.back());
        set_vector("ROWS", rows, 32);
        set_vector("COLUMNS", columns, 32);
        set_vector("INSTANCES", instances_, 32);
    }

    /// Section 5 of docs/microarchitecture.md: pools of ports, and the movers that take them. A pool of a word-interleaved memory
    /// is there once per bank.
    void set_ports() {
        const PortPools pools(design_);
        const std::size_t movers = places_.movers.size(), counters = static_cast<std::size_t>(pools.counters());
        std::vector<int> ports(counters, 0), mac(counters, 0), order(movers, 0), fixed(movers, 0), needs, bursts;
        std::array<std::vector<int>, 2> banked = {std::vector<int>(movers, 0), std::vector<int>(movers, 0)}, first = banked;
        for (const PortPool& pool : pools.pools()) std::fill_n(ports.begin() + pool.first, pool.banks, pool.ports);
        for (const int pool : pools.mac_needs())
            ++mac[static_cast<std::size_t>(pools.pools()[static_cast<std::size_t>(pool)].first)];
        for (std::size_t mover = 0; mover < movers; ++mover) {
            const RtlMover& m = places_.movers[mover];
            for (const RtlMover& other : places_.movers) {
                if (std::pair(other.boundary, other.up) < std::pair(m.boundary, m.up)) ++order[mover];
            }
            std::vector<int> takes(counters, 0), keeps(counters, 0);
            const std::vector<int> own = pools_of(pools, m);
            for (std::size_t end = 0; end < own.size(); ++end) {
                const PortPool& pool = pools.pools()[static_cast<std::size_t>(own[end])];
                if (pool.fixed) fixed[mover] = 1;
                banked[end][mover] = pool.banks > 1 ? 1 : 0;
                first[end][mover] = pool.first;
                if (pool.banks > 1) continue;
                takes[static_cast<std::size_t>(pool.first)] = 1;
                keeps[static_cast<std::size_t>(pool.first)] = pool.burst ? 1 : 0;
            }
            needs.insert(needs.end(), takes.begin(), takes.end());
            bursts.insert(bursts.end(), keeps.begin(), keeps.end());
        }
        set("MOVERS", static_cast<std::int64_t>(movers));
        set("POOLS", pools.counters());
        set_vector("PORTS", ports, 4);
        set_vector("MAC_TAKES", mac, 4);
        set_vector("ORDER", order, 8);
        set_vector("FIXED", fixed, 1);
        set_vector("NEEDS", needs, 1);
        set_vector("BURST", bursts, 1);
        set_vector("PARENT_BANKED", banked[0], 1);
        set_vector("CHILD_BANKED", banked[1], 1);
        set_vector("PARENT_POOL", first[0], 16);
        set_vector("CHILD_POOL", first[1], 16);
    }

    /// Fills take a read port of the parent and a write port of the child, drains the other way round; FIFOs have their own.
    std::vector<int> pools_of(const PortPools& pools, const RtlMover& mover) const {
        const Boundary& boundary = design_.boundaries[static_cast<std::size_t>(mover.boundary)];
        std::vector<int> result = {pools.find(boundary.parent, boundary.tensor, mover.up)};
        if (!boundary.stream) result.push_back(pools.find(boundary.child, boundary.tensor, !mover.up));
        return result;
    }

    void set_tensor(int t, const std::string& name) {
        const std::vector<int>& own = places_.boundaries[static_cast<std::size_t>(t)];
        set(name + "_BITS", design_.tensor(t).bits);
        set(name + "_BOUNDARIES", static_cast<std::int64_t>(own.size()));
        set(name + "_DRAM_WORDS", power_of_two(std::max<std::int64_t>(design_.tensor(t).words(), 4096)));
        std::map<std::string, std::vector<int>> fields;
        for (const int b : own) add_boundary(design_.boundaries[static_cast<std::size_t>(b)], fields);
        for (const auto& [field, values] : fields) set_vector(name + "_" + field, values, 32);
    }

    void add_boundary(const Boundary& boundary, std::map<std::string, std::vector<int>>& fields) {
        const int t = boundary.tensor, bits = design_.tensor(t).bits;
        const std::size_t from = places_.outside(boundary.parent), to = places_.outside(boundary.child);
        const int parents = instances_[from], lanes = instances_[to] / parents;
        const Memory& parent = design_.memory(boundary.parent, t);
        int width = parent.width_bits, network = 0, skew = 0, above = 0;
        for (std::size_t f = from; f < to; ++f) {
            const Level& level = design_.level(places_.fan_outs[f]);
            const Network& own = level.network(design_.tensor(t).name);
            if (own.width_bits > 0) width = std::min(width, own.width_bits);
            network += own.latency_cycles;
            skew += level.rows + level.columns - 2;
        }
        for (std::size_t l = 0; l < places_.buffers.size(); ++l) {
            if (places_.buffers[l] < boundary.child) above |= 1 << l;
        }
        // A step of a stream takes one word per lane.
        const int per_lane = boundary.stream ? 1 : design_.memory(boundary.child, t).width_bits / bits;
        const int group = std::min(width / bits, per_lane * lanes);
        const bool overlaps = children_overlap(design_, places_, boundary);
        hardware_.overlap.push_back(overlaps ? boundary.tile_words : 0);
        fields["SCAN"].push_back(group + (overlaps ? static_cast<int>(boundary.tile_words) : 0));
        fields["INSIDE"].push_back(static_cast<int>(to));
        fields["ABOVE"].push_back(above);
        fields["GROUP"].push_back(group);
        fields["PER_LANE"].push_back(per_lane);
        const int parent_banks = word_banks(parent),
                  child_banks = boundary.stream ? 1 : word_banks(design_.memory(boundary.child, t));
        fields["PARENT_BANKS"].push_back(parent_banks);
        fields["CHILD_BANKS"].push_back(child_banks);
        banks_ = std::max({banks_, parent_banks, child_banks});
        fields["SLOTS"].push_back(static_cast<int>(boundary.depth));
        fields["WINDOWED"].push_back(boundary.window_words > 0 ? 1 : 0);
        fields["WORDS"].push_back(
            boundary.stream ? static_cast<int>(boundary.depth)
                            : std::max(2, static_cast<int>(design_.memory(boundary.child, t).capacity_bytes * 8 / bits)));
        fields["LATENCY"].push_back(parent.latency_cycles);
        fields["NETWORK"].push_back(network);
        fields["SKEW"].push_back(skew);
        widest_ = std::max(widest_, group);
        ways_ = std::max(ways_, lanes);
        parents_ = std::max(parents_, parents);
        // Tiles under way; of the output all from their reservation until they have landed.
        ring_ = std::max(ring_, (t == 2 ? boundary.depth : 0) + parent.latency_cycles + 2 * network + skew + 4);
    }

    const Design& design_;
    const RtlPlaces& places_;
    RtlHardware hardware_;
    std::vector<int> instances_;  ///< of the hardware, inside the first so many fan-outs
    int widest_ = 1, ways_ = 1, parents_ = 1, banks_ = 1;
    std::int64_t ring_ = 0;
};

}  // namespace

std::size_t RtlPlaces::outside(int level) const {
    return static_cast<std::size_t>(std::count_if(fan_outs.begin(), fan_outs.end(), [&](int f) { return f < level; }));
}

std::vector<int> RtlPlaces::all_boundaries() const {
    std::vector<int> all;
    for (const std::vector<int>& own : boundaries) all.insert(all.end(), own.begin(), own.end());
    return all;
}

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
