// SPDX-License-Identifier: Apache-2.0
// What the JEDEC figures of a device say about bandwidth, latency and energy, and what the controller makes of them.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iostream>
#include <map>

#include "tests/models/dram/supplied_devices.hpp"
#include "tests/reference/dram_ticked.hpp"
#include "tests/support/dram_devices.hpp"
#include "tests/support/dram_traffic.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

/// Clock at which the data of each tag were there, or the write was accepted.
std::map<std::int64_t, std::int64_t> serve(dram::Controller& controller, const std::vector<DramArrival>& traffic) {
    std::vector<dram::Done> done;
    for (const DramArrival& arrival : traffic) controller.push(arrival.clock, arrival.request);
    while (!controller.idle()) controller.advance(controller.next(), done);
    std::map<std::int64_t, std::int64_t> clocks;
    for (const dram::Done& d : done)
        if (d.served) clocks[d.tag] = d.clock;
    return clocks;
}

std::vector<DramArrival> stream(const dram::Device& device, std::int64_t bursts, bool write) {
    std::vector<DramArrival> traffic;
    for (std::int64_t i = 0; i < bursts; ++i) traffic.push_back({0, {i * device.burst_bytes(), write, i}});
    return traffic;
}

/// Clocks from one burst of a stream to the next, with the refreshes of its rank.
double clocks_per_burst(const dram::Device& device, bool same_group, bool write) {
    const dram::Timing& t = device.timing;
    const int burst = device.burst_length / 2;
    const int gap = std::max(burst, same_group ? t.tccd_l : t.tccd_s);
    const int recovery = write ? t.wl + burst + t.twr : t.trtp;
    const double stopped = recovery + t.trp_ab + t.trfc + (write ? t.trcd_wr : t.trcd_rd);
    return gap * t.trefi / (t.trefi - stopped);
}

