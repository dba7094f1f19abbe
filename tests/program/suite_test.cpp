// SPDX-License-Identifier: Apache-2.0
// accelsim validate on a suite: statistics that a second reading of its figures gives, too, and the page in docs.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <tuple>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

constexpr const char* marker =
    "<!-- What follows is printed by: accelsim validate configs/validation/suite.yaml --markdown FILE -->\n";

struct SuiteScratch : Scratch {
    void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }
    json json_of(const std::string& name) const { return json::parse(read(file(name))); }
};

/// Errors of each model and group, from the CSV file alone.
std::map<std::pair<std::string, std::string>, std::vector<double>> errors_in(const std::string& csv) {
    std::map<std::pair<std::string, std::string>, std::vector<double>> errors;
    std::stringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::stringstream cells(line);
        std::string run, model, level, tensor, kind, value, simulated;
        for (std::string* cell : {&run, &model, &level, &tensor, &kind, &value, &simulated}) std::getline(cells, *cell, ',');
        const std::string group = kind == "cycles"                         ? "cycles"
                                  : kind == "energy_pj"                    ? "energy"
                                  : level.find(" > ") == std::string::npos ? "counts"
                                                                           : "hops";
        const double m = std::stod(value), s = std::stod(simulated);
        const bool equal = kind == "energy_pj" ? std::abs(m - s) <= 1e-9 * s : m == s;
        errors[{model, group}].push_back(equal ? 0 : s == 0 ? 1 : std::abs(s - m) / s);
    }
    return errors;
}

/// The smallest that so large a share of all is not above.
double at_share(const std::vector<double>& errors, double share) {
    for (std::vector<double> sorted = errors; const double candidate : (std::sort(sorted.begin(), sorted.end()), sorted)) {
        const auto within = std::count_if(errors.begin(), errors.end(), [&](double e) { return e <= candidate; });
        if (static_cast<double>(within) >= share * static_cast<double>(errors.size())) return candidate;
    }
    return -1;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(suites, SuiteScratch)

BOOST_AUTO_TEST_CASE(the_page_in_docs_is_up_to_date) {
    BOOST_REQUIRE_EQUAL(run(*this, "validate validation/suite.yaml --markdown page.md --json s.json --csv s.csv").code, 0);
    const std::string path = std::string(ACCELSIM_SOURCE_DIR) + "/docs/validation.md";
    const std::string page = read(path);
    const std::size_t end = page.find(marker);
    BOOST_REQUIRE(end != std::string::npos);
    const std::string wanted = page.substr(0, end) + marker + "\n" + read(file("page.md"));
    if (std::getenv("ACCELSIM_REGENERATE") != nullptr) {
        std::ofstream(path) << wanted;
    } else {
        BOOST_TEST(page == wanted);
    }
    const auto errors = errors_in(read(file("s.csv")));
    const json suite = json_of("s.json");
    BOOST_TEST(suite["errors"].size() == errors.size());
    for (const json& e : suite["errors"]) {
        const std::vector<double>& own = errors.at({e["model"].get<std::string>(), e["of"].get<std::string>()});
        BOOST_TEST_CONTEXT(e["model"] << ' ' << e["of"]) {
            BOOST_TEST(e["figures"] == own.size());
            BOOST_TEST(e["equal"] == std::count(own.begin(), own.end(), 0.0));
            BOOST_TEST(e["median"].get<double>() == at_share(own, 0.5));
            BOOST_TEST(e["p95"].get<double>() == at_share(own, 0.95));
            BOOST_TEST(e["worst"].get<double>() == at_share(own, 1));
        }
    }
    // Nothing of ours is left unexplained, and cycles close to the cycle.
    for (const json& one : suite["runs"])
        for (const json& d : one["differences"]) {
            double sum = d["model_value"].get<double>() - d["simulated"].get<double>();
            for (const auto& [cause, amount] : d["causes"].items()) {
                sum += amount.get<double>();
                BOOST_TEST((cause != "other" && cause != "unexplained"), d.dump());
            }
            BOOST_TEST(std::abs(sum) <= (d["kind"] == "energy_pj" ? 1e-6 * d["simulated"].get<double>() : 0), d.dump());
        }
}

BOOST_AUTO_TEST_CASE(a_run_that_fails_leaves_the_others) {
    write("suite.yaml",
          "suite:\n  runs:\n    - walkthroughs/a_weight_stationary.yaml\n"
          "    - {name: broken, run: walkthroughs/a_weight_stationary.yaml, set: {architecture.levels.GB.capacity: 1 B}}\n"
          "  models: [exact]\n");
    const Outcome outcome = run(*this, "validate suite.yaml --json s.json");
    BOOST_TEST(outcome.code == 2);
    const json suite = json_of("s.json");
    BOOST_TEST(suite["runs"][0]["cycles"].get<int>() > 0);
    BOOST_TEST(suite["runs"][1]["failure"].get<std::string>().find("level 'GB'") != std::string::npos);
    BOOST_TEST(suite["errors"].size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_error_beyond_the_limit_is_an_exit_code) {
    write("suite.yaml", "suite:\n  runs: [first_run.yaml, runs/alexnet_conv3_os.yaml]\n  models: [latency]\n");
    BOOST_TEST(run(*this, "validate suite.yaml --max-error 1").code == 0);
    BOOST_TEST(run(*this, "validate suite.yaml --max-error 0.001").code == 1);
}

BOOST_AUTO_TEST_CASE(mistakes_have_a_place_and_a_way_out) {
    const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
        {"suite: {runs: []}", "", "suite.yaml:1:15: 'runs' in 'suite' is empty, there is nothing to validate"},
        {"suite: {runs: [first_run.yaml], model: [exact]}", "",
         "suite.yaml:1:33: unknown key 'model' in 'suite'; did you mean 'models'?"},
        {"suite: {runs: [first_run.yaml], models: [maestro]}", "",
         "suite.yaml:1:42: unknown model 'maestro' in 'models' in 'suite'; known: exact, interstellar, timeloop, latency"},
        {"suite: {runs: [first_run.yaml, {run: first_run.yaml}]}", "",
         "suite.yaml:1:32: two runs of 'suite' are called 'first_run'; give one another 'name'"},
        {"suite: {runs: [{name: a}]}", "", "suite.yaml:1:16: a run of 'suite' needs the key 'run'"},
        {"suite: {runs: [first_run.yaml]}", " --set data.seed=2", "--set is for a single run; write it into the suite's file"},
        {"suite: {runs: [first_run.yaml]}", " --model m.json", "--model is for a single run; write it into the suite's file"}};
    for (const auto& [text, options, message] : cases) {
        write("suite.yaml", text + "\n");
        const Outcome outcome = run(*this, "validate suite.yaml" + options);
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.out == "error: " + message + "\n");
    }
    BOOST_TEST(run(*this, "validate first_run.yaml --markdown m.md").out ==
               "error: --markdown is for a suite; a single run has --json and --csv\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
