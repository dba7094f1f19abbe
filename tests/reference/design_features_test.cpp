// SPDX-License-Identifier: Apache-2.0
// The random designs, held to what they are for: every pair of features together, long enough runs.
#include "tests/reference/design_features.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <vector>

#include "tests/reference/random_parts.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

BOOST_AUTO_TEST_SUITE(random_design_features)

BOOST_AUTO_TEST_CASE(all_pairs_occur) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    FeaturePairs pairs;
    std::vector<std::int64_t> steps;
    for (long seed = first; seed < first + 5000; ++seed) {
        const RandomDesign design = make_random_design(static_cast<std::uint64_t>(seed));
        pairs.add(design);
        steps.push_back(issued_steps(design));
    }
    std::sort(steps.begin(), steps.end());
    std::cout << "5000 designs from ACCELSIM_SEED=" << first << ", median " << steps[2500] << " steps\n";
    BOOST_TEST(steps[2500] > 1000);
    BOOST_TEST(steps.back() <= 20000);
    BOOST_TEST(pairs.rarer_than(20) == "");
    BOOST_TEST(pairs.impossible() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
