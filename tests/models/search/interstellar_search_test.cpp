// SPDX-License-Identifier: Apache-2.0
// The search by Interstellar's model against one that tries everything, and its costs against the model.
#include <boost/test/unit_test.hpp>

#include <random>

#include "models/search/plan.hpp"
#include "models/search/search.hpp"
#include "tests/reference/plain_search.hpp"

namespace accelsim::testing {

namespace {

using namespace interstellar;
using search::Space;

class RandomSpace {
public:
    explicit RandomSpace(std::uint32_t seed) : random_(seed) {}

    Space make() {
        Space space;
        space.rules = search::Rules::program;
        for (std::int64_t& size : space.layer.sizes) size = pick({1, 1, 1, 2, 3, 4});
        space.layer.sizes[static_cast<std::size_t>(roll(6))] = pick({4, 6});
        space.layer.stride_x = pick({1, 1, 2});
        space.layer.stride_y = pick({1, 1, 2});
        space.machine.mac_holds_operands = roll(3) == 0;
        space.half_full = roll(3) == 0;
        space.machine.refuses_underutilized = space.half_full;
        space.replication = roll(3) != 0;
        space.min_utilization = static_cast<double>(pick({0, 0, 50, 75, 100})) / 100;
        const int levels = 2 + roll(1);
        const int arrays_at = roll(levels - 1);
        for (int l = 0; l < levels; ++l) add_level(space, l, l == arrays_at && roll(3) != 0, l + 1 == levels);
        if (roll(1) == 0) add_hints(space, static_cast<std::size_t>(arrays_at));
        return space;
    }

private:
    int roll(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }
    std::int64_t pick(const std::vector<int>& of) { return of[static_cast<std::size_t>(roll(static_cast<int>(of.size()) - 1))]; }

    void add_level(Space& space, int l, bool array, bool last) {
        MemoryLevel level;
        level.capacities = {last ? 1 << 20 : pick({6, 10, 16, 30}) * (l + 1) * (l + 1)};
        level.access_costs = {static_cast<double>(pick({1, 3, 7})) * (last ? 50 : l + 0.25)};
        std::array<std::int64_t, 2> axes{1, 1};
        if (array && !last) {
            level.array_dimensions = roll(2) == 0 ? 1 : 2;
            level.parallel_count = level.array_dimensions == 1 ? pick({2, 3, 4}) : pick({4, 9, 16});
            level.parallel_mode = roll(2);
            level.parallel_cost = 0.5 * roll(3);
            const std::int64_t width =
                level.array_dimensions == 1 ? level.parallel_count : level.parallel_count / pick_root(level);
            axes = {width, level.array_dimensions == 1 ? 1 : width};
        }
        space.machine.levels.push_back(level);
        space.axes.push_back(axes);
        space.hints.emplace_back();
        if (!last) space.rooms.emplace_back();
    }

    static std::int64_t pick_root(const MemoryLevel& level) {
        std::int64_t root = 1;
        while (root * root < level.parallel_count) ++root;
        return root;
    }

    void add_hints(Space& space, std::size_t level) {
        const MemoryLevel& memory = space.machine.levels[level];
        std::int64_t room = memory.parallel_count;
        for (int i = 0; i < 1 + roll(1); ++i) {
            search::LoopHint& hint = space.hints[level][static_cast<std::size_t>(roll(6))];
            hint.unroll = std::min<std::int64_t>(room, pick({1, 2, 3}));
            room /= *hint.unroll;
            if (roll(2) == 0) hint.trips = pick({1, 2, 3});
            hint.order = roll(3);
        }
        if (roll(1) == 0) space.replicate = {static_cast<LoopName>(roll(2)), static_cast<LoopName>(3 + roll(3))};
    }

