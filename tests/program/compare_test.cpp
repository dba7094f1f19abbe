// SPDX-License-Identifier: Apache-2.0
// accelsim compare: the same figures as single runs, resources that really are equal, mistakes with their places.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>

#include "sim/program/yaml/load_compare.hpp"
#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

struct CompareScratch : Scratch {
    CompareScratch() {
        write("net.yaml",
              "network:\n  name: net\n  layers:\n"
              "    - {name: a, workload: {type: conv2d, dimensions: {K: 8, C: 4, Y: 6, X: 6, FY: 3, FX: 3}}}\n"
              "    - {name: p, type: pool, dimensions: {C: 8, Y: 3, X: 3, FY: 2, FX: 2}}\n"
              "    - {name: b, workload: {type: fc, dimensions: {K: 10, C: 72}}, repeat: 2}\n");
    }
    void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }
    std::string compare(const std::string& rest) const {
        write("compare.yaml",
              "compare:\n  accelerators: [accelerators/eyeriss.yaml, accelerators/simba.yaml, accelerators/diannao.yaml]\n"
              "  energy: energy/interstellar_28nm.yaml\n" +
                  rest);
        return file("compare.yaml");
    }
};

/// Lines of a CSV file by their first three columns; quoted cells hold no commas.
std::map<std::string, std::map<std::string, std::string>> read_csv(const std::string& path) {
    std::ifstream in(path);
    const auto cells = [](const std::string& line) {
        std::vector<std::string> result;
        std::stringstream stream(line);
        for (std::string cell; std::getline(stream, cell, ',');) result.push_back(cell);
        return result;
    };
    std::string line;
    std::getline(in, line);
    const std::vector<std::string> keys = cells(line);
    std::map<std::string, std::map<std::string, std::string>> lines;
    while (std::getline(in, line)) {
        const std::vector<std::string> values = cells(line);
        auto& entry = lines[values[0] + "/" + values[1] + "/" + values[2]];
        for (std::size_t i = 0; i < keys.size(); ++i) entry[keys[i]] = values.at(i);
    }
    return lines;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(comparisons, CompareScratch)

BOOST_AUTO_TEST_CASE(figures_are_those_of_the_networks_own_run) {
    compare("  networks: [net.yaml]\n");
    BOOST_REQUIRE_EQUAL(run(*this, "compare compare.yaml -j 2 --quiet --csv out.csv").code, 0);
    write("run.yaml", "workload: net.yaml\narchitecture: accelerators/eyeriss.yaml\nenergy: energy/interstellar_28nm.yaml\n");
    BOOST_REQUIRE_EQUAL(run(*this, "run.yaml --quiet --json run.json").code, 0);
    const auto csv = read_csv(file("out.csv"));
    BOOST_TEST(csv.size() == 9U);
    const nlohmann::json result = nlohmann::json::parse(read(file("run.json")));
    const auto& total = csv.at("eyeriss/net/total");
    BOOST_TEST(std::stoll(total.at("cycles")) == result["total"]["cycles"].get<std::int64_t>());
    BOOST_TEST(std::stoll(total.at("macs")) == result["total"]["macs"].get<std::int64_t>());
    BOOST_TEST(std::stod(total.at("energy_pj")) == result["total"]["energy_pj"].get<double>(),
               boost::test_tools::tolerance(1e-9));
    BOOST_TEST(std::stoll(csv.at("eyeriss/net/b").at("cycles")) == result["layers"][2]["cycles"].get<std::int64_t>());
    for (const auto& [name, line] : csv) {
        double parts = 0;
        for (const char* part : {"dram_pj", "shared_buffers_pj", "inner_buffers_pj", "networks_pj", "mac_pj"})
            parts += std::stod(line.at(part));
        BOOST_TEST(parts == std::stod(line.at("energy_pj")), boost::test_tools::tolerance(1e-9));
        std::int64_t cycles = 0;
        for (const char* part : {"busy", "startup", "drain", "output_space", "readback", "input", "weight", "output"})
            cycles += std::stoll(line.at(part));
        BOOST_TEST(cycles == std::stoll(line.at("cycles")), name);
    }
}

BOOST_AUTO_TEST_CASE(the_number_of_processes_changes_nothing) {
    compare("  networks: [net.yaml]\n");
    BOOST_REQUIRE_EQUAL(run(*this, "compare compare.yaml -j 1 --csv one.csv --markdown one.md").code, 0);
    const std::string printed = read(file("stdout.txt"));
    BOOST_REQUIRE_EQUAL(run(*this, "compare compare.yaml -j 3 --csv three.csv --markdown three.md").code, 0);
    BOOST_TEST(printed == read(file("stdout.txt")));
    BOOST_TEST(read(file("one.csv")) == read(file("three.csv")));
    BOOST_TEST(read(file("one.md")) == read(file("three.md")));
    BOOST_TEST(printed.find("simba") != std::string::npos);
}

/// Sums of capacities by hand: nothing but what floor() cuts off may be missing.
BOOST_AUTO_TEST_CASE(equal_resources_are_equal) {
    const auto runs =
        load_compare(compare("  networks: [{file: net.yaml, layers: [a], batch: 3}]\n  equal: {macs: 256, on_chip: 200 KiB, "
                             "dram_width_bits: 96, clock_mhz: 250}\n"));
    BOOST_REQUIRE_EQUAL(runs.size(), 3U);
    for (const ComparedRun& compared : runs) {
        BOOST_TEST_CONTEXT(compared.accelerator) {
            const Architecture& architecture = compared.config.architecture;
            BOOST_TEST(architecture.lanes() == 256);
            BOOST_TEST(architecture.clock_mhz == 250);
            BOOST_TEST(architecture.levels[0].width_bits == 96);
            std::int64_t bytes = 0;
            std::int64_t instances = 1;
            for (const Level& level : architecture.levels) {
                if (level.kind == LevelKind::array) instances *= level.rows * level.columns;
                if (level.kind != LevelKind::buffer) continue;
                bytes += instances * level.capacity_bytes;
                for (const auto& [tensor, memory] : level.memories) bytes += instances * memory.capacity_bytes;
            }
            BOOST_TEST(bytes == compared.on_chip_bytes);
            BOOST_TEST(bytes <= 200 * 1024);
            BOOST_TEST(bytes > 200 * 1024 - 200);
            BOOST_TEST(compared.config.layers.size() == 1U);
            BOOST_TEST(compared.config.batch == 3);
        }
    }
    // 12 x 14 becomes 16 x 16; Simba keeps its 4 x 4 PEs, of 4 x 4 MACs now.
    BOOST_TEST(runs[0].config.architecture.levels[2].rows == 16);
    BOOST_TEST(runs[1].config.architecture.levels[2].rows == 4);
    BOOST_TEST(runs[1].config.architecture.levels[4].columns == 4);
}

BOOST_AUTO_TEST_CASE(mistakes_have_their_places) {
    const std::map<std::string, std::string> mistakes = {
        {"  networks: [nowhere.yaml]\n", "compare.yaml:4:14: 'workload' in the run file: file 'nowhere.yaml' not found"},
        {"  networks: []\n", "compare.yaml:4:13: 'networks' in 'compare' is empty, there is nothing to compare"},
        {"  network: [net.yaml]\n", "compare.yaml:4:3: unknown key 'network' in 'compare'; did you mean 'networks'?"},
        {"  networks: [{file: net.yaml, layers: [c]}]\n",
         "compare.yaml:4:40: unknown layer 'c' in network 'net'; known: a, p, b"},
        {"  networks: [net.yaml]\n  equal: {macs: 100}\n",
         "compare.yaml:5:17: 'macs': simba has 16 instances of its array 'VectorMACs', which do not divide 100"},
        {"  networks: [net.yaml]\n  equal: {on_chip: 5 KiB}\n",
         "compare.yaml:5:20: 'on_chip': the memories inside the innermost array of eyeriss alone have"},
        {"  networks: [net.yaml]\n  equal: {mac: 100}\n",
         "compare.yaml:5:11: unknown key 'mac' in 'equal'; did you mean 'macs'?"}};
    for (const auto& [text, message] : mistakes) {
        compare(text);
        const Outcome outcome = run(*this, "compare compare.yaml");
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.out.find(message) != std::string::npos, outcome.out << " does not say " << message);
    }
    write("other.yaml", "networks: []\n");
    BOOST_TEST(run(*this, "compare other.yaml").out.find("the file must have the single top-level key 'compare'") !=
               std::string::npos);
}

/// One that cannot run is in the table, and the others still are.
BOOST_AUTO_TEST_CASE(an_accelerator_that_cannot_is_listed) {
    write("tiny.yaml",
          "architecture:\n  levels:\n    - {name: DRAM, type: dram}\n    - {name: B, type: buffer, capacity: 4 B}\n    - {name: "
          "MAC, type: mac}\n");
    write("compare.yaml", "compare: {accelerators: [tiny.yaml, accelerators/eyeriss.yaml], networks: [net.yaml]}\n");
    const Outcome outcome = run(*this, "compare compare.yaml --markdown t.md");
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.out.find("tiny                   cannot: layer a: ") != std::string::npos);
    BOOST_TEST(outcome.out.find("eyeriss ") != std::string::npos);
    BOOST_TEST(read(file("t.md")).find("| eyeriss | FY \\| Y | 168 |") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
