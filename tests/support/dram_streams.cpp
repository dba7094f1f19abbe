// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dram_streams.hpp"

#include <algorithm>

namespace accelsim::testing {

namespace {

using dram::Command;
using dram::Place;

/// Writes the streams of one device. Banks are opened long before what is tested, unless that is their opening.
class Streams {
public:
    explicit Streams(const dram::Device& device) : d_(device), t_(device.timing), burst_(device.burst_length / 2) {
        settled_ = 4 * t_.trrd_l + t_.tfaw + t_.trcd_rd + t_.trcd_wr + t_.tras;
        due_ = t_.trefi / d_.ranks;
    }

    std::vector<DramStream> all() {
        activates();
        columns(Command::rd);
        columns(Command::wr);
        turnarounds();
        precharges();
        automatic_precharges();
        refreshes();
        return std::move(streams_);
    }

private:
    Place home() const { return {}; }
    Place neighbour() const { return {.bank = 1}; }
    Place other_group() const { return {.group = 1}; }
    Place other_rank() const { return {.rank = 1}; }
    static Command automatic(Command c) { return c == Command::rd ? Command::rda : Command::wra; }
    int latency(Command c) const { return c == Command::rd ? t_.rl : t_.wl; }

    DramStream& add(const std::string& rule, std::vector<dram::Issued> commands) {
        streams_.push_back({rule, std::move(commands)});
        return streams_.back();
    }

    /// Two open banks, `first` to one of them, and `second` so much later to the other.
    void pair(const std::string& rule, const Place& one, const Place& two, Command first, Command second, std::int64_t distance) {
        std::vector<dram::Issued> commands = {{0, Command::act, one}};
        if (!(one == two)) commands.push_back({t_.trrd_l, Command::act, two});
        commands.push_back({settled_, first, one});
        commands.push_back({settled_ + distance, second, two});
        add(distance < 1 ? "command bus" : rule, commands).commands.back().clock = settled_ + std::max<std::int64_t>(1, distance);
    }

    void activates() {
        add("tRC", {{0, Command::act, home()}, {t_.tras, Command::pre, home()}, {t_.tras + t_.trp, Command::act, home()}});
        add("tRRD_L", {{0, Command::act, home()}, {t_.trrd_l, Command::act, neighbour()}});
        if (d_.bank_groups > 1) add("tRRD_S", {{0, Command::act, home()}, {t_.trrd_s, Command::act, other_group()}});
        std::vector<dram::Issued> five;
        for (int i = 0; i < 5; ++i)
            five.push_back({i * t_.trrd_l, Command::act, {.group = i % d_.bank_groups, .bank = i / d_.bank_groups}});
        if (t_.tfaw >= five.back().clock) {
            five.back().clock = t_.tfaw;
            add("tFAW", five);
        }
        add("tRCDRD", {{0, Command::act, home()}, {t_.trcd_rd, Command::rd, home()}});
        add("tRCDWR", {{0, Command::act, home()}, {t_.trcd_wr, Command::wr, home()}});
        add("tRCDRD", {{0, Command::act, home()}, {t_.trcd_rd, Command::rda, home()}});
        add("tRCDWR", {{0, Command::act, home()}, {t_.trcd_wr, Command::wra, home()}});
        add("tRAS", {{0, Command::act, home()}, {t_.tras, Command::pre, home()}});
    }

    void columns(Command c) {
        const std::string within = t_.tccd_l >= burst_ ? "tCCD_L" : "data bus";
        const std::string between = t_.tccd_s >= burst_ ? "tCCD_S" : "data bus";
        pair(within, home(), home(), c, c, std::max(burst_, t_.tccd_l));
        pair(within, home(), neighbour(), c, automatic(c), std::max(burst_, t_.tccd_l));
        if (d_.bank_groups > 1) pair(between, home(), other_group(), automatic(c), c, std::max(burst_, t_.tccd_s));
        if (d_.ranks > 1) pair("tRTRS", home(), other_rank(), c, c, burst_ + t_.trtrs);
    }

