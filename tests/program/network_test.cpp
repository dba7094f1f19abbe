// SPDX-License-Identifier: Apache-2.0
// Networks as their users run them: totals that are the sums of single runs, whatever the number of processes.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

const char* const small_network = R"(workload:
  name: small
  batch: 2
  layers:
    - {name: conv, workload: {type: conv2d, dimensions: {K: 8, C: 3, Y: 6, X: 6, FY: 3, FX: 3}, padding: 1}}
    - {name: pool, type: pool, dimensions: {C: 8, Y: 3, X: 3, FY: 2, FX: 2}, stride: 2}
    - {name: twice, workload: {type: depthwise, dimensions: {C: 8, Y: 3, X: 3, FY: 3, FX: 3}, padding: 1}, repeat: 2}
    - {name: again, workload: {type: depthwise, dimensions: {C: 8, Y: 3, X: 3, FY: 3, FX: 3}, padding: 1}}
    - {name: scores, workload: {type: einsum, dimensions: {B: batch, M: 4, D: 5}, tensors: [{name: input, axes: [B, D]},
       {name: weight, axes: [M, D]}, {name: output, axes: [B, M], output: true}]}}
    - {name: cell, type: lstm_cell, hidden: 10, repeat: 3}
    - {name: sum, type: eltwise, elements: 7, operands: 2}
    - {name: fc, workload: {type: fc, dimensions: {K: 10, C: 72}}}
    - {name: norm, type: other, operator: LRN, macs: 100}
architecture: architectures/os_16x16.yaml
energy: energy/interstellar_28nm.yaml
mapping: {dataflow: "X | Y", layers: {scores: {nest: [{level: DRAM, for: [B: 2, M: 4]}, {level: RegisterFile, for: [D: 5]}]}}}
data: {seed: 7}
)";

struct NetworkScratch : Scratch {
    NetworkScratch() { std::ofstream(file("net.yaml")) << small_network; }
    json result(const std::string& name) const { return json::parse(read(file(name))); }
};

/// Without what depends on the host.
json plain(const json& value) {
    if (value.is_array()) {
        json list = json::array();
        for (const json& element : value) list.push_back(plain(element));
        return list;
    }
    if (!value.is_object()) return value;
    json map = json::object();
    for (const auto& [key, element] : value.items())
        if (key != "host") map[key] = plain(element);
    return map;
}

/// All integers below a value, by path; arrays by position (all layers have the same levels).
void collect(const json& value, const std::string& path, std::map<std::string, std::int64_t>& integers, std::int64_t times) {
    if (value.is_number_integer()) integers[path] += value.get<std::int64_t>() * times;
    if (value.is_object())
        for (const auto& [key, element] : value.items()) collect(element, path + "/" + key, integers, times);
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i) {
            std::string name = std::to_string(i);
            if (value[i].contains("name")) name = value[i]["name"];
            if (value[i].contains("from")) name = value[i]["from"].get<std::string>() + value[i]["to"].get<std::string>();
            collect(value[i], path + "/" + name, integers, times);
        }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(network_runs, NetworkScratch)

