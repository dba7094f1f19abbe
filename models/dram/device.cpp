// SPDX-License-Identifier: Apache-2.0
#include "models/dram/device.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "mappings/error.hpp"

namespace accelsim::dram {

namespace {

void require(bool condition, const Device& device, const std::string& message) {
    if (!condition) throw UserError("DRAM device '" + device.name + "': " + message);
}

void require_power(std::int64_t value, const Device& device, const char* what) {
    require(value >= 1 && std::has_single_bit(static_cast<std::uint64_t>(value)), device,
            std::string(what) + " must be a power of two, not " + std::to_string(value));
}

int bits(std::int64_t values) { return std::countr_zero(static_cast<std::uint64_t>(values)); }

}  // namespace

void validate(const Device& d) {
    require_power(d.channels, d, "channels");
    require_power(d.ranks, d, "ranks");
    require_power(d.bank_groups, d, "bank_groups");
    require_power(d.banks_per_group, d, "banks_per_group");
    require_power(d.rows, d, "rows");
    require_power(d.columns, d, "columns");
    require_power(d.device_width, d, "device_width");
    require_power(d.bus_width, d, "bus_width");
    require_power(d.burst_length, d, "burst_length");
    require(d.device_width >= 4 && d.bus_width >= 8, d, "device_width must be 4 or more, and bus_width 8 or more");
    require(d.bus_width >= d.device_width, d, "the bus must be at least as wide as a device");
    require(d.burst_length >= 2 && d.burst_length <= d.columns, d, "burst_length must be from 2 to the columns of a row");
    require(d.banks() * d.ranks <= 256, d, "more than 256 banks per channel");
    const Timing& t = d.timing;
    require(t.trefi > t.trfc + t.trp_ab, d, "tREFI must be longer than tRFC and tRP together, or nothing but refresh is done");
    require(d.write_low >= 0 && d.write_low < d.write_high && d.write_high <= d.write_queue, d,
            "the watermarks must be 0 <= write_low < write_high <= write_queue");
    for (const char* field : {"ro", "ra", "bg", "ba", "ch", "co"}) {
        int count = 0;
        for (std::size_t i = 0; i + 1 < d.mapping.size(); i += 2) count += d.mapping.compare(i, 2, field) == 0 ? 1 : 0;
        require(
            count == 1 && d.mapping.size() == 12, d,
            "address_mapping must name each of ro, ra, bg, ba, ch and co once, such as rochrababgco, not '" + d.mapping + "'");
    }
}

Gaps::Gaps(const Device& device) {
    const Timing& t = device.timing;
    const int burst = device.burst_clocks();
    rd_rd_l = std::max(burst, t.tccd_l);
    rd_rd_s = std::max(burst, t.tccd_s);
    rd_rd_rank = burst + t.trtrs;
    wr_wr_l = rd_rd_l;
    wr_wr_s = rd_rd_s;
    wr_wr_rank = burst + t.trtrs;
    rd_wr = t.rl + burst - t.wl + t.trpre;
    rd_wr_rank = t.rl + burst - t.wl + t.trtrs;
    wr_rd_l = t.wl + burst + t.twtr_l;
    wr_rd_s = t.wl + burst + t.twtr_s;
    wr_rd_rank = std::max(1, t.wl + burst - t.rl + t.trtrs);
    rd_pre = t.trtp;
    wr_pre = t.wl + burst + t.twr;
}

AddressMap::AddressMap(const Device& device) : burst_shift_(bits(device.burst_bytes())), burst_length_(device.burst_length) {
    const std::map<std::string, std::pair<Field, std::int64_t>> known = {
        {"ch", {channel, device.channels}},  {"ra", {rank, device.ranks}},
        {"bg", {group, device.bank_groups}}, {"ba", {bank, device.banks_per_group}},
        {"ro", {row, device.rows}},          {"co", {column, device.columns / device.burst_length}}};
    int shift = burst_shift_;
    for (std::size_t i = device.mapping.size(); i >= 2; i -= 2) {
        const auto& [field, values] = known.at(device.mapping.substr(i - 2, 2));
        shift_[field] = shift;
        mask_[field] = values - 1;
        shift += bits(values);
    }
}

Place AddressMap::place(std::int64_t address) const {
    const auto part = [&](Field field) { return address >> shift_[field] & mask_[field]; };
    Place place;
    place.channel = static_cast<int>(part(channel));
    place.rank = static_cast<int>(part(rank));
    place.group = static_cast<int>(part(group));
    place.bank = static_cast<int>(part(bank));
    place.row = part(row);
    place.column = part(column) * burst_length_;
    return place;
}

}  // namespace accelsim::dram
