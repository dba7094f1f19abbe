// SPDX-License-Identifier: Apache-2.0
// Designs at the ends of what can be written down. Exit code 0 says: outputs bit for bit, counts as in closed form, every cycle
// named.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

std::string repeated(const std::string& loop, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += (text.empty() ? "" : ", ") + loop;
    return text;
}

struct Latencies {
    std::string dram = "2", buffer = "1";
};

/// A matrix product on a DRAM, a buffer and one MAC with registers.
std::string one_mac(const std::string& dimensions, const std::string& nest, const Latencies& latencies = {}) {
    return "name: extreme\nworkload: {type: gemm, dimensions: {" + dimensions +
           "}, bits: {input: 16, weight: 16, output: 32}}\n"
           "architecture:\n  clock_mhz: 1000\n  levels:\n"
           "    - {name: DRAM, type: dram, width_bits: 64, latency_cycles: " +
           latencies.dram +
           "}\n"
           "    - {name: GB, type: buffer, capacity: 4 KiB, depth: 2, width_bits: 64, latency_cycles: " +
           latencies.buffer +
           "}\n"
           "    - {name: RF, type: buffer, capacity: 4 KiB, depth: 2, width_bits: 32, latency_cycles: 0}\n"
           "    - {name: MAC, type: mac, latency_cycles: 2}\n"
           "mapping:\n  nest:\n" +
           nest;
}

struct Extreme : Scratch {
    Outcome simulate(const std::string& text) {
        std::ofstream(file("run.yaml")) << text;
        return run(*this, "run.yaml --quiet --json r.json");
    }
    std::int64_t cycles() { return json::parse(read(file("r.json")))["cycles"].get<std::int64_t>(); }
};

const std::string many_loops = "    - {level: DRAM, for: [" + repeated("N: 2", 8) + ", " + repeated("C: 1", 6) + "]}\n" +
                               "    - {level: GB, for: [" + repeated("K: 2", 2) + ", " + repeated("C: 2", 4) + ", " +
                               repeated("N: 1", 8) + "]}\n    - {level: RF, for: [" + repeated("N: 2", 2) + ", " +
                               repeated("K: 1", 10) + "]}\n";
const std::string many_dimensions = "N: 1024, K: 4, C: 16";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(extremes, Extreme)

BOOST_AUTO_TEST_CASE(dimensions_of_one_and_primes) {
    for (const auto& [n, k, c] :
         {std::tuple{"1", "1", "1"}, {"7", "13", "11"}, {"65537", "1", "1"}, {"1", "65537", "1"}, {"1", "1", "65537"}}) {
        const std::string bounds = std::string("N: ") + n + ", K: " + k + ", C: " + c;
        const Outcome outcome =
            simulate(one_mac(bounds, std::string("    - {level: DRAM, for: [N: ") + n + ", K: " + k + ", C: " + c + "]}\n"));
        BOOST_TEST(outcome.code == 0, bounds + ": " + outcome.out);
    }
}

BOOST_AUTO_TEST_CASE(forty_loops) {
    const Outcome outcome = simulate(one_mac(many_dimensions, many_loops));
    BOOST_TEST(outcome.code == 0, outcome.out);
}

BOOST_AUTO_TEST_CASE(no_latency_and_a_huge_one) {
    std::int64_t before = 0;
    for (const Latencies& latencies : {Latencies{"0", "0"}, Latencies{"1000000", "0"}, Latencies{"1000000", "1000000"}}) {
        const Outcome outcome = simulate(one_mac(many_dimensions, many_loops, latencies));
        BOOST_TEST(outcome.code == 0, outcome.out);
        // The first operands have come through what lies on their way.
        BOOST_TEST(cycles() > before + std::stoll(latencies.dram) + std::stoll(latencies.buffer) - 1);
        before = latencies.dram == "0" ? 0 : cycles();
    }
}

/// 2^43 steps of a microsecond each: in thousands of tiles, so that it does not take long to get there.
BOOST_AUTO_TEST_CASE(time_beyond_64_bits_of_picoseconds_is_refused) {
    std::ofstream(file("run.yaml"))
        << "workload: {type: gemm, dimensions: {N: 256, K: 256, C: 1000000000}, bits: {input: 8, weight: 8, output: 32}}\n"
           "architecture:\n  clock_mhz: 1\n  levels:\n"
           "    - {name: DRAM, type: dram, width_bits: 65536, latency_cycles: 0}\n"
           "    - {name: RF, type: buffer, capacity: 4 MiB, depth: 2, width_bits: 65536, latency_cycles: 0}\n"
           "    - {name: MAC, type: mac, latency_cycles: 1}\n"
           "mapping: {nest: [{level: DRAM, for: [C: 1000000]}, {level: RF, for: [C: 1000, N: 256, K: 256]}]}\n";
    const Outcome outcome = run(*this, "run.yaml --quiet --set data=off");
    BOOST_TEST(outcome.code == 3);
    BOOST_TEST(
        outcome.out.starts_with("error: the simulation cannot proceed: simulated time is counted in 64 bits of picoseconds"),
        outcome.out);
}

/// The prime 2^31 - 1, which no tile divides: found as fast as the mapping of any other.
BOOST_AUTO_TEST_CASE(the_longest_dimension_has_a_default_mapping) {
    const std::string text = one_mac("N: 2147483647, K: 1, C: 7", "");
    std::ofstream(file("run.yaml")) << text.substr(0, text.find("mapping:"));
    const Outcome outcome = run(*this, "explain run.yaml");
    BOOST_TEST(outcome.code == 0, outcome.out);
    BOOST_TEST(outcome.out.find(" 15032385529 steps") != std::string::npos, outcome.out);
}

BOOST_AUTO_TEST_CASE(a_dimension_beyond_31_bits_is_refused) {
    BOOST_TEST(simulate(one_mac("N: 2147483648, K: 1, C: 1", "    - {level: DRAM, for: [N: 2147483648]}\n")).out ==
               "error: run.yaml:2:40: 'N' in 'dimensions' of the workload must be from 1 to 2147483647, not '2147483648'\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(extremes_large, Extreme)

BOOST_AUTO_TEST_CASE(an_array_of_512_by_512) {
    const Outcome outcome = simulate(
        "name: large\nworkload: {type: gemm, dimensions: {N: 7, K: 512, C: 512}, bits: {input: 16, weight: 16, output: 32}}\n"
        "architecture:\n  clock_mhz: 1000\n  levels:\n"
        "    - {name: DRAM, type: dram, width_bits: 64, latency_cycles: 2}\n"
        "    - {name: PE, type: array, rows: 512, columns: 512}\n"
        "    - {name: RF, type: buffer, capacity: 4 KiB, depth: 2, width_bits: 32, latency_cycles: 0}\n"
        "    - {name: MAC, type: mac, latency_cycles: 2}\n"
        "mapping:\n  nest:\n    - {level: PE, rows: [C: 512], columns: [K: 512]}\n    - {level: RF, for: [N: 7]}\n");
    BOOST_TEST(outcome.code == 0, outcome.out);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
