// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <set>

#include "sim/hardware/result.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

BOOST_AUTO_TEST_SUITE(bottlenecks)

BOOST_AUTO_TEST_CASE(the_largest_stall_that_is_no_end_of_the_run) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        RandomNumbers random(seed);
        SimulationResult result;
        std::set<std::int64_t> used;  // no two alike: then the largest is one
        for (const char* cause : {"startup", "input@RF", "weight@RF", "drain", "output@GB", "input@MAC"}) {
            std::int64_t cycles = random.between(0, 1000);
            while (cycles != 0 && !used.insert(cycles).second) ++cycles;
            result.stalls.push_back({cause, cycles});
        }
        std::string expected;
        for (std::int64_t cycles = 1; cycles <= 2000; ++cycles)
            for (const StallCount& stall : result.stalls)
                if (stall.cycles == cycles && stall.cause != "startup" && stall.cause != "drain") expected = stall.cause;
        BOOST_TEST(bottleneck(result) == expected, "seed " << seed);
    }
    SimulationResult ends;
    ends.stalls = {{"startup", 7}, {"drain", 3}, {"input@RF", 0}};
    BOOST_TEST(bottleneck(ends) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
