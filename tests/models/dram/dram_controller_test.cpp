// SPDX-License-Identifier: Apache-2.0
// models/dram against docs/dram.md taken word by word, on random devices and random traffic.
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "tests/support/dram_devices.hpp"
#include "tests/support/dram_traffic.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

BOOST_AUTO_TEST_SUITE(dram_controller)

BOOST_AUTO_TEST_CASE(same_commands_as_the_literal_controller) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    const long end = first + environment_number("ACCELSIM_DESIGNS", 3000);
    int failures = 0;
    for (long seed = first; seed < end && failures < 3; ++seed) {
        RandomNumbers random(static_cast<std::uint64_t>(seed));
        const dram::Device device = random_dram_device(random);
        const int count = static_cast<int>(random.between(1, 200));
        const std::string difference = compare_dram(device, random_dram_traffic(random, device, count), random);
        if (difference.empty()) continue;
        ++failures;
        BOOST_ERROR("ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1\n" << difference << "\n" << describe(device));
    }
    std::cout << "random DRAM devices from ACCELSIM_SEED=" << first << " to " << end - 1 << '\n';
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
