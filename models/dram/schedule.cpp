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
    const std::vector<Entry>& queue = serves_writes_ ? writes_ : reads_;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        if (queue[i].blockers > 0) continue;
        const auto bank = static_cast<std::size_t>(queue[i].bank);
        ++(banks_[bank].row == queue[i].place.row ? hit_ : miss_)[bank];
    }
}

/// The same after an ACT.
void Channel::mark_opened(std::size_t bank) {
    if (!marked_) return;
    for (const Entry& entry : serves_writes_ ? writes_ : reads_)
        if (entry.bank == static_cast<int>(bank) && entry.place.row == banks_[bank].row && entry.blockers == 0) ++hit_[bank];
    miss_[bank] -= hit_[bank];
}

inline std::int64_t Channel::act_allowed(const Entry& entry) const {
    const Rank& rank = rank_of(entry);
    const std::int64_t fourth = rank.window[rank.oldest];
    return std::max({banks_[static_cast<std::size_t>(entry.bank)].act, groups_[group_of(entry)].act, rank.act,
                     fourth < 0 ? 0 : fourth + device_.timing.tfaw});
}

inline std::int64_t Channel::column_allowed(const Entry& entry) const {
    const Bank& bank = banks_[static_cast<std::size_t>(entry.bank)];
    const Group& group = groups_[group_of(entry)];
    const Rank& rank = rank_of(entry);
    return entry.request.write ? std::max({bank.wr, group.wr, rank.wr}) : std::max({bank.rd, group.rd, rank.rd});
}

/// Gives the best command to the served queue that is allowed in this clock; says when the next may be.
bool Channel::try_requests(std::int64_t clock, std::vector<Done>& done) {
    std::vector<Entry>& queue = serves_writes_ ? writes_ : reads_;
    if (queue.empty()) return false;
    mark_banks();
    std::size_t row_choice = queue.size();
    std::int64_t wake = wake_;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        Entry& entry = queue[i];
        if (entry.not_before > clock) {
            wake = std::min(wake, entry.not_before);
            continue;
        }
        const Rank& rank = rank_of(entry);
        if (rank.due <= clock || entry.blockers > 0) continue;
        const auto b = static_cast<std::size_t>(entry.bank);
        const Bank& bank = banks_[b];
        const bool exhausted = bank.hits >= device_.row_hits && miss_[b] != 0;
        std::int64_t allowed = never;
        if (bank.row == entry.place.row) {
            if (exhausted) continue;
            allowed = column_allowed(entry);
            if (allowed <= clock) {
                give_column(clock, i, done);
                return true;
            }
        } else {
            if (row_choice != queue.size()) continue;  // an older one gets its row's command in this clock
            if (bank.row >= 0 && hit_[b] != 0 && !exhausted) continue;
            allowed = bank.row < 0 ? act_allowed(entry) : std::max(bank.pre, rank.pre);
            if (allowed <= clock) row_choice = i;
        }
        entry.not_before = allowed;
        wake = std::min(wake, allowed);
    }
    wake_ = wake;
    if (row_choice == queue.size()) return false;
    if (banks_[static_cast<std::size_t>(queue[row_choice].bank)].row < 0) {
        give_act(clock, queue[row_choice]);
    } else {
        give_pre(clock, queue[row_choice]);
    }
    return true;
}

void Channel::give_act(std::int64_t clock, Entry& entry) {
    const Timing& t = device_.timing;
    Bank& bank = banks_[static_cast<std::size_t>(entry.bank)];
    Rank& rank = rank_of(entry);
    bank.row = entry.place.row;
    bank.hits = 0;
    raise(bank.act, clock + t.trc());
    raise(bank.rd, clock + t.trcd_rd);
    raise(bank.wr, clock + t.trcd_wr);
    raise(bank.pre, clock + t.tras);
    raise(groups_[group_of(entry)].act, clock + t.trrd_l);
    raise(rank.act, clock + t.trrd_s);
    raise(rank.ref, clock + t.trc());
    rank.window[rank.oldest] = clock;
    rank.oldest = (rank.oldest + 1) % 4;
    if (rank.open++ == 0 && clock >= rank.open_until) {
        rank.active += rank.open_until - rank.opened;
        rank.opened = clock;
    }
    mark_opened(static_cast<std::size_t>(entry.bank));
    ++statistics_.activates;
    if (!entry.touched) ++statistics_.row_misses;
    entry.touched = true;
    tell(clock, Command::act, entry.place);
}

void Channel::give_pre(std::int64_t clock, Entry& entry) {
    Bank& bank = banks_[static_cast<std::size_t>(entry.bank)];
    Rank& rank = rank_of(entry);
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
    const auto same_row = [&](const Entry& other) {
        return other.order != entry.order && other.bank == entry.bank && other.place.row == entry.place.row;
    };
    return std::any_of(reads_.begin(), reads_.end(), same_row) || std::any_of(writes_.begin(), writes_.end(), same_row);
}

void Channel::give_column(std::int64_t clock, std::size_t index, std::vector<Done>& done) {
    const Timing& t = device_.timing;
    std::vector<Entry>& queue = serves_writes_ ? writes_ : reads_;
    const Entry entry = queue[index];
    const bool write = entry.request.write;
    const bool closes = device_.pages == PagePolicy::closed && !wanted_by_others(entry);
    Bank& bank = banks_[static_cast<std::size_t>(entry.bank)];
    Group& group = groups_[group_of(entry)];
    Rank& rank = rank_of(entry);
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
    queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(index));
    let_followers_go(entry);
    tell(clock, write ? (closes ? Command::wra : Command::wr) : (closes ? Command::rda : Command::rd), entry.place);
}

}  // namespace accelsim::dram
