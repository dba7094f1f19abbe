// SPDX-License-Identifier: Apache-2.0
// The controller of a DRAM and its devices' timing, from event to event (docs/dram.md). Bursts have no data here.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <vector>

#include "models/dram/device.hpp"

namespace accelsim::dram {

enum class Command { act, rd, rda, wr, wra, pre, prea, ref };

const char* name_of(Command command);

/// A command on the bus of its channel. `place`: only what the command addresses means something (REF and PREA: the rank).
struct Issued {
    std::int64_t clock = 0;
    Command command = Command::act;
    Place place;
    bool operator==(const Issued&) const = default;
};

struct Request {
    std::int64_t address = 0;
    bool write = false;
    std::int64_t tag = 0;  ///< the sender's
};

/// Something the sender hears of.
struct Done {
    /// Of a read: its data are complete at the beginning of this clock. Of a write: it was accepted; when `served`, its WR was
    /// given.
    std::int64_t clock = 0;
    std::int64_t tag = 0;
    bool served = false;  ///< its RD or WR was given just now (a read is done with it, a write was accepted before)
};

struct Statistics {
    std::int64_t reads = 0, writes = 0, activates = 0, refreshes = 0;
    std::int64_t precharges = 0;  ///< PRE and PREA
    /// Of bursts, by the first command given for them: RD or WR, ACT, PRE.
    std::int64_t row_hits = 0, row_misses = 0, row_conflicts = 0;
    std::int64_t last_write_end = 0;  ///< clock at which the last write's data end
    std::int64_t last_read_end = 0;
    std::int64_t active_clocks = 0;  ///< ranks with an open bank, summed; only who ticks every clock counts it here
};

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// One channel.
class Channel {
public:
    Channel(const Device& device, const AddressMap& map, int number);

    /// A request that is taken in this clock or later; clocks may come in any order, but not below what advance() reached.
    void push(std::int64_t clock, const Request& request);
    /// A clock before which nothing happens.
    std::int64_t next() const { return next_; }
    /// Does all clocks up to and including this one.
    void advance(std::int64_t clock, std::vector<Done>& done, const std::function<void(const Issued&)>& listener);
    bool idle() const { return arrivals_.empty() && reads_.empty() && writes_.empty(); }
    bool writes_pending() const;
    const Statistics& statistics() const { return statistics_; }
    /// Clocks in which ranks had an open bank, summed over ranks, from 0 to `end`.
    std::int64_t active_clocks(std::int64_t end) const;

private:
    struct Entry {
        // First what is looked at most.
        std::int64_t not_before = 0;  ///< no command for it is allowed earlier, unless its bank is closed
        int bank = 0;                 ///< over all ranks and groups
        int blockers = 0;             ///< older requests of this burst that must go first
        Place place;
        Request request;
        std::int64_t order = 0;
        std::int64_t burst = 0;  ///< number of the burst in the address space
        bool touched = false;    ///< a row was opened for it, or found open
    };
    struct Arrival {
        std::int64_t clock;
        Entry entry;
    };
    struct Bank {
        std::int64_t row = -1;                          ///< -1: closed
        std::int64_t act = 0, rd = 0, wr = 0, pre = 0;  ///< earliest clocks of the next ones
        int hits = 0;                                   ///< column accesses since its ACT
    };
    struct Group {
        std::int64_t act = 0, rd = 0, wr = 0;
    };
    struct Rank {
        std::int64_t act = 0, rd = 0, wr = 0, pre = 0, ref = 0;
        std::int64_t window[4] = {-1, -1, -1, -1};  ///< clocks of the last four ACT, oldest at `oldest`; -1: none
        int oldest = 0;
        std::int64_t due = 0;         ///< next refresh
        int open = 0;                 ///< open banks
        std::int64_t opened = 0;      ///< since when one of them is open
        std::int64_t open_until = 0;  ///< none open: when the last one was precharged
        std::int64_t active = 0;
    };

    void enter(std::int64_t clock, std::vector<Done>& done);
    void choose_queue();
    static bool keep_order(const Entry& one, const Entry& other);
    void count_blockers(Entry& entry);
    void let_followers_go(const Entry& entry);
    bool try_refresh(std::int64_t clock);
    void mark_banks();
    void mark_opened(std::size_t bank);
    std::int64_t act_allowed(const Entry& entry) const;
    std::int64_t column_allowed(const Entry& entry) const;
    bool try_requests(std::int64_t clock, std::vector<Done>& done);
    void give_column(std::int64_t clock, std::size_t index, std::vector<Done>& done);
    void give_act(std::int64_t clock, Entry& entry);
    void give_pre(std::int64_t clock, Entry& entry);
    void close(std::int64_t precharge, int bank, int trp);
    bool wanted_by_others(const Entry& entry) const;
    void tell(std::int64_t clock, Command command, const Place& place);
    Rank& rank_of(const Entry& entry) { return ranks_[static_cast<std::size_t>(entry.place.rank)]; }
    const Rank& rank_of(const Entry& entry) const { return ranks_[static_cast<std::size_t>(entry.place.rank)]; }
    std::size_t group_of(const Entry& entry) const {
        return static_cast<std::size_t>(entry.place.rank * device_.bank_groups + entry.place.group);
    }

    const Device& device_;
    const AddressMap& map_;
    const Gaps gaps_;
    int number_;
    std::deque<Arrival> arrivals_;  ///< by clock, then as they were pushed
    std::vector<Entry> reads_, writes_;
    std::vector<Bank> banks_;
    std::vector<Group> groups_;
    std::vector<Rank> ranks_;
    std::vector<int> hit_, miss_;  ///< per bank: requests of the served queue that want its open row, another row
    bool marked_ = false;          ///< hit_ and miss_ are right
    bool draining_ = false;
    bool serves_writes_ = false;
    int waiting_reads_ = 0;  ///< queued reads that wait for queued writes
    int free_writes_ = 0;    ///< queued writes that wait for no other request
    std::int64_t now_ = 0;   ///< next clock to be done
    std::int64_t next_ = 0;  ///< nothing happens before
    std::int64_t order_ = 0;
    std::int64_t wake_ = never;  ///< while a clock is done: earliest next thing
    const std::function<void(const Issued&)>* listener_ = nullptr;
    Statistics statistics_;
};

/// All channels.
class Controller {
public:
    explicit Controller(const Device& device);
    Controller(const Controller&) = delete;
    Controller& operator=(const Controller&) = delete;

    /// Hears every command, channel by channel in order of clocks.
    void listen(std::function<void(const Issued&)> listener) { listener_ = std::move(listener); }
    void push(std::int64_t clock, const Request& request);
    /// A clock before which no request enters or gets a command; never when there is none.
    std::int64_t next() const;
    void advance(std::int64_t clock, std::vector<Done>& done);
    bool idle() const;
    bool writes_pending() const;
    Statistics statistics() const;
    /// Energy of all commands so far and of the background from clock 0 to `end` (docs/dram.md, 5), in pJ.
    double energy_pj(std::int64_t end) const;
    const Device& device() const { return device_; }

private:
    Device device_;
    AddressMap map_;
    std::vector<Channel> channels_;
    std::function<void(const Issued&)> listener_;
};

}  // namespace accelsim::dram
