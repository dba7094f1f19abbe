// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/dram_monitor.hpp"

#include <algorithm>

namespace accelsim::testing {

using dram::Command;
using dram::Place;

namespace {

bool reads(Command c) { return c == Command::rd || c == Command::rda; }
bool writes(Command c) { return c == Command::wr || c == Command::wra; }
bool is_column(Command c) { return reads(c) || writes(c); }
bool closes_itself(Command c) { return c == Command::rda || c == Command::wra; }
bool precharges(Command c) { return c == Command::pre || c == Command::prea; }
bool refreshes(Command c) { return c == Command::ref || c == Command::prea; }
bool same_group(const Place& a, const Place& b) { return a.rank == b.rank && a.group == b.group; }
bool same_bank(const Place& a, const Place& b) { return same_group(a, b) && a.bank == b.bank; }
std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

}  // namespace

DramMonitor::DramMonitor(const dram::Device& device) : device_(device), channels_(at(device.channels)) {
    const dram::Timing& t = device_.timing;
    horizon_ = t.rl + t.wl + t.trcd_rd + t.trcd_wr + t.trp + t.trp_ab + t.tras + t.trfc + t.trrd_s + t.trrd_l + t.tfaw +
               t.tccd_s + t.tccd_l + t.twtr_s + t.twtr_l + t.twr + t.trtp + t.trtrs + t.trpre + t.tppd + device_.burst_length;
    for (Channel& channel : channels_) {
        channel.banks.resize(at(device_.ranks * device_.bank_groups * device_.banks_per_group));
        for (int r = 0; r < device_.ranks; ++r) channel.due.push_back(std::int64_t{t.trefi} * (r + 1) / device_.ranks);
    }
}

bool DramMonitor::broke(const std::string& rule) const { return std::count(rules_.begin(), rules_.end(), rule) > 0; }

void DramMonitor::command(const dram::Issued& issued) {
    Channel& channel = channels_.at(at(issued.place.channel));
    Seen later{issued.clock, issued.command, issued.place, 0};
    missing(channel, issued.place.channel, later.clock);
    Rules broken;
    if (!channel.history.empty() && channel.history.back().clock > later.clock) broken.push_back("order of clocks");
    if (!channel.history.empty() && channel.history.back().clock == later.clock) broken.push_back("command bus");
    timing(channel, later, broken);
    state(channel, later, broken);
    refresh(channel, later, broken);
    for (const std::string& rule : broken) report(later.clock, issued.place.channel, dram::name_of(later.command), rule);
    if (closes_itself(later.command)) later.closes = closes_at(channel, later);
    apply(channel, later);
    channel.history.push_back(later);
}

void DramMonitor::finish(std::int64_t end) {
    for (std::size_t c = 0; c < channels_.size(); ++c) missing(channels_[c], static_cast<int>(c), end);
}

DramMonitor::Bank& DramMonitor::bank(Channel& channel, const Place& place) const {
    return channel.banks.at(at((place.rank * device_.bank_groups + place.group) * device_.banks_per_group + place.bank));
}

bool DramMonitor::any_open(Channel& channel, int rank) const {
    for (int g = 0; g < device_.bank_groups; ++g)
        for (int b = 0; b < device_.banks_per_group; ++b)
            if (bank(channel, {.rank = rank, .group = g, .bank = b}).row >= 0) return true;
    return false;
}

/// A bank precharges itself when its ACT and all accesses since then allow it.
std::int64_t DramMonitor::closes_at(Channel& channel, const Seen& last) const {
    const dram::Timing& t = device_.timing;
    const auto recovered = [&](const Seen& seen) { return reads(seen.command) ? seen.clock + t.trtp : data_end(seen) + t.twr; };
    const std::int64_t act = bank(channel, last.place).act;
    std::int64_t result = std::max(act + t.tras, recovered(last));
    for (const Seen& seen : channel.history)
        if (seen.clock > act && is_column(seen.command) && same_bank(seen.place, last.place))
            result = std::max(result, recovered(seen));
    return result;
}

std::int64_t DramMonitor::data_start(const Seen& seen) const {
    return seen.clock + (reads(seen.command) ? device_.timing.rl : device_.timing.wl);
}

/// Two beats a clock.
std::int64_t DramMonitor::data_end(const Seen& seen) const { return data_start(seen) + device_.burst_length / 2; }

/// What commands of earlier clocks forbid; two commands in one clock are another matter.
void DramMonitor::timing(Channel& channel, const Seen& later, Rules& broken) const {
    int recent_activates = 0;
    for (auto earlier = channel.history.rbegin(); earlier != channel.history.rend(); ++earlier) {
        const std::int64_t distance = later.clock - earlier->clock;
        if (distance > horizon_) break;
        if (distance <= 0) continue;
        if (is_column(earlier->command) && is_column(later.command)) columns(*earlier, later, broken);
        if (earlier->place.rank != later.place.rank) continue;
        activates(*earlier, later, broken);
        closing(channel, *earlier, later, broken);
        opening(*earlier, later, broken);
        if (earlier->command == Command::act && later.command == Command::act && distance < device_.timing.tfaw)
            if (++recent_activates == 4) broken.push_back("tFAW");
    }
}

/// From an ACT of the same rank.
void DramMonitor::activates(const Seen& earlier, const Seen& later, Rules& broken) const {
    if (earlier.command != Command::act) return;
    const dram::Timing& t = device_.timing;
    const std::int64_t distance = later.clock - earlier.clock;
    const bool bank_again = same_bank(earlier.place, later.place);
    if (later.command == Command::act) {
        if (bank_again && distance < t.tras + t.trp) broken.push_back("tRC");
        if (same_group(earlier.place, later.place) && distance < t.trrd_l) broken.push_back("tRRD_L");
        if (!same_group(earlier.place, later.place) && distance < t.trrd_s) broken.push_back("tRRD_S");
    }
    if (reads(later.command) && bank_again && distance < t.trcd_rd) broken.push_back("tRCDRD");
    if (writes(later.command) && bank_again && distance < t.trcd_wr) broken.push_back("tRCDWR");
    if (later.command == Command::ref && distance < t.tras + t.trp) broken.push_back("tRC");
}

/// Reads and writes of a channel: their data are on the bus in the order of the commands, with what lies between them.
void DramMonitor::columns(const Seen& earlier, const Seen& later, Rules& broken) const {
    const dram::Timing& t = device_.timing;
    const std::int64_t distance = later.clock - earlier.clock;
    const std::int64_t pause = data_start(later) - data_end(earlier);
    if (pause < 0) broken.push_back("data bus");
    if (earlier.place.rank != later.place.rank) {
        if (pause < t.trtrs) broken.push_back("tRTRS");
        return;
    }
    const bool within = same_group(earlier.place, later.place);
    if (reads(earlier.command) == reads(later.command)) {
        if (within && distance < t.tccd_l) broken.push_back("tCCD_L");
        if (!within && distance < t.tccd_s) broken.push_back("tCCD_S");
    } else if (reads(earlier.command)) {
        if (pause < t.trpre) broken.push_back("tRPRE");
    } else {
        if (within && later.clock - data_end(earlier) < t.twtr_l) broken.push_back("tWTR_L");
        if (!within && later.clock - data_end(earlier) < t.twtr_s) broken.push_back("tWTR_S");
    }
}

/// To a PRE or PREA of the same rank. A PREA means the banks that are open.
void DramMonitor::closing(Channel& channel, const Seen& earlier, const Seen& later, Rules& broken) const {
    if (!precharges(later.command)) return;
    const dram::Timing& t = device_.timing;
    const std::int64_t distance = later.clock - earlier.clock;
    if (precharges(earlier.command) && distance < t.tppd) broken.push_back("tPPD");
    const bool meant =
        later.command == Command::prea ? bank(channel, earlier.place).row >= 0 : same_bank(earlier.place, later.place);
    if (!meant) return;
    if (earlier.command == Command::act && distance < t.tras) broken.push_back("tRAS");
    if (reads(earlier.command) && distance < t.trtp) broken.push_back("tRTP");
    if (writes(earlier.command) && later.clock - data_end(earlier) < t.twr) broken.push_back("tWR");
}

/// To an ACT of the bank or a REF of the rank, from what closed it or from a REF.
void DramMonitor::opening(const Seen& earlier, const Seen& later, Rules& broken) const {
    const bool concerns_bank = later.command == Command::act && same_bank(earlier.place, later.place);
    const bool concerns_rank = later.command == Command::ref;
    const dram::Timing& t = device_.timing;
    const std::int64_t distance = later.clock - earlier.clock;
    if (concerns_bank || concerns_rank) {
        if (earlier.command == Command::pre && distance < t.trp) broken.push_back("tRP");
        if (closes_itself(earlier.command) && later.clock - earlier.closes < t.trp) broken.push_back("tRP");
    }
    if (later.command != Command::act && later.command != Command::ref) return;
    if (earlier.command == Command::prea && distance < t.trp_ab) broken.push_back("tRPab");
    if (earlier.command == Command::ref && distance < t.trfc) broken.push_back("tRFC");
}

void DramMonitor::state(Channel& channel, const Seen& later, Rules& broken) const {
    const Place& p = later.place;
    const bool inside = p.rank >= 0 && p.rank < device_.ranks && p.group >= 0 && p.group < device_.bank_groups && p.bank >= 0 &&
                        p.bank < device_.banks_per_group && p.row >= 0 && p.row < device_.rows && p.column >= 0 &&
                        p.column < device_.columns && p.column % device_.burst_length == 0;
    if (!inside) broken.push_back("place");
    const Bank& now = bank(channel, p);
    if (is_column(later.command) && now.row < 0) broken.push_back("access to a closed bank");
    if (is_column(later.command) && now.row >= 0 && now.row != p.row) broken.push_back("access to another row");
    if (later.command == Command::act && now.row >= 0) broken.push_back("ACT of an open bank");
    if (later.command == Command::pre && now.row < 0) broken.push_back("PRE of a closed bank");
    if (later.command == Command::prea && !any_open(channel, p.rank)) broken.push_back("PREA of closed banks");
    if (later.command == Command::ref && any_open(channel, p.rank)) broken.push_back("REF with open banks");
}

void DramMonitor::refresh(Channel& channel, const Seen& later, Rules& broken) const {
    const bool due = channel.due[at(later.place.rank)] <= later.clock;
    if (due && (later.command == Command::act || is_column(later.command))) broken.push_back("rank due for refresh");
    if (!due && refreshes(later.command)) broken.push_back("early refresh");
    if (due && refreshes(later.command) && was_possible_before(channel, later)) broken.push_back("late refresh");
}

/// Refreshes go before everything else but those of ranks with lower numbers.
bool DramMonitor::was_possible_before(Channel& channel, const Seen& later) const {
    Seen sooner = later;
    --sooner.clock;
    if (sooner.clock < channel.due[at(later.place.rank)]) return false;
    for (auto seen = channel.history.rbegin(); seen != channel.history.rend() && seen->clock >= sooner.clock; ++seen)
        if (refreshes(seen->command) && seen->place.rank <= later.place.rank) return false;
    Rules broken;
    timing(channel, sooner, broken);
    return broken.empty();
}

void DramMonitor::missing(Channel& channel, int number, std::int64_t clock) {
    for (std::int64_t& due : channel.due)
        for (; due + device_.timing.trefi <= clock; due += device_.timing.trefi)
            report(clock, number, "nothing", "missing refresh");
}

void DramMonitor::apply(Channel& channel, const Seen& seen) const {
    Bank& one = bank(channel, seen.place);
    if (seen.command == Command::act) one = {seen.place.row, seen.clock};
    if (seen.command == Command::pre || closes_itself(seen.command)) one.row = -1;
    if (seen.command == Command::ref) channel.due[at(seen.place.rank)] += device_.timing.trefi;
    if (seen.command != Command::prea) return;
    for (int g = 0; g < device_.bank_groups; ++g)
        for (int b = 0; b < device_.banks_per_group; ++b)
            bank(channel, {.rank = seen.place.rank, .group = g, .bank = b}).row = -1;
}

void DramMonitor::report(std::int64_t clock, int channel, const std::string& what, const std::string& rule) {
    rules_.push_back(rule);
    violations_.push_back("clock " + std::to_string(clock) + ", channel " + std::to_string(channel) + ": " + what + " breaks " +
                          rule);
}

}  // namespace accelsim::testing
