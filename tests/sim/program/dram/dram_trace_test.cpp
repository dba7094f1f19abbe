// SPDX-License-Identifier: Apache-2.0
// A DRAM alone on a trace, against the literal controller that is fed clock by clock.
#include <boost/test/unit_test.hpp>

#include "sim/program/dram/dram_command.hpp"
#include "tests/reference/dram_ticked.hpp"
#include "tests/sim/program/scratch.hpp"
#include "tests/support/dram_devices.hpp"
#include "tests/support/dram_traffic.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

struct Fed {
    std::vector<dram::Issued> commands;
    std::int64_t latency = 0;
    std::int64_t end = 0;
};

Fed feed_clock_by_clock(const dram::Device& device, const std::vector<TraceRequest>& requests) {
    DramTicked controller(device);
    std::vector<int> held(static_cast<std::size_t>(device.channels));
    std::vector<std::int64_t> came(requests.size());
    const auto channel = [&](std::size_t r) {
        return static_cast<std::size_t>(literal_place(device, requests[r].address).channel);
    };
    std::size_t next = 0;
    Fed fed;
    for (std::int64_t clock = 0; next < requests.size() || !controller.idle(); ++clock) {
        while (next < requests.size() && requests[next].cycle <= clock &&
               held[channel(next)] < device.read_queue + device.write_queue) {
            ++held[channel(next)];
            came[next] = clock;
            controller.push(clock, {requests[next].address, requests[next].write, static_cast<std::int64_t>(next)});
            ++next;
        }
        std::vector<dram::Done> done;
        controller.advance(clock, done);
        for (const dram::Done& d : done) {
            if (!d.served) continue;
            const auto request = static_cast<std::size_t>(d.tag);
            --held[channel(request)];
            if (!requests[request].write) fed.latency += d.clock - came[request];
        }
    }
    const dram::Statistics s = controller.statistics();
    fed.end = std::max(s.last_read_end, s.last_write_end);
    std::vector<dram::Done> none;
    controller.advance(fed.end - 1, none);
    fed.commands = controller.commands();
    return fed;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dram_traces)

BOOST_AUTO_TEST_CASE(a_trace_is_fed_as_its_rules_say) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    for (long seed = first; seed < first + 300; ++seed) {
        RandomNumbers random(static_cast<std::uint64_t>(seed));
        const dram::Device device = random_dram_device(random);
        std::vector<TraceRequest> requests;
        for (const DramArrival& a : random_dram_traffic(random, device, static_cast<int>(random.between(1, 200))))
            requests.push_back({a.clock, a.request.address, a.request.write});
        std::vector<dram::Issued> commands;
        const DramTraceResult result =
            run_dram_trace(device, requests, [&](const dram::Issued& issued) { commands.push_back(issued); });
        Fed fed = feed_clock_by_clock(device, requests);
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed) {
            BOOST_TEST(result.clocks == fed.end);
            BOOST_TEST(result.read_latency == fed.latency);
            BOOST_TEST((dram_commands_text(commands) == dram_commands_text(fed.commands)));
        }
    }
}

BOOST_AUTO_TEST_CASE(traces_are_read) {
    const ScratchFolder scratch;
    const std::string file = scratch.write("t.trace", "# comment\n\n0x1A40 READ 3\r\n\t64  WRITE 3 # another\n0Xff READ 70");
    const std::vector<TraceRequest> requests = read_dram_trace(file);
    BOOST_REQUIRE(requests.size() == 3U);
    BOOST_TEST(requests[0].address == 0x1a40);
    BOOST_TEST(!requests[0].write);
    BOOST_TEST(requests[0].cycle == 3);
    BOOST_TEST(requests[1].address == 64);
    BOOST_TEST(requests[1].write);
    BOOST_TEST(requests[2].address == 255);
    BOOST_TEST(requests[2].cycle == 70);
}

BOOST_AUTO_TEST_CASE(commands_are_written_in_order) {
    const dram::Place place{.channel = 1, .rank = 2, .group = 3, .bank = 4, .row = 5, .column = 6};
    dram::Place first = place;
    first.channel = 0;
    std::vector<dram::Issued> commands;
    for (const dram::Command c :
         {dram::Command::act, dram::Command::rd, dram::Command::wra, dram::Command::pre, dram::Command::prea, dram::Command::ref})
        commands.push_back({static_cast<std::int64_t>(commands.size()), c, place});
    commands.push_back({2, dram::Command::act, first});
    BOOST_TEST(dram_commands_text(commands) ==
               "# cycle channel rank bank_group bank row column command\n"
               "0 1 2 3 4 5 -1 ACT\n"
               "1 1 2 3 4 5 6 RD\n"
               "2 0 2 3 4 5 -1 ACT\n"
               "2 1 2 3 4 5 6 WRA\n"
               "3 1 2 3 4 -1 -1 PRE\n"
               "4 1 2 -1 -1 -1 -1 PREA\n"
               "5 1 2 -1 -1 -1 -1 REF\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
