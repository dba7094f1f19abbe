// SPDX-License-Identifier: Apache-2.0
// Random designs with random detailed DRAMs.
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "tests/reference/random_design.hpp"
#include "tests/support/compare_all.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

BOOST_AUTO_TEST_SUITE(random_dram_designs)

BOOST_AUTO_TEST_CASE(all_views_agree) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    const long end = first + environment_number("ACCELSIM_DESIGNS", 600);
    long failures = 0, designs = 0;
    for (long seed = first; seed < end && failures < 5; ++seed) {
        const auto random = make_random_dram_design(static_cast<std::uint64_t>(seed));
        if (!random) continue;
        ++designs;
        const std::string difference = run_forked([&] { return compare_all(*random, static_cast<std::uint64_t>(seed)); });
        if (difference.empty()) continue;
        ++failures;
        BOOST_ERROR("ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1\n" << difference << "\n" << describe(*random));
    }
    std::cout << designs << " random designs with a DRAM from ACCELSIM_SEED=" << first << '\n';
    BOOST_TEST(designs * 10 >= (end - first) * 7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
