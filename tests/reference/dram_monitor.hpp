// SPDX-License-Identifier: Apache-2.0
// Watches a stream of DRAM commands and names every rule that it breaks. It knows the device's figures and JEDEC's rules, not the
// controller: each command is held against all earlier ones that could still forbid it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/dram/controller.hpp"

namespace accelsim::testing {

class DramMonitor {
public:
    explicit DramMonitor(const dram::Device& device);

    /// The next command; clocks must not decrease within a channel.
    void command(const dram::Issued& issued);
    /// No more commands before this clock: refreshes that should have been are missing.
    void finish(std::int64_t end);

    /// "clock 17, channel 0: ACT breaks tRRD_L", in the order found.
    const std::vector<std::string>& violations() const { return violations_; }
    /// The rules broken, each as often as it was.
    const std::vector<std::string>& rules() const { return rules_; }
    bool broke(const std::string& rule) const;

private:
    struct Seen {
        std::int64_t clock;
        dram::Command command;
        dram::Place place;
        std::int64_t closes;  ///< RDA, WRA: when the bank precharges itself
    };
    struct Bank {
        std::int64_t row = -1;  ///< -1: closed
        std::int64_t act = 0;   ///< clock of the last ACT
    };
    struct Channel {
        std::vector<Seen> history;
        std::vector<Bank> banks;
        std::vector<std::int64_t> due;  ///< per rank
    };
    using Rules = std::vector<std::string>;

    Bank& bank(Channel& channel, const dram::Place& place) const;
    bool any_open(Channel& channel, int rank) const;
    void timing(Channel& channel, const Seen& later, Rules& broken) const;
    void activates(const Seen& earlier, const Seen& later, Rules& broken) const;
    void columns(const Seen& earlier, const Seen& later, Rules& broken) const;
    void closing(Channel& channel, const Seen& earlier, const Seen& later, Rules& broken) const;
    void opening(const Seen& earlier, const Seen& later, Rules& broken) const;
    void state(Channel& channel, const Seen& later, Rules& broken) const;
    void refresh(Channel& channel, const Seen& later, Rules& broken) const;
    bool was_possible_before(Channel& channel, const Seen& later) const;
    void missing(Channel& channel, int number, std::int64_t clock);
    void apply(Channel& channel, const Seen& seen) const;
    std::int64_t closes_at(Channel& channel, const Seen& last) const;
    std::int64_t data_start(const Seen& seen) const;
    std::int64_t data_end(const Seen& seen) const;
    void report(std::int64_t clock, int channel, const std::string& what, const std::string& rule);

    const dram::Device device_;
    std::int64_t horizon_;  ///< nothing forbids anything for longer
    std::vector<Channel> channels_;
    std::vector<std::string> violations_, rules_;
};

}  // namespace accelsim::testing
