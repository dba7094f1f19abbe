// SPDX-License-Identifier: Apache-2.0
// What the original program's optimiser found, and what the search finds in the same space by the same model.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
