// SPDX-License-Identifier: Apache-2.0
// Searches on the machine's own rules against all nests that the machine takes, on problems small enough for that.
#include <boost/test/unit_test.hpp>

#include <limits>

#include "models/latency.hpp"
#include "models/search/optimize.hpp"
#include "tests/reference/plain_search.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

namespace {

constexpr int problems = 24;

struct Problem {
    Workload workload;
    Architecture architecture;
    SearchSpace search;
};

Level make_level(const char* name, LevelKind kind) {
    Level level;
    level.name = name;
    level.kind = kind;
    return level;
}

Level make_buffer(const char* name, std::int64_t bytes, double pj, RandomNumbers& random) {
    Level level = make_level(name, LevelKind::buffer);
    level.capacity_bytes = bytes;
    level.depth = static_cast<int>(random.between(1, 2));
    level.energy = {pj, pj, 16};
    return level;
}

/// A few loops, a buffer or two, at most 2 x 3 lanes.
Problem make_problem(std::uint64_t seed) {
    RandomNumbers random(seed);
    Problem problem;
    const std::vector<std::int64_t> sizes = {1, 2, 3, 4};
    if (random.chance(40)) {
        problem.workload = make_gemm(random.one_of(sizes), random.one_of(sizes), random.one_of(sizes));
    } else {
        Conv2dShape shape;
        shape.k = random.one_of(sizes);
        shape.x = random.one_of(sizes);
        shape.fx = random.between(1, 3);
        if (random.chance(50)) shape.stride_x = 2;
        problem.workload = make_conv2d(shape);
    }
    Level dram = make_level("DRAM", LevelKind::dram);
    dram.energy = {200, 200, 16};
    problem.architecture.levels.push_back(dram);
    const bool array = random.chance(70), two = random.chance(40);
    problem.architecture.levels.push_back(make_buffer("Buffer", random.between(12, 60), 6, random));
    if (array) {
        Level lanes = make_level("PEs", LevelKind::array);
        lanes.rows = static_cast<int>(random.between(1, 2));
        lanes.columns = static_cast<int>(random.between(1, 3));
        lanes.hop_pj = 0.25;
        problem.architecture.levels.push_back(lanes);
    }
    if (array || two) problem.architecture.levels.push_back(make_buffer("Registers", random.between(8, 40), 0.5, random));
    problem.architecture.levels.push_back(make_level("MAC", LevelKind::mac));
    problem.architecture.levels.back().mac_pj = 0.075;
    if (array && random.chance(40)) problem.search.min_utilization = 0.75;
    return problem;
}

/// The least value of a cost over all nests; infinite when there is none.
template <class Cost>
double least(const Problem& problem, const Cost& cost) {
    double best = std::numeric_limits<double>::infinity();
    for_each_nest(problem.workload, problem.architecture, problem.search.min_utilization,
                  [&](const Design& design) { best = std::min(best, cost(design)); });
    return best;
}

std::optional<search::Optimum> find(const Problem& problem, ModelKind model, search::Objective objective, int threads) {
    search::Request request;
    request.model = model;
    request.objective = objective;
    request.limits.threads = threads;
    request.limits.seconds = 3000;  // it is proven long before
    try {
        return search::optimize(problem.workload, problem.architecture, problem.search, {}, request);
    } catch (const UserError&) {
        return std::nullopt;
    }
}

/// Searches may begin with mappings that have other factors, such as the default one; those are better, then.
void check_least(const Problem& problem, const search::Optimum& optimum, double value, double best) {
    BOOST_TEST(optimum.proven);
    BOOST_TEST(value <= best * (1 + 1e-12));
    for (std::size_t d = 0; d < problem.workload.dimensions.size(); ++d) {
        std::int64_t lanes = 1, trips = 1;
        for (const Loop& loop : optimum.nest.loops)
            if (loop.dimension == static_cast<int>(d)) (loop.kind == LoopKind::temporal ? trips : lanes) *= loop.bound;
        if (trips != (problem.workload.dimensions[d].bound + lanes - 1) / lanes) return;
    }
    BOOST_TEST(value == best, boost::test_tools::tolerance(1e-12));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(design_search)

BOOST_AUTO_TEST_CASE(nothing_is_better_by_the_exact_counts) {
    int found = 0;
    for (std::uint64_t seed = 1; seed <= problems; ++seed) {
        const Problem problem = make_problem(seed);
        const double best = least(problem, [](const Design& d) { return evaluate_model(ModelKind::exact, d).energy_pj; });
        const auto optimum = find(problem, ModelKind::exact, search::Objective::energy, 1 + static_cast<int>(seed % 2));
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(optimum.has_value() == (best < std::numeric_limits<double>::infinity()));
            if (!optimum) continue;
            ++found;
            check_least(problem, *optimum, optimum->energy_pj, best);
        }
    }
    BOOST_TEST(found >= problems / 2);
}

BOOST_AUTO_TEST_CASE(nothing_is_better_by_latency_or_by_the_product) {
    for (std::uint64_t seed = 101; seed <= 100 + problems / 2; ++seed) {
        const Problem problem = make_problem(seed);
        const double fastest = least(problem, [](const Design& d) { return static_cast<double>(estimate_latency(d)); });
        const double product = least(problem, [](const Design& d) {
            const ModelResult result = evaluate_model(ModelKind::latency, d);
            return result.energy_pj * static_cast<double>(*result.cycles);
        });
        const auto cycles = find(problem, ModelKind::latency, search::Objective::cycles, 1);
        const auto edp = find(problem, ModelKind::latency, search::Objective::edp, 2);
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(cycles.has_value() == (fastest < std::numeric_limits<double>::infinity()));
            if (!cycles) continue;
            check_least(problem, *cycles, static_cast<double>(cycles->cycles), fastest);
            check_least(problem, *edp, edp->energy_pj * static_cast<double>(edp->cycles), product);
        }
    }
}

