// SPDX-License-Identifier: Apache-2.0
// Which request gets the next command (docs/dram.md, 4), and what a command forbids (2).
#include <algorithm>

#include "models/dram/controller.hpp"

namespace accelsim::dram {

namespace {

void raise(std::int64_t& earliest, std::int64_t clock) { earliest = std::max(earliest, clock); }

}  // namespace

/// Which banks' open rows the served queue wants, and in which it wants others.
void Channel::mark_banks() {
    if (marked_) return;
    marked_ = true;
    std::fill(hit_.begin(), hit_.end(), 0);
    std::fill(miss_.begin(), miss_.end(), 0);
    const Queue& queue = served();
    for (int bank = 0; bank < static_cast<int>(banks_.size()); ++bank) {
        const auto b = static_cast<std::size_t>(bank);
        for (const std::size_t slot : queue.of_bank(bank))
            if (queue[slot].blockers == 0) ++(banks_[b].row == queue[slot].place.row ? hit_ : miss_)[b];
    }
}

/// The same after an ACT.
void Channel::mark_opened(int bank) {
    if (!marked_) return;
    const auto b = static_cast<std::size_t>(bank);
    const Queue& queue = served();
    for (const std::size_t slot : queue.of_bank(bank))
        if (queue[slot].place.row == banks_[b].row && queue[slot].blockers == 0) ++hit_[b];
    miss_[b] -= hit_[b];
}

inline std::int64_t Channel::act_allowed(const Bank& bank) const {
    const Rank& rank = ranks_[bank.rank];
    const std::int64_t fourth = rank.window[rank.oldest];
    return std::max({bank.act, groups_[bank.group].act, rank.act, fourth < 0 ? 0 : fourth + device_.timing.tfaw});
}

inline std::int64_t Channel::column_allowed(const Bank& bank) const {
    const Group& group = groups_[bank.group];
    const Rank& rank = ranks_[bank.rank];
    return serves_writes_ ? std::max({bank.wr, group.wr, rank.wr}) : std::max({bank.rd, group.rd, rank.rd});
}

/// The oldest request of a bank, among those that wait for no other, for its open row or not for it.
inline std::size_t Channel::oldest(const Queue& queue, int bank, bool hit) const {
    const std::int64_t row = banks_[static_cast<std::size_t>(bank)].row;
    for (const std::size_t slot : queue.of_bank(bank))
        if (queue[slot].blockers == 0 && (queue[slot].place.row == row) == hit) return slot;
    return nobody;
}

/// Gives the best command to the served queue that is allowed in this clock; says when the next may be.
bool Channel::try_requests(std::int64_t clock, std::vector<Done>& done) {
    Queue& queue = served();
    if (queue.empty()) return false;
    mark_banks();
    std::size_t column = nobody;
    std::size_t row = nobody;
    const auto choose = [&](std::size_t& best, int bank, bool hit) {
        const std::size_t slot = oldest(queue, bank, hit);
        if (best == nobody || queue[slot].order < queue[best].order) best = slot;
    };
    for (int number = 0; number < static_cast<int>(banks_.size()); ++number) {
        const auto b = static_cast<std::size_t>(number);
        if (hit_[b] == 0 && miss_[b] == 0) continue;
        const Bank& bank = banks_[b];
        const Rank& rank = ranks_[bank.rank];
        if (rank.due <= clock) continue;
        const bool column_next = hit_[b] != 0 && (bank.hits < device_.row_hits || miss_[b] == 0);
        const std::int64_t allowed = column_next    ? column_allowed(bank)
                                     : bank.row < 0 ? act_allowed(bank)
                                                    : std::max(bank.pre, rank.pre);
        if (allowed > clock) {
            wake_ = std::min(wake_, allowed);
        } else {
            choose(column_next ? column : row, number, column_next);
        }
    }
    if (column != nobody) {
        give_column(clock, column, done);
    } else if (row == nobody) {
        return false;
    } else if (banks_[static_cast<std::size_t>(queue[row].bank)].row < 0) {
        give_act(clock, queue[row]);
    } else {
        give_pre(clock, queue[row]);
    }
    return true;
}

void Channel::give_act(std::int64_t clock, Entry& entry) {
    const Timing& t = device_.timing;
    Bank& bank = bank_of(entry);
    Rank& rank = ranks_[bank.rank];
    bank.row = entry.place.row;
    bank.hits = 0;
    raise(bank.act, clock + t.trc());
    raise(bank.rd, clock + t.trcd_rd);
    raise(bank.wr, clock + t.trcd_wr);
    raise(bank.pre, clock + t.tras);
    raise(groups_[bank.group].act, clock + t.trrd_l);
    raise(rank.act, clock + t.trrd_s);
    raise(rank.ref, clock + t.trc());
    rank.window[rank.oldest] = clock;
    rank.oldest = (rank.oldest + 1) % 4;
    if (rank.open++ == 0 && clock >= rank.open_until) {
        rank.active += rank.open_until - rank.opened;
        rank.opened = clock;
    }
    mark_opened(entry.bank);
    ++statistics_.activates;
    if (!entry.touched) ++statistics_.row_misses;
    entry.touched = true;
    tell(clock, Command::act, entry.place);
}

void Channel::give_pre(std::int64_t clock, Entry& entry) {
    Bank& bank = bank_of(entry);
    Rank& rank = ranks_[bank.rank];
    Place place = entry.place;
    place.row = bank.row;
    close(clock, entry.bank, device_.timing.trp);
    raise(rank.pre, clock + device_.timing.tppd);
    ++statistics_.precharges;
    // The request that asked for it has met another row; its ACT is no first one.
    if (!entry.touched) ++statistics_.row_conflicts;
    entry.touched = true;
    tell(clock, Command::pre, place);
}

/// Some other request of either queue goes to the same row.
bool Channel::wanted_by_others(const Entry& entry) const {
    const auto same_row = [&](const Entry& other) { return other.order != entry.order && other.place.row == entry.place.row; };
    const auto any_in = [&](const Queue& queue) {
        const auto& slots = queue.of_bank(entry.bank);
        return std::any_of(slots.begin(), slots.end(), [&](std::size_t slot) { return same_row(queue[slot]); });
    };
    return any_in(reads_) || any_in(writes_);
}

void Channel::give_column(std::int64_t clock, std::size_t slot, std::vector<Done>& done) {
    const Timing& t = device_.timing;
    const Entry entry = served().take(slot);
    const bool write = entry.request.write;
    const bool closes = device_.pages == PagePolicy::closed && !wanted_by_others(entry);
    Bank& bank = bank_of(entry);
    Group& group = groups_[bank.group];
    Rank& rank = ranks_[bank.rank];
    ++bank.hits;
    if (!entry.touched) ++statistics_.row_hits;
    for (Rank& other : ranks_) {
        const bool same = &other == &rank;
        raise(other.rd, clock + (write ? same ? gaps_.wr_rd_s : gaps_.wr_rd_rank : same ? gaps_.rd_rd_s : gaps_.rd_rd_rank));
        raise(other.wr, clock + (write ? same ? gaps_.wr_wr_s : gaps_.wr_wr_rank : same ? gaps_.rd_wr : gaps_.rd_wr_rank));
    }
    raise(group.rd, clock + (write ? gaps_.wr_rd_l : gaps_.rd_rd_l));
    raise(group.wr, clock + (write ? gaps_.wr_wr_l : gaps_.rd_wr));
    raise(bank.pre, clock + (write ? gaps_.wr_pre : gaps_.rd_pre));
    const std::int64_t data_end = clock + (write ? t.wl : t.rl) + device_.burst_clocks();
    if (write) {
        ++statistics_.writes;
        raise(statistics_.last_write_end, data_end);
    } else {
        ++statistics_.reads;
        raise(statistics_.last_read_end, data_end);
    }
    --hit_[static_cast<std::size_t>(entry.bank)];
    if (closes) close(bank.pre, entry.bank, t.trp);
    done.push_back({write ? clock : data_end, entry.request.tag, true});
    if (write) --free_writes_;
    let_followers_go(entry);
    tell(clock, write ? (closes ? Command::wra : Command::wr) : (closes ? Command::rda : Command::rd), entry.place);
}

}  // namespace accelsim::dram