    std::mt19937 random_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(interstellar_search)

BOOST_AUTO_TEST_CASE(nothing_is_cheaper_than_what_is_found) {
    int found = 0, refused = 0;
    for (std::uint32_t seed = 1; seed <= 300; ++seed) {
        const Space space = RandomSpace(seed).make();
        const std::optional<PlainBest> all = search_as_interstellar(space);
        search::Limits limits;
        limits.threads = 1 + static_cast<int>(seed % 2);
        const search::Found best = search::find_cheapest(space, limits);
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(best.proven);
            if (!all) {
                ++refused;
                continue;
            }
            ++found;
            BOOST_REQUIRE(best.mapping.has_value());
            BOOST_TEST(best.energy_pj <= all->energy_pj * (1 + 1e-11));
            // Where the program leaves no lane unused the search may; everywhere else the two spaces are the same.
            const bool may_leave_lanes = space.min_utilization == 0 && !space.has_hints();
            if (!may_leave_lanes) BOOST_TEST(best.energy_pj >= all->energy_pj * (1 - 1e-11));
            BOOST_TEST(best.energy_pj == evaluate(space.layer, space.machine, *best.mapping).total_energy_pj);
        }
    }
    BOOST_TEST_MESSAGE(found << " found, " << refused << " without a mapping");
    BOOST_TEST(found >= 150);
}

BOOST_AUTO_TEST_CASE(bounds_leave_out_nothing_that_counts) {
    std::int64_t with = 0, without = 0;
    for (std::uint32_t seed = 1; seed <= 100; ++seed) {
        const Space space = RandomSpace(seed).make();
        search::Limits limits;
        const search::Found pruned = search::find_cheapest(space, limits);
        limits.bounds = false;
        const search::Found all = search::find_cheapest(space, limits);
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(pruned.energy_pj == all.energy_pj, boost::test_tools::tolerance(1e-11));
            BOOST_TEST(all.pruned == 0);
        }
        with += pruned.evaluated;
        without += all.evaluated;
    }
    BOOST_TEST(with < without);
}

BOOST_AUTO_TEST_CASE(the_cheapest_few_are_kept_in_order) {
    constexpr std::size_t keep = 5;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        const Space space = RandomSpace(seed).make();
        std::vector<std::vector<double>> energies;
        for (const bool bounds : {true, false}) {
            search::Limits limits;
            limits.keep = keep;
            limits.bounds = bounds;
            const search::Found found = search::find_cheapest(space, limits);
            energies.emplace_back();
            if (found.mapping) energies.back().push_back(found.energy_pj);
            for (const search::Mapping& next : found.next)
                energies.back().push_back(evaluate(space.layer, space.machine, next).total_energy_pj);
        }
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(energies[0].size() == energies[1].size());
            BOOST_TEST(std::is_sorted(energies[0].begin(), energies[0].end()));
            for (std::size_t i = 0; i < std::min(energies[0].size(), energies[1].size()); ++i)
                BOOST_TEST(energies[0][i] == energies[1][i], boost::test_tools::tolerance(1e-11));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_mapping_costs_what_the_model_says) {
    std::int64_t checked = 0;
    for (std::uint32_t seed = 1; seed <= 300; ++seed) {
        const Space space = RandomSpace(seed).make();
        search::Limits limits;
        limits.bounds = false;
        // Every mapping that is better than all before it is compared; refused ones leave the next to be compared, too.
        std::vector<search::Mapping> seen;
        search::find_cheapest(space, limits, [&](const search::Mapping& mapping) {
            seen.push_back(mapping);
            return false;
        });
        for (const search::Mapping& mapping : seen) {
            double total_pj = 0;
            search::Unrolling unrolling;
            for (const LevelMapping& level : mapping) unrolling.push_back({level.partitioning, {}, level.array_loops});
            search::PerLoop own{1, 1, 1, 1, 1, 1, 1};
            std::vector<search::PerLoop> outside(mapping.size() + 1, own);
            for (std::size_t l = mapping.size(); l-- > 0;)
                for (std::size_t x = 0; x < loop_count; ++x) outside[l][x] = outside[l + 1][x] * mapping[l].blocking[x];
            for (std::size_t l = 0; l < mapping.size(); ++l) {
                std::array<search::LoopSet, tensor_count> stays{};
                for (std::size_t t = 0; t < tensor_count; ++t) {
                    int first = absent;
                    for (int x = 0; x < static_cast<int>(loop_count); ++x)
                        if (is_relevant(static_cast<TensorName>(t), x))
                            first = std::min(first, mapping[l].order[static_cast<std::size_t>(x)]);
                    for (int x = 0; x < static_cast<int>(loop_count); ++x)
                        if (mapping[l].order[static_cast<std::size_t>(x)] < first) stays[t] |= search::bit(x);
                }
                const search::LevelEnergy energy =
                    search::LevelCost(space, unrolling, l).energy(outside[l], outside[l + 1], stays);
                if (energy.array_pj != 0) total_pj += energy.array_pj;
                total_pj += energy.memory_pj;
            }
            BOOST_TEST_CONTEXT("seed " << seed) {
                BOOST_TEST(total_pj == evaluate(space.layer, space.machine, mapping).total_energy_pj);
            }
            ++checked;
        }
    }
    BOOST_TEST_MESSAGE(checked << " mappings");
    BOOST_TEST(checked >= 10000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
