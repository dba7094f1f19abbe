// SPDX-License-Identifier: Apache-2.0
#include "models/tile_times.hpp"

#include <boost/test/unit_test.hpp>

#include "models/exact_counts.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

/// Steps through all iterations of the loops above, as if none were cut, and counts those that begin another tile.
std::int64_t literal_visits(const Design& design, const Boundary& boundary) {
    std::vector<std::int64_t> at(boundary.above.size(), 0);
    std::vector<std::int64_t> tile, before;
    std::int64_t tiles = 0;
    for (std::size_t turned = 0; turned < at.size() + 1;) {
        tile.clear();
        for (const Axis& axis : design.tensor(boundary.tensor).axes) {
            std::int64_t begin = 0;
            for (const Term& term : axis.terms)
                for (std::size_t i = 0; i < at.size(); ++i) {
                    const LoweredLoop& loop = design.loops[static_cast<std::size_t>(boundary.above[i])];
                    if (loop.dimension == term.dimension) begin += term.coefficient * loop.stride * at[i];
                }
            tile.push_back(begin);
        }
        if (boundary.stream || tiles == 0 || tile != before) ++tiles;
        before = tile;
        for (turned = 1; turned <= at.size(); ++turned) {  // innermost first
            const std::size_t i = at.size() - turned;
            if (++at[i] < design.loops[static_cast<std::size_t>(boundary.above[i])].bound) break;
            at[i] = 0;
        }
    }
    return tiles;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tile_times)

BOOST_AUTO_TEST_CASE(tiles_of_random_designs_are_visited_as_often_as_the_nest_says) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    int reused = 0;
    for (std::uint64_t seed = first; seed < first + 200; ++seed) {
        const RandomDesign any = make_random_design(seed);
        const Design design = lower(any.workload, any.architecture, any.nest);
        const Counts counts = count_exactly(design);
        const TileTiming timing(design, counts);
        for (const Boundary& boundary : design.boundaries) {
            const std::int64_t visits = literal_visits(design, boundary);
            BOOST_TEST(timing.visits(boundary) == static_cast<double>(visits),
                       "ACCELSIM_SEED=" << seed << ": " << timing.visits(boundary) << " instead of " << visits << " tiles of "
                                        << design.tensor(boundary.tensor).name << " below level " << boundary.parent);
            double all = 1;
            for (const int l : boundary.above) all *= static_cast<double>(design.loops[static_cast<std::size_t>(l)].bound);
            reused += static_cast<double>(visits) < all ? 1 : 0;
        }
    }
    BOOST_TEST(reused > 100);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
