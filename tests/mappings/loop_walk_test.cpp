// SPDX-License-Identifier: Apache-2.0
// Counting loop iterations against walking them.
#include <boost/test/unit_test.hpp>

#include "mappings/loop_walk.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

BOOST_AUTO_TEST_SUITE(loop_walk)

BOOST_AUTO_TEST_CASE(steps_are_counted_as_they_are_walked) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    for (long seed = first; seed < first + 300; ++seed) {
        const RandomDesign random = make_random_design(static_cast<std::uint64_t>(seed));
        const Design design = lower(random.workload, random.architecture, random.nest);
        LoopWalk walk(design, temporal_loops_above(design, design.architecture.mac_level()));
        std::int64_t steps = 1;
        while (walk.next()) ++steps;
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed) {
            BOOST_TEST(design.steps == steps);
            std::vector<int> all;
            for (std::size_t l = 0; l < design.loops.size(); ++l) all.push_back(static_cast<int>(l));
            for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d) {
                const int dimension = static_cast<int>(d);
                // All loops, lanes included, cover a dimension exactly once.
                BOOST_TEST(count_dimension_values(design, all, dimension, 0) == design.issued[d]);
                for (std::int64_t base = 0; base < 3; ++base) {
                    BOOST_TEST(count_dimension_values(design, all, dimension, base) ==
                               static_cast<std::int64_t>(dimension_values(design, all, dimension, base).size()));
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_dimension_of_two_billion_costs_nothing_to_lower) {
    Level dram;
    dram.name = "DRAM";
    dram.kind = LevelKind::dram;
    Level mac;
    mac.name = "MAC";
    mac.kind = LevelKind::mac;
    const Workload workload = make_gemm(1, 2'000'000'000, 1);
    Nest nest;
    nest.loops.push_back({workload.find_dimension("K"), 2'000'000'000, 0, LoopKind::temporal, {}});
    BOOST_TEST(lower(workload, {"", 1000, {dram, mac}}, nest).steps == 2'000'000'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
