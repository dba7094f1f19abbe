// SPDX-License-Identifier: Apache-2.0
// What the original program's optimiser found, and what the search finds in the same space by the same model.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

#include "models/search/optimize.hpp"
#include "sim/program/import/interstellar_files.hpp"
#include "sim/program/import/interstellar_import.hpp"
#include "tests/reference/interstellar_golden.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

double cheapest_of(const json& golden) {
    if (!golden.contains("table")) return golden["best_cost"].get<double>();
    double best = golden["table"][0]["best_cost"].get<double>();
    for (const json& row : golden["table"]) best = std::min(best, row["best_cost"].get<double>());
    return best;
}

RunConfig imported_search(const std::string& name) {
    return import_interstellar(read_interstellar({interstellar_file(name)}), name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interstellar_optimum)

BOOST_DATA_TEST_CASE(it_is_the_programs, boost::unit_test::data::make(interstellar_search_cases()), name) {
    const RunConfig config = imported_search(name);
    const search::Optimum optimum = search::optimize(config.workload, config.architecture, *config.search, config.nest, {});
    BOOST_TEST(optimum.proven);
    BOOST_TEST(optimum.energy_pj == cheapest_of(interstellar_case(name)), boost::test_tools::tolerance(1e-12));
}

/// Its tiles are checked before a factor that does not divide is rounded up: 24 output channels become two trips of 16 lanes.
BOOST_AUTO_TEST_CASE(its_best_mapping_may_not_fit_its_buffer) {
    const RunConfig config = imported_search("b05_alexconv3_b1_tpu");
    const search::Optimum by_its_rules = search::optimize(config.workload, config.architecture, *config.search, config.nest, {});
    BOOST_TEST(!by_its_rules.runs);
    SearchSpace ours = *config.search;
    ours.program_rules = false;
    const search::Optimum by_ours = search::optimize(config.workload, config.architecture, ours, config.nest, {});
    BOOST_TEST(by_ours.runs);
    BOOST_TEST(by_ours.energy_pj > by_its_rules.energy_pj);
    lower(config.workload, by_ours.architecture, by_ours.nest);
}

/// Its table has a dataflow a row: loops per array dimension.
BOOST_AUTO_TEST_CASE(every_dataflow_is_the_programs) {
    const std::map<std::string, std::string> ours = {{"FX", "FX"}, {"FY", "FY"}, {"OX", "X"}, {"OY", "Y"},
                                                     {"OC", "K"},  {"IC", "C"},  {"ON", "N"}};
    int rows = 0;
    for (const std::string& name : interstellar_search_cases()) {
        const json golden = interstellar_case(name);
        if (!golden.contains("table")) continue;
        const RunConfig config = imported_search(name);
        const auto found = search::explore_dataflows(config.workload, config.architecture, *config.search, config.nest, {});
        BOOST_TEST(found.size() == golden["table"].size());
        for (const json& row : golden["table"]) {
            std::string dataflow;
            for (const json& axis : row["dims"]) {
                dataflow += dataflow.empty() ? "" : " | ";
                for (const json& loop : axis) dataflow += ours.at(loop.get<std::string>());
            }
            const auto same = std::find_if(found.begin(), found.end(), [&](const auto& f) { return f.dataflow == dataflow; });
            BOOST_TEST_REQUIRE((same != found.end()), dataflow);
            BOOST_TEST(same->optimum.energy_pj == row["best_cost"].get<double>(), boost::test_tools::tolerance(1e-12));
            BOOST_TEST(same->utilization == row["utilization"].get<double>());
            ++rows;
        }
    }
    BOOST_TEST(rows >= 6);
}

/// A member of a family is the machine with its figures multiplied; the best of the family is the best of all members.
BOOST_AUTO_TEST_CASE(a_family_of_memories_is_searched_point_by_point) {
    const RunConfig config = imported_search("b01_g4c3r_b1_CK");
    const MemoryFamily family{{2, 4}, {2, 1.5}, {3, 2}};
    const std::vector<search::MemoryPoint> points = search::memory_points(config.architecture, family);
    BOOST_REQUIRE(points.size() == 6U);
    for (const search::MemoryPoint& point : points) {
        const Level& l0 = point.architecture.levels[static_cast<std::size_t>(point.architecture.find_level("L0"))];
        const Level& l1 = point.architecture.levels[static_cast<std::size_t>(point.architecture.find_level("L1"))];
        BOOST_TEST(l0.capacity_bytes == 512 << point.index[0]);
        BOOST_TEST(l1.capacity_bytes == 131072 << (2 * point.index[1]));
        BOOST_TEST(l0.energy.read_pj == 0.96 * static_cast<double>(1 << point.index[0]), boost::test_tools::tolerance(1e-12));
        BOOST_TEST(l1.energy.write_pj == (point.index[1] == 0 ? 20.0 : 30.0), boost::test_tools::tolerance(1e-12));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