/// The model prices factors beyond a size in full, a lowered design has them cut: only nests that divide are compared.
BOOST_AUTO_TEST_CASE(no_nest_that_divides_is_better_by_interstellar) {
    int equal = 0;
    for (std::uint64_t seed = 201; seed <= 200 + problems; ++seed) {
        const Problem problem = make_problem(seed);
        const bool lanes_at_mac = problem.architecture.levels.size() < 4;
        const double best = least(problem, [&](const Design& d) {
            std::int64_t lanes = 1;
            for (const std::int64_t i : d.instances) lanes = std::max(lanes, i);
            if (d.steps * lanes != d.workload.macs()) return std::numeric_limits<double>::infinity();
            return evaluate_model(ModelKind::interstellar, d).energy_pj;
        });
        const auto optimum = find(problem, ModelKind::interstellar, search::Objective::energy, 1);
        BOOST_TEST_CONTEXT("seed " << seed << (lanes_at_mac ? ", no array" : "")) {
            if (!(best < std::numeric_limits<double>::infinity())) continue;
            BOOST_REQUIRE(optimum.has_value());
            BOOST_TEST(optimum->energy_pj <= best * (1 + 1e-12));
            const Design design = lower(problem.workload, optimum->architecture, optimum->nest);
            std::int64_t lanes = 1;
            for (const std::int64_t i : design.instances) lanes = std::max(lanes, i);
            if (design.steps * lanes != problem.workload.macs()) continue;
            ++equal;
            BOOST_TEST(optimum->energy_pj == best, boost::test_tools::tolerance(1e-12));
        }
    }
    BOOST_TEST(equal >= problems / 3);
}

BOOST_AUTO_TEST_CASE(the_same_seed_finds_the_same) {
    const Problem problem = make_problem(3);
    const auto first = find(problem, ModelKind::exact, search::Objective::edp, 1);
    const auto second = find(problem, ModelKind::exact, search::Objective::edp, 2);
    BOOST_REQUIRE((first && second));
    BOOST_TEST(first->energy_pj == second->energy_pj);
    BOOST_TEST(first->cycles == second->cycles);
}

BOOST_AUTO_TEST_CASE(hints_are_kept) {
    const Workload workload = make_gemm(4, 6, 8);
    RandomNumbers random(1);
    Architecture architecture = make_problem(2).architecture;
    architecture.levels = {make_level("DRAM", LevelKind::dram), make_buffer("Buffer", 4096, 6, random),
                           make_level("PEs", LevelKind::array), make_buffer("Registers", 256, 0.5, random),
                           make_level("MAC", LevelKind::mac)};
    architecture.levels[0].energy = {200, 200, 16};
    architecture.levels[2].rows = 2;
    architecture.levels[2].columns = 4;
    const int n = 0, k = 1, c = 2;
    SearchSpace space;
    space.hints = {{c, 3, 2, 4, std::nullopt}, {k, 1, 3, std::nullopt, 1}, {n, 1, 2, std::nullopt, 0}};
    for (const ModelKind model : {ModelKind::interstellar, ModelKind::exact}) {
        const auto optimum = find({workload, architecture, space}, model, search::Objective::energy, 1);
        BOOST_REQUIRE(optimum.has_value());
        std::vector<std::pair<int, std::int64_t>> buffer_loops;
        std::int64_t lanes = 1, trips = 1;
        for (const Loop& loop : optimum->nest.loops) {
            if (loop.level == 1) buffer_loops.emplace_back(loop.dimension, loop.bound);
            if (loop.dimension == c && loop.level == 2) lanes = loop.bound;
            if (loop.dimension == c && loop.level == 3) trips = loop.bound;
        }
        BOOST_TEST(lanes == 4);
        BOOST_TEST(trips == 2);
        const auto place = [&](std::pair<int, std::int64_t> loop) {
            return std::find(buffer_loops.begin(), buffer_loops.end(), loop) - buffer_loops.begin();
        };
        BOOST_TEST(place({n, 2}) < static_cast<std::ptrdiff_t>(buffer_loops.size()));
        BOOST_TEST(place({k, 3}) < place({n, 2}));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
