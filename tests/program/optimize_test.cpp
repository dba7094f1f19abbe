// SPDX-License-Identifier: Apache-2.0
// `accelsim optimize`, and plain runs whose mapping is to be searched.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

struct OptimizeScratch : Scratch {
    OptimizeScratch() {
        std::ofstream(file("run.yaml")) << "workload: {type: conv2d, dimensions: {K: 8, C: 4, Y: 6, X: 6, FY: 3, FX: 3}}\n"
                                           "architecture: " +
                                               config("architectures/ck_16x16.yaml") +
                                               "\nenergy: " + config("energy/interstellar_28nm.yaml") + "\nmapping: {auto: {}}\n";
    }

    json optimize(const std::string& more) {
        const Outcome outcome = run(*this, "optimize run.yaml --json o.json " + more);
        BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.out);
        return json::parse(read(file("o.json")));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(optimizing, OptimizeScratch)

BOOST_AUTO_TEST_CASE(the_best_is_written_and_runs) {
    for (const std::string model : {"interstellar", "exact", "latency"}) {
        BOOST_TEST_CONTEXT(model) {
            const json found = optimize("--seconds 1 --seed 3 -j 2 -o best.yaml --model " + model);
            BOOST_TEST(found["best"]["energy_pj"].get<double>() > 0);
            BOOST_TEST(found["best"]["cycles"].get<double>() > 0);
            BOOST_TEST(!found["best"]["mapping"]["nest"].empty());
            BOOST_TEST(found["evaluated"].get<double>() > 0);
            BOOST_TEST((found.contains("pruned") && found.contains("seconds") && found.contains("proven")));
            BOOST_TEST(found["simulated"]["verified"].get<bool>());
            // The exact counts are the simulator's.
            if (model != "interstellar")
                BOOST_TEST(found["simulated"]["difference_percent"]["energy"].get<double>() == 0,
                           boost::test_tools::tolerance(1e-9));
            BOOST_REQUIRE(run(*this, "best.yaml --quiet --json again.json").code == 0);
            const json again = json::parse(read(file("again.json")));
            BOOST_TEST(again["cycles"] == found["simulated"]["cycles"]);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_pipe_gets_no_progress) {
    const Outcome outcome = run(*this, "optimize run.yaml --no-simulation");
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out.find('\r') == std::string::npos);
    BOOST_TEST(outcome.out.find("nothing in the space is better") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_plain_run_searches) {
    BOOST_TEST(run(*this, "run.yaml --quiet --json plain.json").code == 0);
    const json found = optimize("--set mapping.auto.min_utilization=0.75");
    BOOST_TEST(json::parse(read(file("plain.json")))["energy_pj"] == found["simulated"]["energy_pj"]);
    BOOST_TEST(run(*this, "explain run.yaml").code == 0);
}

BOOST_AUTO_TEST_CASE(a_plain_run_keeps_lanes_at_work) {
    const std::string layer = " --set 'workload={type: fc, dimensions: {N: 4, K: 1000, C: 784}}'";
    BOOST_REQUIRE(run(*this, "run.yaml --quiet --json plain.json" + layer).code == 0);
    const json plain = json::parse(read(file("plain.json")));
    const json least = optimize(layer)["simulated"];  // on 13 of the 256 lanes
    BOOST_TEST(plain["cycles"].get<double>() < least["cycles"].get<double>() / 4);
    BOOST_TEST(plain["energy_pj"].get<double>() < least["energy_pj"].get<double>() * 1.02);
    // Three outputs fill no axis by a quarter.
    BOOST_TEST(run(*this, "run.yaml --quiet --set 'workload={type: fc, dimensions: {K: 3}}'").code == 0);
}

BOOST_AUTO_TEST_CASE(the_best_memory_system_is_chosen) {
    const json found = optimize("--no-simulation --memory RegisterFile=32B,512B --memory GlobalBuffer=32KiB,128KiB --dataflows");
    BOOST_REQUIRE(found["memories"].size() == 4U);
    double best = found["memories"][0]["energy_pj"];
    for (const json& row : found["memories"]) best = std::min(best, row["energy_pj"].get<double>());
    BOOST_TEST(found["best"]["energy_pj"].get<double>() == best);
    // Each row is what the run says with this memory alone.
    const json alone = optimize(
        "--no-simulation --set architecture.levels.RegisterFile.capacity=512B --set "
        "architecture.levels.GlobalBuffer.capacity=32KiB");
    BOOST_TEST(found["memories"][2]["capacities"] == json({32768, 512}));
    BOOST_TEST(found["memories"][2]["energy_pj"] == alone["best"]["energy_pj"]);
    BOOST_TEST(found["dataflows"][0]["energy_pj"].get<double>() == best);
    // 256 register files of 512 B hold as much as a buffer of 128 KiB.
    const json apart = optimize("--no-simulation --memory RegisterFile=32B,512B --memory GlobalBuffer=32KiB,128KiB --ratio 4:16");
    BOOST_REQUIRE(apart["memories"].size() == 2U);
    BOOST_TEST(apart["memories"][0]["capacities"] == json({32768, 32}));
    BOOST_TEST(apart["memories"][1]["capacities"] == json({131072, 32}));
}

BOOST_AUTO_TEST_CASE(a_layer_of_a_network_is_searched) {
    const std::string network = config("runs/alexnet_16.yaml");
    const Outcome whole = run(*this, "optimize " + network);
    BOOST_TEST(whole.code == 2);
    BOOST_TEST(whole.out.find("the workload is a network; give --layer NAME") != std::string::npos);
    BOOST_TEST(run(*this, "optimize " + network + " --layer conv3 --seconds 2 --no-simulation").code == 0);
    BOOST_TEST(run(*this, "optimize run.yaml --layer conv3").out ==
               "error: --layer is for networks; the workload of run.yaml is a single layer\n");
}

BOOST_AUTO_TEST_CASE(wrong_options_are_named) {
    const std::pair<const char*, const char*> mistakes[] = {
        {"--model timeloop", "--model: unknown 'timeloop'; known: interstellar, exact, latency"},
        {"--model zigzag", "--model: unknown 'zigzag'; known: interstellar, exact, latency"},
        {"--objective power", "--objective: unknown 'power'; known: energy, cycles, edp"},
        {"--set mapping.auto.half_ful=true",
         "--set mapping.auto.half_ful: unknown key 'half_ful' in 'auto' in the mapping; did you mean 'half_full'?"},
        {"--memory RegisterFile", "--memory RegisterFile: it is written such as RegisterFile=64B,128B,256B"},
        {"--ratio 4", "--ratio 4: it is written such as 4:16"},
        {"--ratio 900:901", "--ratio 900:901: no memory system is within it"},
        {"--seconds soon", "--seconds: 'soon' is not a number of seconds (0 or more); see accelsim optimize --help"}};
    for (const auto& [options, message] : mistakes) {
        const Outcome outcome = run(*this, std::string("optimize run.yaml ") + options);
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.out == "error: " + std::string(message) + "\n");
    }
}

BOOST_AUTO_TEST_CASE(energies_of_all_blockings_are_told) {
    const json found = optimize("--no-simulation --exhaustive --set workload.dimensions.K=32 --set workload.dimensions.C=32");
    std::int64_t mappings = 0;
    double last_pj = 0;
    for (const json& step : found["distribution"]) {
        BOOST_TEST(step["energy_pj"].get<double>() > last_pj);
        last_pj = step["energy_pj"];
        mappings += step["mappings"].get<std::int64_t>();
    }
    BOOST_TEST(mappings == found["evaluated"].get<std::int64_t>());
    const double best_pj = found["best"]["energy_pj"], first_pj = found["distribution"][0]["energy_pj"];
    BOOST_TEST(first_pj <= best_pj);
    BOOST_TEST(first_pj * 1.01 > best_pj * 0.999999);
    BOOST_TEST(!optimize("--no-simulation").contains("distribution"));
}

BOOST_AUTO_TEST_CASE(without_prices_there_is_no_least_energy) {
    std::string text = read(file("run.yaml"));
    const std::string energy = "energy: ";
    const auto at = text.find(energy);
    BOOST_REQUIRE(at != std::string::npos);
    text.erase(at, text.find('\n', at) + 1 - at);
    std::ofstream(file("free.yaml")) << text;
    const Outcome outcome = run(*this, "optimize free.yaml --no-simulation");
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.out.find("no access of this machine has a price") != std::string::npos);
    BOOST_TEST(run(*this, "optimize free.yaml --no-simulation --model latency --objective cycles --seconds 1").code == 0);
    // A plain run looks for the fewest cycles.
    const std::string small = " --set workload.dimensions.Y=1 --set workload.dimensions.X=1 --set workload.dimensions.FY=1";
    BOOST_TEST(run(*this, "explain free.yaml" + small).code == 0);
}

BOOST_AUTO_TEST_CASE(a_model_that_lacks_the_words_says_so) {
    const std::string run_file = config("runs/mobilenet_depthwise.yaml");
    const Outcome outcome = run(*this, "optimize " + run_file + " --seconds 1");
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.out.find("Interstellar's model cannot express this design: its workload is of type depthwise") !=
               std::string::npos);
    BOOST_TEST(run(*this, "optimize " + run_file + " --seconds 1 --model exact --no-simulation").code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
