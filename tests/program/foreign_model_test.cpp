// SPDX-License-Identifier: Apache-2.0
// Figures of other models beside the simulation: files of theirs are read as they were written, and mistakes in them are told.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <utility>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

constexpr const char* small_run = "walkthroughs/a_weight_stationary.yaml";

struct ForeignScratch : Scratch {
    void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }
    json validate(const std::string& arguments) const {
        const Outcome outcome = run(*this, "validate " + arguments + " --json v.json");
        BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.out);
        return json::parse(read(file("v.json")));
    }
};

/// A line per count of a model in our JSON.
std::string csv_of(const json& model) {
    std::string text = "level,tensor,kind,value\n";
    for (const json& level : model["levels"])
        for (const auto& [tensor, sides] : level["tensors"].items())
            for (const auto& [side, figures] : sides.items())
                for (const auto& [kind, value] : figures.items())
                    text += level["name"].get<std::string>() + "," + tensor + "," + side + "." + kind + "," + value.dump() + "\n";
    for (const json& network : model["networks"])
        for (const auto& [tensor, figures] : network["tensors"].items())
            for (const auto& [kind, value] : figures.items())
                text += network["from"].get<std::string>() + " > " + network["to"].get<std::string>() + "," + tensor + "," +
                        kind + "," + value.dump() + "\n";
    return text + ",,energy_pj," + model["energy_pj"].dump() + "\n";
}