/// The first address of a bank's row.
std::int64_t address_of_row(const dram::Device& device, std::int64_t row) {
    for (std::int64_t address = 0;; address += device.burst_bytes()) {
        dram::Place wanted;
        wanted.row = row;
        if (literal_place(device, address) == wanted) return address;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dram_formulas)

BOOST_AUTO_TEST_CASE(streams_have_the_bandwidth_of_the_formula) {
    for (dram::Device device : supplied_devices()) {
        device.ranks = 1;  // else a stream would be in one rank while another one is refreshed, or not, by chance
        // All bursts in one bank group, or dealt to all of them. (With a row's bursts together and groups next to it, as in the
        // files, a queue that reaches into the next row does better than tCCD_L.)
        for (const bool same_group : {true, false}) {
            device.mapping = same_group ? "bgrorabachco" : "rorabacochbg";
            for (const bool write : {false, true}) {
                const std::int64_t bursts = 100000 * device.channels;
                dram::Controller controller(device);
                serve(controller, stream(device, bursts, write));
                const dram::Statistics s = controller.statistics();
                const double measured = static_cast<double>(std::max(s.last_read_end, s.last_write_end)) * device.channels /
                                        static_cast<double>(bursts);
                const double formula = clocks_per_burst(device, same_group, write);
                BOOST_TEST_CONTEXT(device.name << ", " << device.mapping << (write ? ", write" : ", read")) {
                    BOOST_TEST(measured == formula, boost::test_tools::tolerance(0.03));
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(latencies_are_those_of_the_formula) {
    for (const dram::Device& device : supplied_devices()) {
        const dram::Timing& t = device.timing;
        const int burst = device.burst_length / 2;
        const std::int64_t hit = 1000, conflict = 2000;  // before the first refresh
        dram::Controller reads(device);
        const auto clocks = serve(reads, {{3, {address_of_row(device, 0), false, 0}},
                                          {hit, {address_of_row(device, 0), false, 1}},
                                          {conflict, {address_of_row(device, 1), false, 2}}});
        BOOST_TEST(clocks.at(0) == 3 + t.trcd_rd + t.rl + burst);
        BOOST_TEST(clocks.at(1) == hit + t.rl + burst);
        BOOST_TEST(clocks.at(2) == conflict + t.trp + t.trcd_rd + t.rl + burst);
        const dram::Statistics s = reads.statistics();
        BOOST_TEST(s.row_misses == 1);
        BOOST_TEST(s.row_hits == 1);
        BOOST_TEST(s.row_conflicts == 1);
        dram::Controller writes(device);
        serve(writes, {{3, {address_of_row(device, 0), true, 0}}, {conflict, {address_of_row(device, 1), true, 1}}});
        BOOST_TEST(writes.statistics().last_write_end == conflict + t.trp + t.trcd_wr + t.wl + burst);
    }
}

BOOST_AUTO_TEST_CASE(energies_by_hand) {
    const std::vector<dram::Device> devices = supplied_devices();
    std::vector<dram::Done> done;
    // DDR4, one read. ACT: 57 x 74 - 52 x 52 - 37 x 22 = 700 mA clocks; RD: (168 - 52) x 4 = 464; 1000 clocks with a bank open in
    // one rank (52) and none in the other (37): 89000. Times 1.2 V x 0.63 ns x 8 devices.
    dram::Controller ddr4(devices[0]);
    ddr4.push(0, {0, false, 0});
    ddr4.advance(999, done);
    BOOST_TEST(ddr4.energy_pj(1000) == (700 + 464 + 89000) * 1.2 * 0.63 * 8, boost::test_tools::tolerance(1e-12));
    // HBM2, one write. ACT: 65 x 48 - 55 x 34 - 40 x 14 = 690; WR: (500 - 55) x 2 = 890; REF: (250 - 55) x 260 = 50700 in each of
    // 8 channels; a bank of one channel is open until its PREA at 3900: 3900 x 55 + 1100 x 40, the others 7 x 5000 x 40.
    // Times 1.2 V x 1 ns x 1 device.
    dram::Controller hbm2(devices[2]);
    hbm2.push(0, {0, true, 0});
    hbm2.advance(4999, done);
    BOOST_TEST(hbm2.energy_pj(5000) == (690 + 890 + 8 * 50700 + 258500 + 1400000) * 1.2, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(addresses_are_cut_bit_by_bit) {
    RandomNumbers random(static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1)));
    std::vector<dram::Device> devices = supplied_devices();
    for (int i = 0; i < 200; ++i) devices.push_back(random_dram_device(random));
    for (const dram::Device& device : devices) {
        const dram::AddressMap map(device);
        for (int i = 0; i < 100; ++i) {
            const std::int64_t address = random.between(0, 3 * device.capacity_bytes());
            BOOST_TEST((map.place(address) == literal_place(device, address)), describe(device) << address);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_mapping_by_hand) {
    // DDR4, rochrababgco: 6 bits within a burst, 7 of the column (in bursts), 2 of the group, 2 of the bank, 1 of the rank, none
    // of the channel, then the row.
    const dram::AddressMap map(supplied_devices()[0]);
    const dram::Place place = map.place((std::int64_t{12345} << 18) | (1 << 17) | (2 << 15) | (3 << 13) | (100 << 6) | 63);
    BOOST_TEST((place == dram::Place{.channel = 0, .rank = 1, .group = 3, .bank = 2, .row = 12345, .column = 800}));
}

BOOST_AUTO_TEST_CASE(nobody_starves_behind_a_hot_row) {
    for (dram::Device device : supplied_devices()) {
        const dram::Timing& t = device.timing;
        const std::int64_t victim = 2000, hot_row = address_of_row(device, 0);
        std::vector<DramArrival> traffic;
        for (std::int64_t i = 0; i < 20000; ++i) traffic.push_back({i, {hot_row, false, i + 1}});
        traffic.insert(traffic.begin() + victim, {victim, {address_of_row(device, 1), false, 0}});
        // It gets into the queue behind what was sent before it; then it waits for those that were in the queue before it and,
        // twice, for the accesses that a row may give, with the opening of three rows and refreshes between them.
        const int gap = std::max(device.burst_length / 2, t.tccd_l);
        const auto wait = [&](int row_hits) {
            device.row_hits = row_hits;
            dram::Controller controller(device);
            const auto clocks = serve(controller, traffic);
            return clocks.at(0) - clocks.at(victim);  // against the hot one sent just before
        };
        const int rows = t.trc() + t.trp + t.trcd_rd + t.trtp;
        BOOST_TEST(wait(32) < (device.read_queue + 2 * 32) * gap + 3 * rows + 2 * (t.trfc + t.trp_ab + t.trcd_rd));
        BOOST_TEST(wait(1000000) > 3 * wait(32));  // without the rule, until a refresh closes the hot row
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dram_supplied_devices)

BOOST_AUTO_TEST_CASE(same_commands_as_the_literal_controller) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    for (long seed = first; seed < first + 12; ++seed) {
        RandomNumbers random(static_cast<std::uint64_t>(seed));
        for (dram::Device device : supplied_devices()) {
            if (random.chance(30)) device.pages = dram::PagePolicy::closed;
            const std::string difference = compare_dram(device, random_dram_traffic(random, device, 2000), random);
            BOOST_TEST(difference.empty(), "ACCELSIM_SEED=" << seed << ", " << device.name << "\n" << difference);
        }
    }
    std::cout << "supplied DRAM devices from ACCELSIM_SEED=" << first << '\n';
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
