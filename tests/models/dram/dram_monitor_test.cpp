// SPDX-License-Identifier: Apache-2.0
// The monitor of DRAM commands sees every rule broken at t - 1 and kept at t, for every device.
#include <boost/test/unit_test.hpp>

#include <set>

#include "tests/models/dram/supplied_devices.hpp"
#include "tests/reference/dram_monitor.hpp"
#include "tests/support/dram_streams.hpp"

namespace accelsim::testing {

namespace {

using dram::Command;

/// Those that come with the program, and one whose writes take longer than its reads.
std::vector<dram::Device> devices() {
    std::vector<dram::Device> result = supplied_devices();
    result.push_back(result[0]);
    result.back().name = "slow writes";
    result.back().timing.wl = 31;
    result.back().timing.tppd = 3;
    return result;
}

DramMonitor watch(const dram::Device& device, const std::vector<dram::Issued>& commands) {
    DramMonitor monitor(device);
    for (const dram::Issued& command : commands) monitor.command(command);
    return monitor;
}

std::string text(const DramMonitor& monitor) {
    std::string lines;
    for (const std::string& violation : monitor.violations()) lines += violation + "\n";
    return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dram_monitor)

BOOST_AUTO_TEST_CASE(every_rule_is_broken_one_clock_earlier_and_kept_after) {
    std::set<std::string> seen;
    for (const dram::Device& device : devices()) {
        for (DramStream stream : dram_streams(device)) {
            BOOST_TEST_CONTEXT(device.name << ": " << stream.rule << ", " << dram::name_of(stream.commands.back().command)) {
                const DramMonitor kept = watch(device, stream.commands);
                BOOST_TEST(!kept.broke(stream.rule), text(kept));
                if (stream.alone) BOOST_TEST(kept.violations().empty(), text(kept));
                --stream.commands.back().clock;
                const DramMonitor broken = watch(device, stream.commands);
                BOOST_TEST(broken.broke(stream.rule), text(broken));
                seen.insert(stream.rule);
            }
        }
    }
    for (const char* rule :
         {"command bus", "data bus", "tRC",    "tRRD_L", "tRRD_S", "tFAW", "tRCDRD", "tRCDWR", "tRAS", "tCCD_L", "tCCD_S",
          "tRTRS",       "tRPRE",    "tWTR_L", "tWTR_S", "tRTP",   "tWR",  "tRP",    "tRPab",  "tPPD", "tRFC",   "early refresh"})
        BOOST_TEST(seen.contains(rule), rule);
}

BOOST_AUTO_TEST_CASE(states_of_banks) {
    for (const dram::Device& d : devices()) {
        const std::int64_t later = d.timing.tras + d.timing.trcd_rd;
        const std::int64_t due = d.timing.trefi / d.ranks;
        BOOST_TEST(watch(d, {{5, Command::rd, {}}}).broke("access to a closed bank"));
        BOOST_TEST(watch(d, {{0, Command::act, {}}, {later, Command::wr, {.row = 1}}}).broke("access to another row"));
        BOOST_TEST(watch(d, {{0, Command::act, {}}, {d.timing.trc(), Command::act, {}}}).broke("ACT of an open bank"));
        BOOST_TEST(watch(d, {{5, Command::pre, {}}}).broke("PRE of a closed bank"));
        BOOST_TEST(watch(d, {{due, Command::prea, {}}}).broke("PREA of closed banks"));
        BOOST_TEST(watch(d, {{0, Command::act, {}}, {due, Command::ref, {}}}).broke("REF with open banks"));
        BOOST_TEST(watch(d, {{0, Command::act, {}}, {later, Command::rda, {}}, {due - 1, Command::rd, {}}})
                       .broke("access to a closed bank"));
        BOOST_TEST(watch(d, {{0, Command::act, {.row = d.rows}}}).broke("place"));
        BOOST_TEST(watch(d, {{0, Command::act, {}}, {later, Command::rd, {.column = 1}}}).broke("place"));
    }
}

BOOST_AUTO_TEST_CASE(refresh_in_its_time) {
    for (const dram::Device& d : devices()) {
        const std::int64_t due = d.timing.trefi / d.ranks;
        for (const Command c : {Command::act, Command::rd, Command::wr}) {
            BOOST_TEST(watch(d, {{0, Command::act, {.bank = 1}}, {due, c, {.bank = 1}}}).broke("rank due for refresh"));
            BOOST_TEST(!watch(d, {{0, Command::act, {.bank = 1}}, {due - 1, c, {.bank = 1}}}).broke("rank due for refresh"));
        }
        BOOST_TEST(watch(d, {{due + 1, Command::ref, {}}}).broke("late refresh"));
        BOOST_TEST(watch(d, {{0, Command::act, {}}, {due + 1, Command::prea, {}}}).broke("late refresh"));
        const std::int64_t open = due + d.timing.trp_ab;
        BOOST_TEST(
            watch(d, {{0, Command::act, {}}, {due, Command::prea, {}}, {open + 1, Command::ref, {}}}).broke("late refresh"));
        DramMonitor monitor(d);
        monitor.finish(due + d.timing.trefi - 1);
        BOOST_TEST(!monitor.broke("missing refresh"));
        monitor.finish(due + d.timing.trefi);
        BOOST_TEST(monitor.broke("missing refresh"));
    }
}

BOOST_AUTO_TEST_CASE(refreshes_of_ranks_wait_for_each_other) {
    dram::Device d = devices()[0];
    d.timing.trefi = 12480;
    // Rank 1 is due at 12480, as rank 0 for the second time at 18720: never together here, so that both get their clock at once.
    const DramMonitor monitor =
        watch(d, {{6240, Command::ref, {}}, {12480, Command::ref, {.rank = 1}}, {18720, Command::ref, {}}});
    BOOST_TEST(monitor.violations().empty(), text(monitor));
}

BOOST_AUTO_TEST_CASE(channels_do_not_see_each_other) {
    const dram::Device d = devices()[2];
    const DramMonitor monitor = watch(d, {{0, Command::act, {.channel = 0}}, {0, Command::act, {.channel = 1}}});
    BOOST_TEST(monitor.violations().empty(), text(monitor));
    BOOST_TEST(watch(d, {{0, Command::act, {.bank = 0}}, {0, Command::act, {.group = 1}}}).broke("command bus"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