std::vector<json> differences_of(const json& validation, const std::string& model) {
    std::vector<json> found;
    for (const json& d : validation["differences"])
        if (d["model"] == model) found.push_back(d);
    return found;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(foreign_models, ForeignScratch)

BOOST_AUTO_TEST_CASE(our_own_figures_come_back_without_a_difference) {
    for (const char* name : {small_run, "first_run.yaml"}) {
        const json exact = validate(std::string(name) + " --models exact")["models"]["exact"];
        write("mine.json", exact.dump());
        write("other.csv", csv_of(exact));
        const json again = validate(std::string(name) + " --models exact --model mine.json --model other.csv");
        for (const char* model : {"mine", "other"}) {
            BOOST_TEST(differences_of(again, model).empty());
            BOOST_TEST(again["models"][model]["energy_pj"] == exact["energy_pj"]);
        }
        BOOST_TEST(csv_of(again["models"]["mine"]) == csv_of(exact));
        BOOST_TEST(csv_of(again["models"]["other"]) == csv_of(exact));
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_figure_is_one_difference_without_a_known_cause) {
    json exact = validate(std::string(small_run) + " --models exact")["models"]["exact"];
    json& reads = exact["levels"][1]["tensors"]["input"]["reads"]["to_child"];
    const auto right = reads.get<std::int64_t>();
    reads = right + 3;
    exact["cycles"] = 1;
    write("mine.json", exact.dump());
    const json again = validate(std::string(small_run) + " --models exact --model mine.json");
    const std::vector<json> differences = differences_of(again, "mine");
    BOOST_REQUIRE_EQUAL(differences.size(), 2U);
    BOOST_TEST(differences[0]["level"] == "GB");
    BOOST_TEST(differences[0]["causes"] == json({{"unexplained", -3}}));
    BOOST_TEST(differences[1]["kind"] == "cycles");
    BOOST_TEST(run(*this, std::string("validate ") + small_run + " --models exact --model mine.json --max-error 50").code == 1);
}

/// What Timeloop printed is what our model of its rules says, cycles and energy, too.
BOOST_AUTO_TEST_CASE(timeloops_own_statistics_are_those_of_its_rules) {
    for (const char* name : {"g13_gemm_2d_MN", "c04_conv_s2", "w01_bw_dram_read", "i01_residual_temporal"}) {
        const std::string golden = std::string(ACCELSIM_SOURCE_DIR) + "/tests/golden/timeloop/" + name + "/";
        BOOST_TEST_CONTEXT(name) {
            BOOST_REQUIRE_EQUAL(run(*this, "import timeloop " + golden + "arch.yaml " + golden + "prob.yaml " + golden +
                                               "map.yaml " + golden + "ERT.yaml -o t.yaml")
                                    .code,
                                0);
            const json validation = validate("t.yaml --timeloop-stats " + golden + "timeloop-model.stats.txt");
            const json& printed = validation["models"]["timeloop_stats"];
            const json& rules = validation["models"]["timeloop"];
            BOOST_TEST(printed["cycles"] == rules["cycles"]);
            BOOST_TEST(printed["energy_pj"].get<double>() == rules["energy_pj"].get<double>(),
                       boost::test_tools::tolerance(1e-4));
            std::size_t figures = 0;
            for (std::size_t l = 0; l < printed["levels"].size(); ++l)
                for (const auto& [tensor, sides] : printed["levels"][l]["tensors"].items())
                    for (const auto& [side, kinds] : sides.items())
                        for (const auto& [kind, value] : kinds.items()) {
                            BOOST_TEST(value == rules["levels"][l]["tensors"][tensor][side][kind]);
                            ++figures;
                        }
            BOOST_TEST(figures >= 18U);
        }
    }
}

BOOST_AUTO_TEST_CASE(mistakes_have_a_place_and_a_way_out) {
    const std::string head = "level,tensor,kind,value\n";
    const std::vector<std::pair<std::string, std::string>> csv = {
        {"", "m.csv:1:1: the file is empty; its first line must be level,tensor,kind,value"},
        {"GB,input,reads.to_child,1\n", "m.csv:1:1: the first line must be level,tensor,kind,value"},
        {head + "GB,input,1\n", "m.csv:2:1: a line must have the four columns level,tensor,kind,value, not 3"},
        {head + "Gb,input,reads.to_child,1\n", "m.csv:2:1: unknown level 'Gb' in the design; did you mean 'GB'?"},
        {head + "GB,inputs,reads.to_child,1\n", "m.csv:2:1: unknown tensor 'inputs' in level 'GB'; did you mean 'input'?"},
        {head + "GB,input,reads,1\n", "m.csv:2:1: unknown kind 'reads' in level 'GB'; did you mean 'reads.to_child'?"},
        {head + "GB,input,reads.to_child,1.5\n",
         "m.csv:2:1: 'reads.to_child' of 'input' at 'GB' must be an integer in decimal digits, not '1.5'"},
        {head + "GB,input,reads.to_child,1\nGB,input,reads.to_child,2\n",
         "m.csv:3:1: 'reads.to_child' of 'input' at 'GB' is given twice"}};
    for (const auto& [text, message] : csv) {
        write("m.csv", text);
        const Outcome outcome = run(*this, std::string("validate ") + small_run + " --model m.csv");
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.out == "error: " + message + "\n");
    }
    const std::vector<std::pair<std::string, std::string>> other = {
        {"{\"cycle\": 3}", "m.json:1:2: unknown key 'cycle' in the model's file; did you mean 'cycles'?"},
        {"{\"levels\": [{\"tensors\": {}}]}", "m.json:1:13: a level needs the key 'name'"},
        {"{\"name\": \"exact\"}", "two models are called 'exact'; give the one from a file another 'name'"}};
    for (const auto& [text, message] : other) {
        write("m.json", text);
        BOOST_TEST(run(*this, std::string("validate ") + small_run + " --model m.json").out == "error: " + message + "\n");
    }
    write("stats.txt", "nothing\n");
    BOOST_TEST(run(*this, std::string("validate ") + small_run + " --timeloop-stats stats.txt").out ==
               "error: stats.txt:1:1: no level (=== NAME ===) in the file; is it Timeloop's stats.txt?\n");
    write("stats.txt", "=== L9 ===\n");
    BOOST_TEST(run(*this, std::string("validate ") + small_run + " --timeloop-stats stats.txt").out ==
               "error: stats.txt:1:1: level 'L9' of the statistics is none of the design's: DRAM, GB, RF\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
