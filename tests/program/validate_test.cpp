// SPDX-License-Identifier: Apache-2.0
// `accelsim validate`: every difference is there, and its causes add up.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

struct ValidateScratch : Scratch {
    json validate(const std::string& run_file, const std::string& more = "") {
        const Outcome outcome = run(*this, "validate " + run_file + " --json v.json " + more);
        BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.out);
        return json::parse(read(file("v.json")));
    }
};

double causes_of(const json& difference) {
    double sum = 0;
    for (const auto& [cause, amount] : difference["causes"].items()) {
        BOOST_TEST(cause.find("other") == std::string::npos);
        sum += amount.get<double>();
    }
    return sum;
}

/// Cycles and whatever Interstellar counts must be explained to the last one.
void check_causes(const json& validation) {
    for (const json& d : validation["differences"]) {
        const double difference = d["simulated"].get<double>() - d["model_value"].get<double>();
        const bool cycles = d["kind"] == "cycles";
        const bool named = d["model"] == "interstellar" && d["kind"] != "energy_pj" && !cycles;
        if (cycles || named) BOOST_TEST(causes_of(d) == difference, d.dump());
        if (d["kind"] == "energy_pj" && d["model"] == "interstellar")
            BOOST_TEST(std::abs(causes_of(d) - difference) <= 1e-6 * d["simulated"].get<double>(), d.dump());
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(validations, ValidateScratch)

BOOST_AUTO_TEST_CASE(causes_add_up_on_the_supplied_runs) {
    for (const char* name : {"walkthroughs/a_weight_stationary.yaml", "walkthroughs/b_row_stationary.yaml",
                             "walkthroughs/c_output_stationary.yaml", "first_run.yaml", "runs/alexnet_conv3_rs.yaml",
                             "runs/alexnet_conv3_ddr4.yaml", "runs/einsum_matvec.yaml", "runs/mobilenet_depthwise.yaml"}) {
        BOOST_TEST_CONTEXT(name) {
            const json validation = validate(config(name));
            check_causes(validation);
            const json& cycles = validation["simulated"]["cycles"];
            for (const json& d : validation["differences"]) {
                BOOST_TEST((d["model"] != "exact" || d["kind"] == "energy_pj"),
                           d.dump());  // the closed form counts as the simulator does
                if (d["kind"] == "cycles") BOOST_TEST(d["simulated"] == cycles);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(each_mechanism_shows_where_it_costs) {
    const auto causes = [&](const std::string& more) {
        const json validation = validate(config("runs/alexnet_conv3_ddr4.yaml"), "--models latency " + more);
        for (const json& d : validation["differences"])
            if (d["kind"] == "cycles") return d["causes"];
        return json();
    };
    BOOST_TEST(causes("--set architecture.levels.DRAM.outstanding=1")["dram_controller"].get<double>() > 1000);
    BOOST_TEST(causes("--set architecture.levels.GlobalBuffer.width_bits=32")["bandwidth"].get<double>() > 100000);
    BOOST_TEST(causes("--set architecture.levels.GlobalBuffer.banks=2")["bank"].get<double>() > 100000);
    BOOST_TEST(causes("--set architecture.levels.GlobalBuffer.ports=1rw").contains("port"));
}

BOOST_AUTO_TEST_CASE(an_error_beyond_the_limit_is_an_exit_code) {
    const std::string run_file = config("first_run.yaml");
    BOOST_TEST(run(*this, "validate " + run_file + " --models exact --max-error 0").code == 0);
    BOOST_TEST(run(*this, "validate " + run_file + " --models latency --max-error 5").code == 0);
    const Outcome beyond = run(*this, "validate " + run_file + " --models interstellar --max-error 5");
    BOOST_TEST(beyond.code == 1);
    BOOST_TEST(beyond.out.find("is beyond --max-error 5%") != std::string::npos);
    const Outcome unknown = run(*this, "validate " + run_file + " --models zigzag");
    BOOST_TEST(unknown.code == 2);
    BOOST_TEST(unknown.out == "error: --models: unknown model 'zigzag'; known: exact, interstellar, timeloop, latency\n");
}

BOOST_AUTO_TEST_CASE(the_table_of_differences_is_the_same_in_both_files) {
    const json validation = validate(config("first_run.yaml"), "--csv v.csv");
    const std::string csv = read(file("v.csv"));
    BOOST_TEST(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')) == validation["differences"].size() + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
