// SPDX-License-Identifier: Apache-2.0
// Random designs over all features together: every view of them agrees. Two suites, so that two cores can share them;
// tests/reference/design_features_test.cpp holds that these designs have every pair of features.
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "tests/reference/random_design.hpp"
#include "tests/support/compare_all.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

/// Every second seed, from `first` on.
void compare_every_other(long first, long end) {
    long failures = 0;
    for (long seed = first; seed < end && failures < 5; seed += 2) {
        const RandomDesign random = make_random_design(static_cast<std::uint64_t>(seed));
        const std::string difference = run_forked([&] { return compare_all(random, static_cast<std::uint64_t>(seed)); });
        if (difference.empty()) continue;
        ++failures;
        BOOST_ERROR("ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1\n" << difference << "\n" << describe(random));
    }
    std::cout << "random designs from ACCELSIM_SEED=" << first << " to " << end - 1 << ", every other\n";
}

const long first_seed = environment_number("ACCELSIM_SEED", 1);
const long end_seed = first_seed + environment_number("ACCELSIM_DESIGNS", 5000);

}  // namespace

BOOST_AUTO_TEST_SUITE(random_designs)
BOOST_AUTO_TEST_CASE(all_views_agree) { compare_every_other(first_seed, end_seed); }
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(more_random_designs)
BOOST_AUTO_TEST_CASE(all_views_agree) { compare_every_other(first_seed + 1, end_seed); }
BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
