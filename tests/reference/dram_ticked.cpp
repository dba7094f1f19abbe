// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/dram_ticked.hpp"

#include <algorithm>

namespace accelsim::testing {

using dram::Command;
using dram::Place;

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

bool one_bank(const Place& a, const Place& b) { return a.rank == b.rank && a.group == b.group && a.bank == b.bank; }

}  // namespace

DramTickedChannel::DramTickedChannel(const dram::Device& device, int number) : d_(device), table_(device), number_(number) {
    for (int r = 0; r < d_.ranks; ++r) {
        due_.push_back(std::int64_t{d_.timing.trefi} * (r + 1) / d_.ranks);
        for (int g = 0; g < d_.bank_groups; ++g)
            for (int b = 0; b < d_.banks_per_group; ++b) banks_.push_back({.place = {.rank = r, .group = g, .bank = b}});
    }
}

void DramTickedChannel::push(std::int64_t clock, const dram::Request& request, const Place& place) {
    auto after = arrivals_.begin();
    while (after != arrivals_.end() && after->clock <= clock) ++after;
    arrivals_.insert(after, {.clock = clock, .request = request, .place = place});
}

void DramTickedChannel::tick(std::vector<dram::Done>& done, std::vector<dram::Issued>& commands) {
    commands_ = &commands;
    enter(done);
    choose_queue();
    if (!give_refresh() && !give_access(done)) give_row();
    count_active();
    ++clock_;
}

void DramTickedChannel::enter(std::vector<dram::Done>& done) {
    while (!arrivals_.empty() && arrivals_.front().clock <= clock_) {
        Waiting& first = arrivals_.front();
        const bool write = first.request.write;
        Queue& queue = queues_[write ? 1 : 0];
        if (queue.size() >= at(write ? d_.write_queue : d_.read_queue)) return;
        first.order = order_++;
        queue.push_back(first);
        arrivals_.pop_front();
        if (write) done.push_back({clock_, queue.back().request.tag, false});
    }
}

void DramTickedChannel::choose_queue() {
    const auto writes = static_cast<int>(queues_[1].size());
    if (writes >= d_.write_high || any_read_waits()) draining_ = true;
    if (writes <= d_.write_low && !any_read_waits()) draining_ = false;
    const bool can_write =
        std::any_of(queues_[1].begin(), queues_[1].end(), [&](const Waiting& write) { return !must_wait(write); });
    serves_writes_ = (draining_ && can_write) || queues_[0].empty();
}

/// Requests of one burst never overtake each other.
bool DramTickedChannel::must_wait(const Waiting& one) const {
    for (const Queue& queue : queues_)
        for (const Waiting& other : queue)
            if (other.order < one.order && other.place == one.place && (one.request.write || other.request.write)) return true;
    return false;
}

bool DramTickedChannel::any_read_waits() const {
    return std::any_of(queues_[0].begin(), queues_[0].end(), [&](const Waiting& read) { return must_wait(read); });
}

bool DramTickedChannel::gives_no_more(const Bank& bank) const {
    if (bank.accesses < d_.row_hits) return false;
    return std::any_of(served().begin(), served().end(), [&](const Waiting& one) {
        return one_bank(one.place, bank.place) && one.place.row != bank.row && !must_wait(one);
    });
}

/// Somebody of the served queue goes to its open row.
bool DramTickedChannel::is_wanted(const Bank& bank) const {
    return std::any_of(served().begin(), served().end(), [&](const Waiting& one) {
        return one_bank(one.place, bank.place) && one.place.row == bank.row && !must_wait(one);
    });
}

bool DramTickedChannel::wanted_by_others(const Waiting& one) const {
    for (const Queue& queue : queues_)
        for (const Waiting& other : queue)
            if (other.order != one.order && one_bank(other.place, one.place) && other.place.row == one.place.row) return true;
    return false;
}

DramTickedChannel::Bank& DramTickedChannel::bank_of(const Place& p) {
    return banks_[at((p.rank * d_.bank_groups + p.group) * d_.banks_per_group + p.bank)];
}

bool DramTickedChannel::give_refresh() {
    for (int r = 0; r < d_.ranks; ++r) {
        if (!is_due(r)) continue;
        bool any_open = false, may_close = true, may_refresh = true;
        for (const Bank& bank : banks_) {
            if (bank.place.rank != r) continue;
            may_refresh = may_refresh && table_.allows(clock_, DramTable::ref, bank.place);
            if (bank.row < 0) continue;
            any_open = true;
            may_close = may_close && table_.allows(clock_, DramTable::pre, bank.place);
        }
        if (any_open ? !may_close : !may_refresh) continue;
        give(any_open ? Command::prea : Command::ref, {.rank = r});
        if (!any_open) {
            due_[at(r)] += d_.timing.trefi;
            ++statistics_.refreshes;
            return true;
        }
        ++statistics_.precharges;
        for (Bank& bank : banks_)
            if (bank.place.rank == r) bank.row = -1;
        return true;
    }
    return false;
}