BOOST_AUTO_TEST_CASE(totals_are_the_sums_of_single_runs) {
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --json net.json").code, 0);
    const json net = result("net.json");
    std::map<std::string, std::int64_t> sums;
    std::map<std::string, std::int64_t> totals;
    double energy = 0;
    std::int64_t lanes = 0;
    for (const json& layer : net["layers"]) {
        if (!layer.contains("cycles")) continue;
        lanes = std::max(lanes, layer["lanes"].get<std::int64_t>());
        const std::string name = layer["name"];
        BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --json one.json --layer " + name).code, 0);
        const json one = plain(result("one.json"));
        json inside = plain(layer);
        inside.erase("name"), inside.erase("repeat");
        BOOST_TEST((inside == one), name);
        collect(one, "", sums, layer["repeat"].get<std::int64_t>());
        energy += one["energy_pj"].get<double>() * layer["repeat"].get<double>();
    }
    collect(plain(net["total"]), "", totals, 1);
    int compared = 0;
    for (const auto& [path, value] : sums) {
        const std::string key = path.substr(path.rfind('/') + 1);
        if (key == "tile_words" || key == "instances" || key == "capacity_bytes" || key == "lanes") continue;
        BOOST_TEST(totals[path] == value, path << ": " << totals[path] << " is not " << value);
        ++compared;
    }
    BOOST_TEST(compared > 60);
    BOOST_TEST(net["total"]["energy_pj"].get<double>() == energy, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(net["total"]["lanes"] == lanes);  // the machine's size, not a sum
    BOOST_TEST(net["total"]["verified"]["mismatches"] == 0);
}

BOOST_AUTO_TEST_CASE(without_data_only_the_outputs_are_missing) {
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --json on.json").code, 0);
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --set data=off --json off.json").code, 0);
    json on = plain(result("on.json")), off = plain(result("off.json"));
    BOOST_TEST(off["total"]["verified"].is_null());
    for (json* all : {&on, &off}) {
        (*all)["total"].erase("verified");
        for (json& layer : (*all)["layers"]) layer.erase("verified");
    }
    BOOST_TEST((on == off));
    BOOST_TEST(run(*this, "net.yaml --set data=off").out.find("data: off; outputs are neither computed nor checked") !=
               std::string::npos);
    BOOST_REQUIRE_EQUAL(run(*this, "off.resolved.yaml --quiet --json again.json").code, 0);
    BOOST_TEST(result("again.json")["total"]["verified"].is_null());
}

BOOST_AUTO_TEST_CASE(the_number_of_processes_changes_nothing) {
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet -j 1 --json one.json").code, 0);
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet -j 3 --json three.json").code, 0);
    BOOST_TEST((plain(result("one.json")) == plain(result("three.json"))));
    BOOST_TEST(read(file("one.resolved.yaml")) == read(file("three.resolved.yaml")));
}

BOOST_AUTO_TEST_CASE(the_resolved_run_gives_the_same_result) {
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --json one.json").code, 0);
    BOOST_REQUIRE_EQUAL(run(*this, "one.resolved.yaml --quiet --json two.json").code, 0);
    BOOST_TEST((plain(result("one.json")) == plain(result("two.json"))));
    BOOST_TEST(read(file("one.resolved.yaml")) == read(file("two.resolved.yaml")));
}

BOOST_AUTO_TEST_CASE(layers_of_one_shape_have_data_of_their_own) {
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --json net.json").code, 0);
    const json layers = result("net.json")["layers"];
    BOOST_TEST(layers[2]["cycles"] == layers[3]["cycles"]);
    BOOST_TEST(layers[2]["verified"]["output_sha256"] != layers[3]["verified"]["output_sha256"]);
}

/// By hand, for batch 2. Pool: 2 x 8 x 6 x 6 words in, 2 x 8 x 3 x 3 out; sum: 2 x 7 x 2 and 2 x 7; cell: 2 x 10 x 5 and 2 x 10
/// x 2.
BOOST_AUTO_TEST_CASE(layers_without_products_cost_what_they_move) {
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --json net.json").code, 0);
    const json net = result("net.json");
    const auto words = [&](int layer) {
        const json& cost = net["layers"][static_cast<std::size_t>(layer)]["elementwise"];
        return std::make_pair(cost["read_words"].get<int>(), cost["written_words"].get<int>());
    };
    BOOST_TEST((words(1) == std::make_pair(576, 144)));
    BOOST_TEST((words(5) == std::make_pair(100, 40)));
    BOOST_TEST((words(6) == std::make_pair(28, 14)));
    const json& total = net["total"]["elementwise"];
    BOOST_TEST(total["read_words"] == 576 + 3 * 100 + 28);
    BOOST_TEST(total["written_words"] == 144 + 3 * 40 + 14);
    // 16 words per cycle of the 256-bit port; 200 pJ per word at the DRAM, 13.5 twice at the 128 KiB buffer.
    BOOST_TEST(total["cycles"] == 36 + 3 * 7 + 2);
    BOOST_TEST(total["dram_pj"].get<double>() == 200.0 * (904 + 278), boost::test_tools::tolerance(1e-9));
    BOOST_TEST(total["buffer_pj"].get<double>() == 27.0 * (904 + 278), boost::test_tools::tolerance(1e-9));
    BOOST_TEST(net["total"]["not_simulated"]["macs"] == 200);
}

BOOST_AUTO_TEST_CASE(batch_and_steps_can_be_set) {
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --json two.json").code, 0);
    BOOST_REQUIRE_EQUAL(
        run(*this, "net.yaml --quiet --json four.json --set workload.batch=4 --set mapping.layers.scores.nest.DRAM.for.B=4").code,
        0);
    BOOST_TEST(result("four.json")["total"]["macs"] == 2 * result("two.json")["total"]["macs"].get<int>());
    BOOST_REQUIRE_EQUAL(run(*this, "net.yaml --quiet --json five.json --set workload.layers.twice.repeat=5").code, 0);
    BOOST_TEST(result("five.json")["total"]["macs"].get<int>() - result("two.json")["total"]["macs"].get<int>() ==
               3 * 8 * 9 * 9 * 2);
}

BOOST_AUTO_TEST_CASE(the_report_lists_every_layer_and_is_quiet_in_a_pipe) {
    const Outcome outcome = run(*this, "net.yaml");
    BOOST_REQUIRE_EQUAL(outcome.code, 0);
    for (const char* name : {"conv ", "pool ", "twice x2", "again ", "scores ", "cell x3", "sum ", "fc ", "norm ", "LRN"})
        BOOST_TEST(outcome.out.find(name) != std::string::npos, name);
    BOOST_TEST(outcome.out.find("all outputs verified, bit for bit") != std::string::npos);
    BOOST_TEST(outcome.out.find("left out:") != std::string::npos);
    BOOST_TEST(outcome.out.find('\r') == std::string::npos);
}

/// One layer that cannot proceed (3) beside one whose mapping is wrong (2): the worse code, and both are named.
BOOST_AUTO_TEST_CASE(the_exit_code_is_the_worst_of_all_layers) {
    const Outcome limited = run(*this, "net.yaml --max-cycles 5");
    BOOST_TEST(limited.code == 3);
    BOOST_TEST(limited.out.find("error: layer fc: ") != std::string::npos);
    const Outcome wrong = run(*this, "net.yaml --set mapping.layers.scores.nest.DRAM.for.B=1");
    BOOST_TEST(wrong.code == 2);
    BOOST_TEST(wrong.out.find("error: layer scores: ") != std::string::npos);
    BOOST_TEST(wrong.out.find("error: layer fc: ") == std::string::npos);
    const Outcome both = run(*this, "net.yaml --max-cycles 5 --set mapping.layers.scores.nest.DRAM.for.B=1");
    BOOST_TEST(both.code == 3);
}

BOOST_AUTO_TEST_CASE(options_of_single_layers_are_refused_for_networks) {
    for (const char* option : {"--vcd x.vcd", "--transactions x.csv", "--dump-output x.npy"}) {
        const Outcome outcome = run(*this, std::string("net.yaml ") + option);
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.out.find("is for a single layer; add --layer NAME") != std::string::npos);
    }
    BOOST_TEST(run(*this, "net.yaml --layer nowhere").out ==
               "error: --layer 'nowhere': the network simulates no such layer; it has conv, twice, again, scores, fc\n");
    BOOST_TEST(run(*this, config("first_run.yaml") + " --layer conv").code == 2);
    BOOST_TEST(run(*this, "explain net.yaml").out.find("give --layer NAME") != std::string::npos);
    BOOST_TEST(run(*this, "explain net.yaml --layer fc").code == 0);
}

/// Children of a run that is interrupted end with it: layers of minutes are gone at once. Only its processes stand in this
/// folder.
BOOST_AUTO_TEST_CASE(an_interrupted_run_takes_its_processes_with_it) {
    const std::string command = "cd " + folder.string() + " && timeout -s INT 1 " + std::getenv("ACCELSIM_PROGRAM") +
                                " net.yaml --single-step -j 2 --set workload.batch=300000 --set "
                                "mapping.layers.scores.nest.DRAM.for.B=300000 > /dev/null 2>&1";
    BOOST_TEST(WEXITSTATUS(std::system(command.c_str())) == 124);  // timeout had to interrupt it
    for (const auto& process : std::filesystem::directory_iterator("/proc")) {
        std::error_code ignored;
        BOOST_TEST(std::filesystem::read_symlink(process.path() / "cwd", ignored) != folder, process.path());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
