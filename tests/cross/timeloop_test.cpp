// SPDX-License-Identifier: Apache-2.0
// Mappings that Timeloop evaluated: simulation and closed form must reproduce its access counts.
#include <boost/test/unit_test.hpp>
#include <boost/test/data/test_case.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

#include "mappings/reference.hpp"
#include "models/exact_counts.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/program/yaml/load_run.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

const char* const cases[] = {"g01_gemm_2l_allfit", "g03_gemm_2l_spill", "g07_gemm_3l_1pe_spill",
                             "g10_gemm_1d_K",      "g13_gemm_2d_MN",    "g19_gemm_4l"};

RunConfig config_of(const std::string& name) {
    return load_run(std::string(ACCELSIM_SOURCE_DIR) + "/configs/timeloop/" + name + ".yaml");
}

nlohmann::json golden_of(const std::string& name) {
    std::ifstream in(std::string(ACCELSIM_SOURCE_DIR) + "/tests/golden/timeloop/" + name + ".json");
    return nlohmann::json::parse(in);
}

std::int64_t integer(const nlohmann::json& value) { return value.get<std::int64_t>(); }

const TensorCounts& find(const Counts& counts, const std::string& level, const std::string& tensor) {
    for (const LevelCounts& l : counts.levels) {
        for (const TensorCounts& t : l.tensors) {
            if (l.name == level && t.tensor == tensor) return t;
        }
    }
    throw std::runtime_error("no counts for " + tensor + " at " + level);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timeloop_golden)

BOOST_DATA_TEST_CASE(access_counts_are_timeloops, boost::unit_test::data::make(cases), name) {
    const RunConfig config = config_of(name);
    const Counts counts = count_exactly(lower(config.workload, config.architecture, config.nest));
    int compared = 0;
    const nlohmann::json golden = golden_of(name);
    for (const auto& level : golden["levels"]) {
        for (const auto& [tensor, expected] : level["data"].items()) {
            const TensorCounts& ours = find(counts, level["name"], tensor);
            BOOST_TEST_CONTEXT(name << ' ' << level["name"] << ' ' << tensor) {
                BOOST_TEST(ours.reads_to_child == integer(expected["reads_total"]));
                BOOST_TEST(ours.writes_from_parent == integer(expected["fills_total"]));
                BOOST_TEST(ours.writes_from_child == integer(expected["updates_total"]));
                BOOST_TEST(ours.tile_words == integer(expected["tile_words"]));
            }
            ++compared;
        }
    }
    BOOST_TEST(compared >= 6);
}

BOOST_DATA_TEST_CASE(simulation_counts_the_same, boost::unit_test::data::make(cases), name) {
    const RunConfig config = config_of(name);
    const std::string difference = run_forked([&] {
        const Design design = lower(config.workload, config.architecture, config.nest);
        const Operands operands = load_operands(config);
        const SimulationResult result = simulate(design, operands, {});
        if (result.output != execute_reference(design.workload, operands)) return std::string("outputs differ");
        return first_difference(lines(result.counts), "simulated", lines(count_exactly(design)), "closed form");
    });
    BOOST_TEST(difference == "");
}

BOOST_DATA_TEST_CASE(busy_cycles_are_timeloops_cycles, boost::unit_test::data::make(cases), name) {
    // Timeloop's cycles (no bandwidth limit in these cases) are the steps; ours add the stalls that it does not see.
    const RunConfig config = config_of(name);
    BOOST_TEST(lower(config.workload, config.architecture, config.nest).steps == integer(golden_of(name)["cycles"]));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