    void turnarounds() {
        const int read_to_write = t_.rl + burst_ - t_.wl;
        pair("tRPRE", home(), home(), Command::rd, Command::wr, read_to_write + t_.trpre);
        pair("tRPRE", home(), neighbour(), Command::rda, Command::wra, read_to_write + t_.trpre);
        if (d_.bank_groups > 1) pair("tRPRE", home(), other_group(), Command::rd, Command::wr, read_to_write + t_.trpre);
        if (d_.ranks > 1) pair("tRTRS", home(), other_rank(), Command::rd, Command::wr, read_to_write + t_.trtrs);
        const int write_end = t_.wl + burst_;
        pair("tWTR_L", home(), home(), Command::wr, Command::rd, write_end + t_.twtr_l);
        pair("tWTR_L", home(), neighbour(), Command::wra, Command::rda, write_end + t_.twtr_l);
        if (d_.bank_groups > 1) pair("tWTR_S", home(), other_group(), Command::wr, Command::rd, write_end + t_.twtr_s);
        if (d_.ranks > 1) pair("tRTRS", home(), other_rank(), Command::wr, Command::rd, write_end - t_.rl + t_.trtrs);
    }

    void precharges() {
        pair("tRTP", home(), home(), Command::rd, Command::pre, t_.trtp);
        pair("tWR", home(), home(), Command::wr, Command::pre, t_.wl + burst_ + t_.twr);
        const std::int64_t closed = settled_ + t_.trp;
        add("tRP", {{0, Command::act, home()}, {settled_, Command::pre, home()}, {closed, Command::act, home()}});
        add(t_.tppd > 1 ? "tPPD" : "command bus", {{0, Command::act, home()},
                                                   {t_.trrd_l, Command::act, neighbour()},
                                                   {settled_, Command::pre, home()},
                                                   {settled_ + t_.tppd, Command::pre, neighbour()}});
    }

    void automatic_precharges() {
        for (const Command c : {Command::rd, Command::wr}) {
            const int soon = c == Command::rd ? t_.trcd_rd : t_.trcd_wr;
            const int recovery = c == Command::rd ? t_.trtp : t_.wl + burst_ + t_.twr;
            for (const std::int64_t clock : {std::int64_t{soon}, settled_}) {
                const std::int64_t again = std::max<std::int64_t>(t_.tras, clock + recovery) + t_.trp;
                add("tRP", {{0, Command::act, home()}, {clock, automatic(c), home()}, {again, Command::act, home()}});
            }
            const std::int64_t late = due_ - 1;
            add("tRP",
                {{0, Command::act, home()}, {late, automatic(c), home()}, {late + recovery + t_.trp, Command::ref, home()}});
        }
    }

    /// Rank 0 is due first, at due_.
    void refreshes() {
        add("early refresh", {{due_, Command::ref, home()}});
        add("early refresh", {{0, Command::act, home()}, {due_, Command::prea, home()}});
        add("tRFC", {{due_, Command::ref, home()}, {due_ + t_.trfc, Command::act, home()}});
        add("tRFC", {{due_, Command::ref, home()}, {due_ + t_.trfc, Command::ref, home()}}).alone = false;
        const std::int64_t before = due_ - 1;
        // What a PREA waits for.
        add("tRAS", {{before, Command::act, home()}, {before + t_.tras, Command::prea, home()}});
        add("tRTP", {{0, Command::act, home()}, {before, Command::rd, home()}, {before + t_.trtp, Command::prea, home()}});
        add("tWR", {{0, Command::act, home()},
                    {before, Command::wr, home()},
                    {before + t_.wl + burst_ + t_.twr, Command::prea, home()}});
        if (t_.tppd > 1)
            add("tPPD", {{0, Command::act, home()},
                         {t_.trrd_l, Command::act, neighbour()},
                         {before, Command::pre, home()},
                         {before + t_.tppd, Command::prea, home()}});
        // What a REF waits for.
        add("tRP",
            {{0, Command::act, neighbour()}, {before, Command::pre, neighbour()}, {before + t_.trp, Command::ref, home()}});
        add("tRC", {{before - t_.tras, Command::act, neighbour()},
                    {before, Command::pre, neighbour()},
                    {before + t_.trp, Command::ref, home()}});
        add("tRPab", {{0, Command::act, home()}, {due_, Command::prea, home()}, {due_ + t_.trp_ab, Command::ref, home()}});
        add("tRPab", {{0, Command::act, home()}, {due_, Command::prea, home()}, {due_ + t_.trp_ab, Command::act, neighbour()}})
            .alone = false;
    }

    const dram::Device& d_;
    const dram::Timing& t_;
    const int burst_;
    std::int64_t settled_ = 0;  ///< all banks are open for long
    std::int64_t due_ = 0;      ///< first refresh
    std::vector<DramStream> streams_;
};

}  // namespace

std::vector<DramStream> dram_streams(const dram::Device& device) { return Streams(device).all(); }

}  // namespace accelsim::testing