bool DramTickedChannel::give_access(std::vector<dram::Done>& done) {
    Queue& queue = served();
    for (std::size_t i = 0; i < queue.size(); ++i) {
        Waiting& one = queue[i];
        Bank& bank = bank_of(one.place);
        const bool write = one.request.write;
        if (bank.row != one.place.row || must_wait(one) || gives_no_more(bank) || is_due(one.place.rank)) continue;
        if (!table_.allows(clock_, write ? DramTable::wr : DramTable::rd, one.place)) continue;
        touch(one, statistics_.row_hits);
        const std::int64_t end = clock_ + (write ? d_.timing.wl : d_.timing.rl) + d_.burst_length / 2;
        const bool last = d_.pages == dram::PagePolicy::closed && !wanted_by_others(one);
        ++bank.accesses;
        bank.precharge = std::max(bank.precharge, write ? end + d_.timing.twr : clock_ + d_.timing.trtp);
        if (last) {
            bank.closes = bank.precharge;
            bank.row = -1;
        }
        const Command command = write ? (last ? Command::wra : Command::wr) : (last ? Command::rda : Command::rd);
        give(command, one.place, bank.closes);
        ++(write ? statistics_.writes : statistics_.reads);
        std::int64_t& last_end = write ? statistics_.last_write_end : statistics_.last_read_end;
        last_end = std::max(last_end, end);
        done.push_back({write ? clock_ : end, one.request.tag, true});
        queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(i));
        return true;
    }
    return false;
}

bool DramTickedChannel::give_row() {
    for (Waiting& one : served()) {
        if (must_wait(one) || is_due(one.place.rank)) continue;
        Bank& bank = bank_of(one.place);
        if (bank.row < 0) {
            if (!table_.allows(clock_, DramTable::act, one.place)) continue;
            touch(one, statistics_.row_misses);
            bank.row = one.place.row;
            bank.precharge = clock_ + d_.timing.tras;
            bank.accesses = 0;
            ++statistics_.activates;
            give(Command::act, one.place);
            return true;
        }
        if (bank.row == one.place.row || (is_wanted(bank) && !gives_no_more(bank))) continue;
        if (!table_.allows(clock_, DramTable::pre, one.place)) continue;
        touch(one, statistics_.row_conflicts);
        bank.row = -1;
        ++statistics_.precharges;
        give(Command::pre, one.place);
        return true;
    }
    return false;
}

/// A request is a hit, a miss or a conflict by the first command given for it.
void DramTickedChannel::touch(Waiting& one, std::int64_t& counter) {
    if (!one.touched) ++counter;
    one.touched = true;
}

void DramTickedChannel::give(Command command, Place place, std::int64_t closes) {
    place.channel = number_;
    table_.note(clock_, command, place, closes);
    commands_->push_back({clock_, command, place});
}

void DramTickedChannel::count_active() {
    for (int r = 0; r < d_.ranks; ++r)
        statistics_.active_clocks += std::any_of(banks_.begin(), banks_.end(), [&](const Bank& bank) {
            return bank.place.rank == r && (bank.row >= 0 || bank.closes > clock_);
        });
}

DramTicked::DramTicked(const dram::Device& device) : device_(device) {
    for (int c = 0; c < device_.channels; ++c) channels_.emplace_back(device_, c);
}

void DramTicked::push(std::int64_t clock, const dram::Request& request) {
    const Place place = literal_place(device_, request.address);
    channels_[at(place.channel)].push(clock, request, place);
}

void DramTicked::advance(std::int64_t clock, std::vector<dram::Done>& done) {
    for (DramTickedChannel& channel : channels_)
        while (channel.clock() <= clock) channel.tick(done, commands_);
}

bool DramTicked::idle() const {
    return std::all_of(channels_.begin(), channels_.end(), [](const DramTickedChannel& channel) { return channel.idle(); });
}

dram::Statistics DramTicked::statistics() const {
    dram::Statistics total;
    for (const DramTickedChannel& channel : channels_) {
        const dram::Statistics& s = channel.statistics();
        total.reads += s.reads;
        total.writes += s.writes;
        total.activates += s.activates;
        total.precharges += s.precharges;
        total.refreshes += s.refreshes;
        total.row_hits += s.row_hits;
        total.row_misses += s.row_misses;
        total.row_conflicts += s.row_conflicts;
        total.last_write_end = std::max(total.last_write_end, s.last_write_end);
        total.last_read_end = std::max(total.last_read_end, s.last_read_end);
        total.active_clocks += s.active_clocks;
    }
    return total;
}

Place literal_place(const dram::Device& d, std::int64_t address) {
    std::int64_t rest = address / d.burst_bytes();
    const auto cut = [&](std::int64_t values) {
        std::int64_t value = 0;
        for (std::int64_t bit = 1; bit < values; bit *= 2, rest /= 2) value += rest % 2 * bit;
        return value;
    };
    Place place;
    for (std::size_t i = d.mapping.size(); i > 0; i -= 2) {
        const std::string field = d.mapping.substr(i - 2, 2);
        if (field == "ch") place.channel = static_cast<int>(cut(d.channels));
        if (field == "ra") place.rank = static_cast<int>(cut(d.ranks));
        if (field == "bg") place.group = static_cast<int>(cut(d.bank_groups));
        if (field == "ba") place.bank = static_cast<int>(cut(d.banks_per_group));
        if (field == "ro") place.row = cut(d.rows);
        if (field == "co") place.column = cut(d.columns / d.burst_length) * d.burst_length;
    }
    return place;
}

}  // namespace accelsim::testing
