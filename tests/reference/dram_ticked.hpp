// SPDX-License-Identifier: Apache-2.0
// docs/dram.md taken word by word: a controller that looks at every bank and every request in every clock. Slow, and the
// reference of models/dram, which goes from event to event.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/dram/controller.hpp"

namespace accelsim::testing {

/// One channel of table 1: from which clock on each bank may get each command.
class DramTable {
public:
    enum Kind { act, rd, wr, pre, ref, kinds };

    explicit DramTable(const dram::Device& device);
    /// `closes`: when a bank precharges itself after RDA and WRA.
    void note(std::int64_t clock, dram::Command command, const dram::Place& place, std::int64_t closes);
    bool allows(std::int64_t clock, Kind kind, const dram::Place& place) const;

private:
    enum class Where { same_bank, same_group, same_rank, other_rank };
    static Where where(const dram::Place& from, const dram::Place& to);
    std::int64_t least(dram::Command from, Kind to, Where where) const;
    std::int64_t least_between_columns(bool from_read, bool to_read, Where where) const;
    std::size_t index(const dram::Place& place) const;

    const dram::Device& d_;
    std::vector<std::vector<std::int64_t>> from_;       ///< per bank and kind
    std::vector<std::vector<std::int64_t>> activates_;  ///< per rank: clocks of all ACT
};

class DramTickedChannel {
public:
    DramTickedChannel(const dram::Device& device, int number);

    void push(std::int64_t clock, const dram::Request& request, const dram::Place& place);
    /// Does the next clock.
    void tick(std::vector<dram::Done>& done, std::vector<dram::Issued>& commands);
    std::int64_t clock() const { return clock_; }
    bool idle() const { return arrivals_.empty() && queues_[0].empty() && queues_[1].empty(); }
    const dram::Statistics& statistics() const { return statistics_; }

private:
    struct Waiting {
        std::int64_t clock = 0;
        dram::Request request;
        dram::Place place;
        std::int64_t order = 0;  ///< of entering a queue
        bool touched = false;    ///< a command was given for it
    };
    struct Bank {
        dram::Place place;
        std::int64_t row = -1;
        std::int64_t precharge = 0;  ///< the first that its ACT and its accesses since then allow
        std::int64_t closes = 0;     ///< by itself
        int accesses = 0;
    };
    using Queue = std::vector<Waiting>;

    void enter(std::vector<dram::Done>& done);
    void choose_queue();
    bool give_refresh();
    bool give_access(std::vector<dram::Done>& done);
    bool give_row();
    bool must_wait(const Waiting& one) const;
    bool any_read_waits() const;
    bool is_due(int rank) const { return due_[static_cast<std::size_t>(rank)] <= clock_; }
    bool gives_no_more(const Bank& bank) const;
    bool is_wanted(const Bank& bank) const;
    bool wanted_by_others(const Waiting& one) const;
    Bank& bank_of(const dram::Place& place);
    const Queue& served() const { return queues_[serves_writes_ ? 1 : 0]; }
    Queue& served() { return queues_[serves_writes_ ? 1 : 0]; }
    void touch(Waiting& one, std::int64_t& counter);
    void give(dram::Command command, dram::Place place, std::int64_t closes = 0);
    void count_active();

    const dram::Device& d_;
    DramTable table_;
    std::deque<Waiting> arrivals_;
    Queue queues_[2];  ///< reads, writes; oldest first
    std::vector<Bank> banks_;
    std::vector<std::int64_t> due_;
    bool draining_ = false;
    bool serves_writes_ = false;
    std::int64_t clock_ = 0;
    std::int64_t order_ = 0;
    int number_;
    std::vector<dram::Issued>* commands_ = nullptr;
    dram::Statistics statistics_;
};

class DramTicked {
public:
    explicit DramTicked(const dram::Device& device);

    void push(std::int64_t clock, const dram::Request& request);
    /// Does all clocks up to and including this one, channel by channel.
    void advance(std::int64_t clock, std::vector<dram::Done>& done);
    /// So far, channel by channel within each advance().
    const std::vector<dram::Issued>& commands() const { return commands_; }
    bool idle() const;
    dram::Statistics statistics() const;

private:
    const dram::Device device_;
    std::deque<DramTickedChannel> channels_;
    std::vector<dram::Issued> commands_;
};

/// The place of a burst, cut out of its address bit by bit.
dram::Place literal_place(const dram::Device& device, std::int64_t address);

}  // namespace accelsim::testing
