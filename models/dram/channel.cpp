// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/dram/controller.hpp"

namespace accelsim::dram {

namespace {

void raise(std::int64_t& earliest, std::int64_t clock) { earliest = std::max(earliest, clock); }

}  // namespace

Channel::Channel(const Device& device, const AddressMap& map, int number)
    : device_(device), map_(map), gaps_(device), number_(number) {
    const auto ranks = static_cast<std::size_t>(device.ranks);
    banks_.resize(ranks * static_cast<std::size_t>(device.banks()));
    groups_.resize(ranks * static_cast<std::size_t>(device.bank_groups));
    ranks_.resize(ranks);
    for (std::size_t r = 0; r < ranks; ++r)
        ranks_[r].due = static_cast<std::int64_t>(device.timing.trefi) * static_cast<std::int64_t>(r + 1) / device.ranks;
    hit_.resize(banks_.size());
    miss_.resize(banks_.size());
}

void Channel::push(std::int64_t clock, const Request& request) {
    Entry entry;
    entry.request = request;
    entry.place = map_.place(request.address);
    entry.burst = request.address % device_.capacity_bytes() / device_.burst_bytes();
    entry.bank = (entry.place.rank * device_.bank_groups + entry.place.group) * device_.banks_per_group + entry.place.bank;
    auto place = arrivals_.end();
    while (place != arrivals_.begin() && std::prev(place)->clock > clock) --place;
    arrivals_.insert(place, {clock, entry});
    next_ = std::min(next_, std::max(clock, now_));
}

bool Channel::writes_pending() const {
    return !writes_.empty() ||
           std::any_of(arrivals_.begin(), arrivals_.end(), [](const Arrival& a) { return a.entry.request.write; });
}

/// Goes from clock to clock in which something may happen.
void Channel::advance(std::int64_t clock, std::vector<Done>& done, const std::function<void(const Issued&)>& listener) {
    listener_ = &listener;
    while (next_ <= clock) {
        const std::int64_t now = next_;
        now_ = now + 1;
        wake_ = never;
        enter(now, done);
        choose_queue();
        const bool acted = try_refresh(now) || try_requests(now, done);
        next_ = acted ? now_ : std::max(now_, wake_);
        // The first arrival may wait for room, which only a command makes.
        if (!arrivals_.empty() && arrivals_.front().clock > now) next_ = std::min(next_, arrivals_.front().clock);
    }
    now_ = std::max(now_, clock + 1);
    next_ = std::max(next_, now_);
}

/// Requests go from the list into their queues while these have room.
void Channel::enter(std::int64_t clock, std::vector<Done>& done) {
    while (!arrivals_.empty() && arrivals_.front().clock <= clock) {
        Entry& entry = arrivals_.front().entry;
        std::vector<Entry>& queue = entry.request.write ? writes_ : reads_;
        const int room = entry.request.write ? device_.write_queue : device_.read_queue;
        if (static_cast<int>(queue.size()) >= room) return;
        entry.order = order_++;
        count_blockers(entry);
        if (entry.request.write) done.push_back({clock, entry.request.tag, false});
        queue.push_back(entry);
        if (marked_ && entry.request.write == serves_writes_ && entry.blockers == 0) {
            const auto bank = static_cast<std::size_t>(entry.bank);
            ++(banks_[bank].row == entry.place.row ? hit_ : miss_)[bank];
        }
        arrivals_.pop_front();
    }
}

/// Requests of the same burst keep their order where one of them writes.
bool Channel::keep_order(const Entry& one, const Entry& other) {
    return one.burst == other.burst && (one.request.write || other.request.write);
}

void Channel::count_blockers(Entry& entry) {
    const auto older = [&](const Entry& other) { return keep_order(other, entry); };
    const auto writes = std::count_if(writes_.begin(), writes_.end(), older);
    const auto reads = entry.request.write ? std::count_if(reads_.begin(), reads_.end(), older) : 0;
    entry.blockers = static_cast<int>(writes + reads);
    if (!entry.request.write && entry.blockers > 0) ++waiting_reads_;
    if (entry.request.write && entry.blockers == 0) ++free_writes_;
}

/// The entry leaves: those behind it that wait for it have one less to wait for.
void Channel::let_followers_go(const Entry& entry) {
    if (waiting_reads_ == 0 && free_writes_ == static_cast<int>(writes_.size())) return;  // nobody waits
    for (std::vector<Entry>* queue : {&reads_, &writes_}) {
        for (Entry& other : *queue) {
            if (other.order <= entry.order || !keep_order(entry, other)) continue;
            if (--other.blockers > 0) continue;
            marked_ = false;
            if (other.request.write) {
                ++free_writes_;
            } else {
                --waiting_reads_;
            }
        }
    }
}

void Channel::choose_queue() {
    const auto writes = static_cast<int>(writes_.size());
    if (writes >= device_.write_high || waiting_reads_ > 0) {
        draining_ = true;
    } else if (writes <= device_.write_low) {
        draining_ = false;
    }
    const bool writes_next = (draining_ && free_writes_ > 0) || reads_.empty();
    if (writes_next != serves_writes_) marked_ = false;
    serves_writes_ = writes_next;
}

void Channel::tell(std::int64_t clock, Command command, const Place& place) {
    if (*listener_) (*listener_)({clock, command, place});
}

/// Closes a bank that is precharged from clock `precharge` on.
void Channel::close(std::int64_t precharge, int bank, int trp) {
    Bank& b = banks_[static_cast<std::size_t>(bank)];
    Rank& rank = ranks_[static_cast<std::size_t>(bank / device_.banks())];
    b.row = -1;
    miss_[static_cast<std::size_t>(bank)] += hit_[static_cast<std::size_t>(bank)];
    hit_[static_cast<std::size_t>(bank)] = 0;
    for (std::vector<Entry>* queue : {&reads_, &writes_})
        for (Entry& entry : *queue)
            if (entry.bank == bank) entry.not_before = 0;
    raise(b.act, precharge + trp);
    raise(rank.ref, precharge + trp);
    raise(rank.open_until, precharge);
    --rank.open;
}

std::int64_t Channel::active_clocks(std::int64_t end) const {
    std::int64_t total = 0;
    for (const Rank& rank : ranks_)
        total += rank.active + (rank.open > 0 ? end : std::min(end, rank.open_until)) - std::min(end, rank.opened);
    return total;
}

/// Gives a PREA or REF of a rank that is due; says when the next one may come.
bool Channel::try_refresh(std::int64_t clock) {
    const Timing& t = device_.timing;
    const int per_rank = device_.banks();
    for (std::size_t r = 0; r < ranks_.size(); ++r) {
        Rank& rank = ranks_[r];
        if (rank.due > clock) {
            wake_ = std::min(wake_, rank.due);
            continue;
        }
        Place place;
        place.channel = number_;
        place.rank = static_cast<int>(r);
        const int first = static_cast<int>(r) * per_rank;
        if (rank.open > 0) {
            std::int64_t allowed = rank.pre;
            for (int b = first; b < first + per_rank; ++b) {
                const Bank& bank = banks_[static_cast<std::size_t>(b)];
                if (bank.row >= 0) allowed = std::max(allowed, bank.pre);
            }
            if (allowed > clock) {
                wake_ = std::min(wake_, allowed);
                continue;
            }
            for (int b = first; b < first + per_rank; ++b) {
                if (banks_[static_cast<std::size_t>(b)].row >= 0) close(clock, b, t.trp_ab);
            }
            raise(rank.ref, clock + t.trp_ab);
            raise(rank.act, clock + t.trp_ab);
            raise(rank.pre, clock + t.tppd);
            ++statistics_.precharges;
            tell(clock, Command::prea, place);
            return true;
        }
        if (rank.ref > clock) {
            wake_ = std::min(wake_, rank.ref);
            continue;
        }
        raise(rank.act, clock + t.trfc);
        raise(rank.ref, clock + t.trfc);
        rank.due += t.trefi;
        ++statistics_.refreshes;
        tell(clock, Command::ref, place);
        return true;
    }
    return false;
}

}  // namespace accelsim::dram
