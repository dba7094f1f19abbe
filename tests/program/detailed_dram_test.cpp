// SPDX-License-Identifier: Apache-2.0
// Runs with a detailed DRAM as their users have them: files out, and a trace back in.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

const char* const small_run = R"(workload: {type: conv2d, dimensions: {K: 16, C: 8, Y: 9, X: 9, FY: 3, FX: 3}, padding: 1}
architecture:
  clock_mhz: 500
  levels:
    - {name: DRAM, type: dram, model: detailed, device: dram/ddr4_3200_8gb_x8.yaml, outstanding: 8, width_bits: 256, layouts: {input: NHWC}}
    - {name: GlobalBuffer, type: buffer, capacity: 16 KiB, width_bits: 128}
    - {name: PEs, type: array, rows: 4, columns: 4}
    - {name: RegisterFile, type: buffer, capacity: 256 B, width_bits: 32}
    - {name: MAC, type: mac}
energy: energy/interstellar_28nm.yaml
mapping:
  nest:
    - {level: DRAM, for: [K: 2, C: 2, Y: 3]}
    - {level: GlobalBuffer, for: [K: 2, Y: 3]}
    - {level: PEs, rows: [C: 4], columns: [K: 4]}
    - {level: RegisterFile, for: [FY: 3, FX: 3, X: 9]}
)";

struct DramScratch : Scratch {
    DramScratch() { std::ofstream(file("run.yaml")) << small_run; }
    nlohmann::json result(const std::string& name) const { return nlohmann::json::parse(read(file(name))); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(detailed_dram_runs, DramScratch)

BOOST_AUTO_TEST_CASE(requests_replayed_alone_get_the_same_commands) {
    const std::string files = " --dram-requests requests.txt --dram-commands commands.txt --json run.json --quiet";
    BOOST_REQUIRE_EQUAL(run(*this, "run.yaml" + files).code, 0);
    BOOST_REQUIRE_EQUAL(run(*this, "dram dram/ddr4_3200_8gb_x8.yaml requests.txt --commands again.txt").code, 0);
    // The run goes on with refreshes until its last cycle, the trace only until its last request.
    const std::string commands = read(file("commands.txt"));
    const std::string again = read(file("again.txt"));
    BOOST_TEST(again.size() > 1000U);
    BOOST_TEST(commands.starts_with(again));
}

BOOST_AUTO_TEST_CASE(single_steps_get_the_same_result_and_commands) {
    BOOST_REQUIRE_EQUAL(run(*this, "run.yaml --json a.json --dram-commands a.txt --quiet").code, 0);
    BOOST_REQUIRE_EQUAL(run(*this, "run.yaml --json b.json --dram-commands b.txt --quiet --single-step").code, 0);
    nlohmann::json a = result("a.json"), b = result("b.json");
    a.erase("host");
    b.erase("host");
    BOOST_TEST(a == b);
    BOOST_TEST(read(file("a.txt")) == read(file("b.txt")));
}

BOOST_AUTO_TEST_CASE(the_dram_is_in_the_result) {
    BOOST_REQUIRE_EQUAL(run(*this, "run.yaml --json run.json --dram-commands commands.txt --quiet").code, 0);
    const nlohmann::json json = result("run.json");
    const nlohmann::json& dram = json["dram"];
    std::int64_t useful = 0;
    for (const auto& [name, t] : json["levels"][0]["tensors"].items())
        useful += t["reads"]["to_child"].get<std::int64_t>() + t["writes"]["from_child"].get<std::int64_t>();
    BOOST_TEST(dram["useful_words"] == useful);
    BOOST_TEST(dram["fetched_words"].get<std::int64_t>() > useful);  // rows of nine inputs do not fill bursts
    const std::string commands = read(file("commands.txt"));
    const auto count = [&](const std::string& name) {
        std::int64_t lines = 0;
        for (std::size_t at = commands.find(name); at != std::string::npos; at = commands.find(name, at + 1)) ++lines;
        return lines;
    };
    BOOST_TEST(dram["bursts"] == count(" RD\n") + count(" WR\n"));
    BOOST_TEST(dram["activates"] == count(" ACT\n"));
    BOOST_TEST(dram["refreshes"] == count(" REF\n"));
    BOOST_TEST(json["levels"][0]["energy_pj"] == dram["energy_pj"]);
}

BOOST_AUTO_TEST_CASE(the_resolved_file_runs_alike) {
    BOOST_REQUIRE_EQUAL(run(*this, "run.yaml --json a.json --quiet").code, 0);
    BOOST_REQUIRE_EQUAL(run(*this, "a.resolved.yaml --json b.json --quiet").code, 0);
    BOOST_TEST(result("a.json")["cycles"] == result("b.json")["cycles"]);
    BOOST_TEST(result("a.json")["dram"] == result("b.json")["dram"]);
    BOOST_TEST(result("a.json")["verified"]["output_sha256"] == result("b.json")["verified"]["output_sha256"]);
}

BOOST_AUTO_TEST_CASE(relief_is_simulated) {
    const std::string slow = " --set architecture.levels.GlobalBuffer.width_bits=32";
    BOOST_REQUIRE_EQUAL(run(*this, "run.yaml" + slow + " --relieve --json a.json --quiet").code, 0);
    const nlohmann::json json = result("a.json");
    BOOST_TEST(!json["bottleneck"].get<std::string>().empty());
    bool wider = false;
    for (const nlohmann::json& relief : json["reliefs"]) {
        BOOST_TEST(relief["cycles"].get<std::int64_t>() < json["cycles"].get<std::int64_t>());
        if (relief["change"] != "GlobalBuffer: width_bits 64 instead of 32") continue;
        wider = true;
        BOOST_REQUIRE_EQUAL(
            run(*this, "run.yaml --set architecture.levels.GlobalBuffer.width_bits=64 --json b.json --quiet").code, 0);
        BOOST_TEST(result("b.json")["cycles"] == relief["cycles"]);
    }
    BOOST_TEST(wider);
    const std::string cause = json["bottleneck"];
    const auto share = [&](std::int64_t cycles) {
        char text[16];
        std::snprintf(text, sizeof text, "%.1f%%", 100.0 * static_cast<double>(cycles) / json["cycles"].get<double>());
        return std::string(text);
    };
    const std::int64_t waited = json["cycle_breakdown"]["stall"][cause];
    const std::string named = "  bottleneck    " + cause + ": " + share(waited) + " of the cycles; ";
    BOOST_TEST(run(*this, "run.yaml" + slow).out.find(named + "--relieve simulates what removes them\n") != std::string::npos);
    const nlohmann::json& best = json["reliefs"][0];
    const std::int64_t saved = json["cycles"].get<std::int64_t>() - best["cycles"].get<std::int64_t>();
    BOOST_TEST(run(*this, "run.yaml" + slow + " --relieve")
                   .out.find(named + best["change"].get<std::string>() + " removes " + share(saved) + "\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_ideal_dram_has_no_commands) {
    const Outcome outcome = run(*this, config("first_run.yaml") + " --dram-commands x.txt --quiet");
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(
        outcome.out.find(
            "--dram-commands: level 'DRAM' is an ideal DRAM, which has no requests and commands; give it model: detailed") !=
        std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
