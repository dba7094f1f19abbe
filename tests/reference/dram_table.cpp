// SPDX-License-Identifier: Apache-2.0
// Table 1 of docs/dram.md.
#include <algorithm>

#include "tests/reference/dram_ticked.hpp"

namespace accelsim::testing {

using dram::Command;
using dram::Place;

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }
bool is_read(Command c) { return c == Command::rd || c == Command::rda; }
bool is_write(Command c) { return c == Command::wr || c == Command::wra; }
DramTable::Kind kind_of(Command c) {
    if (is_read(c)) return DramTable::rd;
    if (is_write(c)) return DramTable::wr;
    if (c == Command::act) return DramTable::act;
    return c == Command::ref ? DramTable::ref : DramTable::pre;
}

}  // namespace

DramTable::DramTable(const dram::Device& device)
    : d_(device), from_(at(device.ranks * device.banks()), std::vector<std::int64_t>(kinds, 0)), activates_(at(device.ranks)) {}

std::size_t DramTable::index(const Place& p) const {
    return at((p.rank * d_.bank_groups + p.group) * d_.banks_per_group + p.bank);
}

DramTable::Where DramTable::where(const Place& from, const Place& to) {
    if (from.rank != to.rank) return Where::other_rank;
    if (from.group != to.group) return Where::same_rank;
    return from.bank == to.bank ? Where::same_bank : Where::same_group;
}

std::int64_t DramTable::least_between_columns(bool from_read, bool to_read, Where where) const {
    const dram::Timing& t = d_.timing;
    const int burst = d_.burst_length / 2;
    const bool other_rank = where == Where::other_rank;
    const bool other_group = where == Where::same_rank;
    if (from_read == to_read) return other_rank ? burst + t.trtrs : std::max(burst, other_group ? t.tccd_s : t.tccd_l);
    if (from_read) return t.rl + burst - t.wl + (other_rank ? t.trtrs : t.trpre);
    if (other_rank) return std::max(1, t.wl + burst - t.rl + t.trtrs);
    return t.wl + burst + (other_group ? t.twtr_s : t.twtr_l);
}

/// 0 where the table is empty.
std::int64_t DramTable::least(Command from, Kind to, Where where) const {
    const dram::Timing& t = d_.timing;
    const int burst = d_.burst_length / 2;
    const bool from_column = is_read(from) || is_write(from);
    if (from_column && (to == rd || to == wr)) return least_between_columns(is_read(from), to == rd, where);
    if (where == Where::other_rank) return 0;
    const bool bank = where == Where::same_bank;
    switch (kind_of(from)) {
        case act:
            if (to == act) return bank ? std::max(t.tras + t.trp, t.trrd_l) : where == Where::same_group ? t.trrd_l : t.trrd_s;
            if (to == ref) return t.tras + t.trp;
            if (!bank) return 0;
            return to == rd ? t.trcd_rd : to == wr ? t.trcd_wr : t.tras;
        case rd:
            return bank && to == pre ? t.trtp : 0;
        case wr:
            return bank && to == pre ? t.wl + burst + t.twr : 0;
        case pre:
            if (to == pre) return t.tppd;
            if (to != act && to != ref) return 0;
            if (from == Command::prea) return t.trp_ab;
            return bank || to == ref ? t.trp : 0;
        case ref:
            return to == act || to == ref ? t.trfc : 0;
        case kinds:
            break;
    }
    return 0;
}

void DramTable::note(std::int64_t clock, Command command, const Place& place, std::int64_t closes) {
    for (int r = 0; r < d_.ranks; ++r)
        for (int g = 0; g < d_.bank_groups; ++g)
            for (int b = 0; b < d_.banks_per_group; ++b) {
                const Place to{.rank = r, .group = g, .bank = b};
                for (int kind = 0; kind < kinds; ++kind) {
                    std::int64_t& from = from_[index(to)][at(kind)];
                    from = std::max(from, clock + least(command, static_cast<Kind>(kind), where(place, to)));
                }
            }
    if (command == Command::act) activates_[at(place.rank)].push_back(clock);
    if (command != Command::rda && command != Command::wra) return;
    for (const Kind kind : {act, ref}) {
        std::int64_t& from = from_[index(place)][kind];
        from = std::max(from, closes + d_.timing.trp);
    }
}

bool DramTable::allows(std::int64_t clock, Kind kind, const Place& place) const {
    if (from_[index(place)][kind] > clock) return false;
    if (kind != act) return true;
    const std::vector<std::int64_t>& before = activates_[at(place.rank)];
    return before.size() < 4 || before[before.size() - 4] + d_.timing.tfaw <= clock;
}

}  // namespace accelsim::testing
