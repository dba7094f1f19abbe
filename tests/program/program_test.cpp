// SPDX-License-Identifier: Apache-2.0
// The program as its users run it: exit codes, files, and results that add up.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::int64_t total(const json& breakdown) {
    std::int64_t cycles = breakdown["busy"].get<std::int64_t>();
    for (const auto& [cause, count] : breakdown["stall"].items()) cycles += count.get<std::int64_t>();
    return cycles;
}

json without_host(json result) {
    result.erase("host");
    return result;
}

const char* const three_runs[] = {"first_run.yaml", "runs/alexnet_conv3_rs.yaml", "runs/alexnet_conv3_os.yaml"};
const char* const small =
    " --set workload.dimensions.K=32 --set workload.dimensions.C=32 --set mapping.nest.DRAM.for.K=1 "
    "--set mapping.nest.DRAM.for.C=1";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(program, Scratch)

BOOST_AUTO_TEST_CASE(three_dataflows_at_full_size) {
    const std::map<std::string, std::string> names = {
        {three_runs[0], "C | K"}, {three_runs[1], "FYC | Y"}, {three_runs[2], "X | Y"}};
    std::set<std::string> hashes;
    for (const char* name : three_runs) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_REQUIRE_EQUAL(run(*this, config(name) + " --quiet --json batched.json").code, 0);
            BOOST_REQUIRE_EQUAL(run(*this, config(name) + " --quiet --json single.json --single-step").code, 0);
            const json batched = json::parse(read(file("batched.json")));
            BOOST_TEST(without_host(batched) == without_host(json::parse(read(file("single.json")))));
            BOOST_TEST(batched["dataflow"] == names.at(name));
            BOOST_TEST(batched["macs"] == 384LL * 256 * 13 * 13 * 3 * 3);
            BOOST_TEST(batched["verified"]["mismatches"] == 0);
            BOOST_TEST(total(batched["cycle_breakdown"]) == batched["cycles"].get<std::int64_t>());
            BOOST_TEST(batched["levels"] == batched["model"]["levels"]);
            BOOST_TEST(batched["networks"] == batched["model"]["networks"]);
            hashes.insert(batched["verified"]["output_sha256"].get<std::string>());
        }
    }
    // The same layer and data: every legal mapping gives the same outputs.
    BOOST_TEST(hashes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_resolved_configuration_gives_the_same_result) {
    const std::string first = config("first_run.yaml") + small;
    BOOST_REQUIRE_EQUAL(run(*this, first + " --quiet --json a.json").code, 0);
    BOOST_REQUIRE_EQUAL(run(*this, "a.resolved.yaml --quiet --json b.json").code, 0);
    BOOST_TEST(without_host(json::parse(read(file("a.json")))) == without_host(json::parse(read(file("b.json")))));
    BOOST_TEST(read(file("a.resolved.yaml")) == read(file("b.resolved.yaml")));
}

BOOST_AUTO_TEST_CASE(a_wider_buffer_is_not_slower) {
    const std::string first = config("first_run.yaml") + small + " --quiet --set architecture.levels.GlobalBuffer.width_bits=";
    BOOST_REQUIRE_EQUAL(run(*this, first + "64 --json narrow.json").code, 0);
    BOOST_REQUIRE_EQUAL(run(*this, first + "512 --json wide.json").code, 0);
    const json narrow = json::parse(read(file("narrow.json")));
    const json wide = json::parse(read(file("wide.json")));
    BOOST_TEST(narrow["cycles"].get<std::int64_t>() > wide["cycles"].get<std::int64_t>());
    BOOST_TEST(narrow["levels"] == wide["levels"]);
}

BOOST_AUTO_TEST_CASE(transactions_add_up_to_the_counts) {
    BOOST_REQUIRE_EQUAL(run(*this, config("first_run.yaml") + small + " --quiet --json r.json --transactions t.csv").code, 0);
    std::ifstream in(file("t.csv"));
    std::string line;
    std::getline(in, line);
    BOOST_TEST(line == "cycle,mover,tensor,tile,box,words,lanes");
    std::map<std::string, std::int64_t> words;
    std::int64_t previous = 0;
    while (std::getline(in, line)) {
        std::vector<std::string> fields;
        std::stringstream stream(line);
        for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
        BOOST_REQUIRE_EQUAL(fields.size(), 7U);
        BOOST_REQUIRE(std::stoll(fields[0]) >= previous);
        previous = std::stoll(fields[0]);
        words[fields[1]] += std::stoll(fields[5]);
    }
    const json levels = json::parse(read(file("r.json")))["levels"];
    for (const char* tensor : {"input", "weight"}) {
        BOOST_TEST(words["DRAM>GlobalBuffer." + std::string(tensor) + ".fill"] ==
                   levels[0]["tensors"][tensor]["reads"]["to_child"]);
        BOOST_TEST(words["GlobalBuffer>RegisterFile." + std::string(tensor) + ".fill"] ==
                   levels[1]["tensors"][tensor]["reads"]["to_child"]);
    }
    BOOST_TEST(words["GlobalBuffer>RegisterFile.output.drain"] == levels[1]["tensors"]["output"]["writes"]["from_child"]);
    BOOST_TEST(words["GlobalBuffer>RegisterFile.output.fill"] == levels[1]["tensors"]["output"]["reads"]["to_child"]);
}

BOOST_AUTO_TEST_CASE(the_walkthroughs_leave_their_golden_traces) {
    // tests/regenerate.sh writes them anew.
    for (const char* name : {"a_weight_stationary", "b_row_stationary", "c_output_stationary"}) {
        const std::string file_name = "walkthroughs/" + std::string(name);
        for (const char* mode : {"", " --single-step"}) {
            BOOST_REQUIRE_EQUAL(run(*this, config(file_name + ".yaml") + " --quiet --transactions t.csv" + mode).code, 0);
            BOOST_TEST(read(file("t.csv")) == read(std::string(ACCELSIM_SOURCE_DIR) + "/traces/" + file_name + ".csv"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_waveform_shows_what_the_result_says) {
    BOOST_REQUIRE_EQUAL(run(*this, config("first_run.yaml") + small + " --quiet --json r.json --vcd w.vcd --vcd-pe 3,5").code, 0);
    const json result = json::parse(read(file("r.json")));
    // Read back: the identifier of the array's state, then the cycles spent in state 0 (busy) by the time stamps.
    std::ifstream in(file("w.vcd"));
    std::string identifier, word, line;
    double period_ps = 1e6 / result["clock_mhz"].get<double>();
    while (std::getline(in, line) && line.find("$enddefinitions") == std::string::npos) {
        std::stringstream fields(line);
        std::string kind, type, width, id, name;
        fields >> kind >> type >> width >> id >> name;
        if (kind == "$var" && name == "state") identifier = id;
    }
    BOOST_REQUIRE(!identifier.empty());
    std::int64_t busy_time = 0, now = 0, since = -1;
    while (std::getline(in, line)) {
        if (line.empty()) continue;
        if (line[0] == '#') now = std::stoll(line.substr(1));
        if (line[0] != 'b' || line.substr(line.rfind(' ') + 1) != identifier) continue;
        const bool busy = line.find('1') > line.rfind(' ');
        if (busy && since < 0) since = now;
        if (!busy && since >= 0) {
            busy_time += now - since;
            since = -1;
        }
    }
    // Before the first sample the state reads as 0, too; the file's first value is taken before cycle 0's sample at the same
    // time.
    BOOST_TEST(busy_time / static_cast<std::int64_t>(period_ps) == result["cycle_breakdown"]["busy"].get<std::int64_t>());
    const std::string view = read(file("w.gtkw"));
    BOOST_TEST(view.find("[dumpfile] \"w.vcd\"") != std::string::npos);
    BOOST_TEST(view.find("SystemC.machine.PEs_3_5.weight[15:0]") != std::string::npos);
    BOOST_TEST(read(file("w.states.txt")).find("?busy") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(exit_codes) {
    BOOST_TEST(run(*this, config("first_run.yaml") + small + " --quiet").code == 0);
    const Outcome missing = run(*this, "nowhere.yaml");
    BOOST_TEST(missing.code == 2);
    BOOST_TEST(missing.out.substr(0, 7) == "error: ");
    BOOST_TEST(std::count(missing.out.begin(), missing.out.end(), '\n') == 1);
    BOOST_TEST(run(*this, config("first_run.yaml") + " --set architecture.levels.GlobalBuffer.capacity='64 KiB'").code == 2);
    BOOST_TEST(run(*this, "--nonsense").code == 2);
    BOOST_TEST(run(*this, "--help").code == 0);
    BOOST_TEST(run(*this, config("first_run.yaml") + " --vcd-to abc").out ==
               "error: --vcd-to: 'abc' is not a number of cycles (0 or more); see accelsim --help\n");
    BOOST_TEST(run(*this, config("first_run.yaml") + " --vcd-to 100 --vcd /proc/none/w.vcd").out ==
               "error: cannot write /proc/none/w.vcd: No such file or directory\n");
    BOOST_TEST(run(*this, config("first_run.yaml") + " --vcd w.vcd --vcd-from 9 --vcd-to 3").out ==
               "error: --vcd-to 3 is before --vcd-from 9\n");
    BOOST_TEST(run(*this, config("first_run.yaml") + " --vcd w.vcd --vcd-pe 77,1").code == 2);
    const Outcome limit = run(*this, config("first_run.yaml") + small + " --max-cycles 100");
    BOOST_TEST(limit.code == 3);
    BOOST_TEST(limit.out == "error: the simulation cannot proceed: the run is not finished after max_cycles = 100\n");
}

BOOST_AUTO_TEST_CASE(a_deadlock_names_the_cycle_of_waits) {
    const std::string stuck = std::string(ACCELSIM_SOURCE_DIR) + "/tests/program/deadlock.yaml";
    for (const char* mode : {"", " --single-step"}) {
        const Outcome outcome = run(*this, stuck + mode);
        BOOST_TEST(outcome.code == 3);
        BOOST_TEST(outcome.out ==
                   "error: the simulation cannot proceed: deadlock in cycle 209: "
                   "fill_input@RegisterFile waits for space in RegisterFile held by array; "
                   "array waits for weight@MAC from fill_weight@MAC; "
                   "fill_weight@MAC waits for a read port of GlobalBuffer held by fill_input@RegisterFile\n");
    }
    // Whoever sends a word at a time lets the weights through.
    BOOST_TEST(run(*this, stuck + " --quiet --set architecture.levels.GlobalBuffer.grant=word").code == 0);
}

BOOST_AUTO_TEST_CASE(files_appear_whole_or_not_at_all) {
    BOOST_TEST(
        run(*this, config("first_run.yaml") + small + " --quiet --json r.json --transactions t.csv --max-cycles 100").code == 3);
    for (const auto& entry : fs::directory_iterator(folder)) BOOST_TEST(entry.path().filename() == "stdout.txt");
    const Outcome refused = run(*this, config("first_run.yaml") + small + " --quiet --json /proc/none/r.json");
    BOOST_TEST(refused.code == 2);
    BOOST_TEST(refused.out.find("error: cannot write /proc/none/r.json") == 0U);
}

BOOST_AUTO_TEST_CASE(every_run_that_comes_with_the_program_is_verified) {
    std::size_t seen = 0;
    for (const auto& entry : fs::directory_iterator(std::string(ACCELSIM_SOURCE_DIR) + "/configs/runs")) {
        BOOST_TEST_CONTEXT(entry.path().stem().string()) {
            ++seen;
            // A network takes up to minutes; here one layer of it.
            const std::map<std::string, std::string> layers = {
                {"alexnet", "conv5"}, {"resnet50", "conv5_1_a"}, {"vgg16", "conv5_1"}};
            const std::string stem = entry.path().stem().string();
            const auto network = layers.find(stem.substr(0, stem.rfind('_')));
            const std::string layer = network == layers.end() ? "" : " --layer " + network->second;
            BOOST_REQUIRE_EQUAL(run(*this, entry.path().string() + " --quiet --json r.json" + layer).code, 0);
            const json result = json::parse(read(file("r.json")));
            BOOST_TEST((result.contains("total") ? result["total"] : result)["verified"]["mismatches"] == 0);
        }
    }
    BOOST_TEST(seen >= 13);
}

BOOST_AUTO_TEST_CASE(explain_prints_the_nest) {
    const Outcome outcome = run(*this, "explain " + config("first_run.yaml"));
    BOOST_TEST(outcome.code == 0);
    for (const char* part : {"dataflow C | K", "parallel c in 0..16    # PEs.rows",
                             "allocate weight[1][1][3][3] in RegisterFile    # 9 words x 2 slots", "stays over y of GlobalBuffer",
                             "output[n][k][y][x] += input[n][c][y + fy - 1][x + fx - 1] * weight[k][c][fy][fx]",
                             "RegisterFile: 320 of 512 B used (62%)"}) {
        BOOST_TEST(outcome.out.find(part) != std::string::npos, part);
    }
}

BOOST_AUTO_TEST_CASE(a_timeloop_design_is_imported_and_run) {
    const fs::path golden = fs::path(ACCELSIM_SOURCE_DIR) / "tests/golden/timeloop/c11_conv_rs_2d";
    std::string files;
    for (const char* name : {"arch.yaml", "prob.yaml", "map.yaml", "ERT.yaml"}) files += " " + (golden / name).string();
    BOOST_TEST(run(*this, "import timeloop" + files + " -o made/run.yaml").out == "");
    const std::string written = read(file("made/run.yaml"));
    BOOST_TEST(written.starts_with("# Imported from Timeloop's files " + files.substr(1, files.find(' ', 1) - 1)));
    for (const char* part : {"# - Timeloop has no latencies: 1 cycle", "name: run\n", "partials: copy", "halo: reuse"})
        BOOST_TEST(written.find(part) != std::string::npos, part);
    BOOST_REQUIRE_EQUAL(run(*this, "made/run.yaml --quiet --json r.json").code, 0);
    const json levels = json::parse(read(file("r.json")))["levels"];
    const json theirs = json::parse(read((golden / "golden.json").string()))["levels"];
    BOOST_TEST(levels[1]["tensors"]["Inputs"]["reads"]["to_child"] == theirs[2]["data"]["Inputs"]["reads_total"]);
    // Without -o the run is printed, under another name.
    const std::string printed = run(*this, "import timeloop" + files).out;
    BOOST_TEST(printed.substr(printed.find("workload:")) == written.substr(written.find("workload:")));
}

BOOST_AUTO_TEST_CASE(import_says_what_it_wants) {
    for (const char* words : {"import --help", "import timeloop --help"}) {
        const Outcome help = run(*this, words);
        BOOST_TEST(help.code == 0);
        BOOST_TEST(help.out.find("accelsim import timeloop arch.yaml prob.yaml map.yaml ERT.yaml -o run.yaml") !=
                   std::string::npos);
    }
    BOOST_TEST(run(*this, "import").out == "error: A subcommand is required; see accelsim import --help\n");
    BOOST_TEST(run(*this, "import timeloop").out == "error: files is required; see accelsim import --help\n");
    BOOST_TEST(run(*this, "import timelop a.yaml").out ==
               "error: unknown format 'timelop' in accelsim import; did you mean 'timeloop'?\n");
    const Outcome missing = run(*this, "import timeloop nowhere.yaml -o run.yaml");
    BOOST_TEST(missing.code == 2);
    BOOST_TEST(missing.out == "error: nowhere.yaml: cannot be read: No such file or directory\n");
    BOOST_TEST(!fs::exists(file("run.yaml")));
}

BOOST_AUTO_TEST_CASE(a_schedule_gives_the_result_of_its_nest) {
    const std::map<std::string, std::string> pairs = {{"runs/schedule_weight_stationary.yaml", three_runs[0]},
                                                      {"runs/schedule_row_stationary.yaml", three_runs[1]}};
    for (const auto& [scheduled, explicit_nest] : pairs) {
        BOOST_TEST_CONTEXT(scheduled) {
            BOOST_REQUIRE_EQUAL(run(*this, config(scheduled) + " --quiet --json schedule.json").code, 0);
            BOOST_REQUIRE_EQUAL(run(*this, config(explicit_nest) + " --quiet --json nest.json").code, 0);
            json first = without_host(json::parse(read(file("schedule.json"))));
            json second = without_host(json::parse(read(file("nest.json"))));
            first.erase("design");
            second.erase("design");
            BOOST_TEST(first == second);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_ready_made_dataflow_runs_on_a_machine_of_its_own) {
    const std::map<std::string, std::string> names = {{"output_stationary", "X | Y"}, {"weight_stationary", "C | K"},
                                                      {"row_stationary", "FY | Y"},   {"row_stationary_replicated", "FYC | Y"},
                                                      {"filter_unrolled", "FX | FY"}, {"weight_stationary_replicated", "CX | K"}};
    std::size_t seen = 0;
    for (const auto& entry : fs::directory_iterator(std::string(ACCELSIM_SOURCE_DIR) + "/mappings/dataflows")) {
        const std::string name = entry.path().stem().string();
        BOOST_TEST_CONTEXT(name) {
            ++seen;
            // Tails everywhere: nothing divides 37, 35, 17 or 19.
            std::ofstream(file("run.yaml")) << "workload: {type: conv2d, dimensions: {N: 2, K: 37, C: 35, Y: 17, X: 19, FY: 3, "
                                               "FX: 3}, padding: 1, stride: 2}\nmapping: "
                                            << entry.path().string() << "\n";
            BOOST_REQUIRE_EQUAL(run(*this, "run.yaml --quiet --json a.json").code, 0);
            BOOST_REQUIRE_EQUAL(run(*this, "a.resolved.yaml --quiet --json b.json").code, 0);
            const json result = json::parse(read(file("a.json")));
            BOOST_TEST(result["dataflow"] == names.at(name));
            BOOST_TEST(result["macs"] == 2LL * 37 * 35 * 17 * 19 * 9);
            BOOST_TEST(without_host(result) == without_host(json::parse(read(file("b.json")))));
        }
    }
    BOOST_TEST(seen == names.size());
}

BOOST_AUTO_TEST_CASE(explain_prints_the_passes_and_the_machine_of_a_schedule) {
    const Outcome outcome = run(*this, "explain --passes " + config("runs/schedule_output_stationary.yaml"));
    BOOST_TEST(outcome.code == 0);
    for (const char* part :
         {"after algorithm:\nfor n in 0..1    # N\n  for k in 0..384    # K\n", "for ko in 0..12    # K by 32\n",
          "parallel xi in 0..16    # X, PEs.rows\n", "allocate input in GlobalBuffer\n", "accelerator:\n",
          "# generated by the schedule\narchitecture:\n  name: generated\n",
          "- {name: PEs, type: array, rows: 16, columns: 16, "}) {
        BOOST_TEST(outcome.out.find(part) != std::string::npos, part);
    }
    const Outcome nest = run(*this, "explain --passes " + config("first_run.yaml"));
    BOOST_TEST(nest.code == 2);
    BOOST_TEST(nest.out == "error: --passes: the mapping of " + config("first_run.yaml") +
                               " is an explicit nest; only a 'schedule' has passes\n");
}

BOOST_AUTO_TEST_CASE(a_dram_alone_on_a_trace) {
    const Scratch scratch;
    std::ofstream(scratch.file("t.trace")) << "0x0 READ 0\n0x40 READ 0\n0x0 WRITE 100 # hit\n";
    const Outcome outcome = run(scratch, "dram dram/ddr4_3200_8gb_x8.yaml t.trace --commands c.txt --json r.json");
    BOOST_TEST(outcome.code == 0, outcome.out);
    // ACT, RD after tRCD = 22, the next after tCCD_L = 8, WR in the clock of its request.
    BOOST_TEST(read(scratch.file("c.txt")) ==
               "# cycle channel rank bank_group bank row column command\n"
               "0 0 0 0 0 0 -1 ACT\n22 0 0 0 0 0 0 RD\n30 0 0 0 0 0 8 RD\n100 0 0 0 0 0 0 WR\n");
    const json result = json::parse(read(scratch.file("r.json")));
    BOOST_TEST(result["schema"] == "accelsim-dram-1");
    BOOST_TEST(result["clocks"] == 100 + 16 + 4);                                        // WL, BL / 2
    BOOST_TEST(result["read_latency_clocks"].get<double>() == (22 + 22 + 4) + 8.0 / 2);  // tRCD + RL + BL / 2, and tCCD_L
    BOOST_TEST(result["row_hits"] == 2);
    BOOST_TEST(result["row_misses"] == 1);
    BOOST_TEST(result["bandwidth_gb_per_s"].get<double>() == 3 * 64 / (120 * 0.63), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(result["peak_gb_per_s"].get<double>() == 16 / 0.63, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(outcome.out.find("2 hits, 1 misses, 0 conflicts") != std::string::npos, outcome.out);
    BOOST_TEST(run(scratch, "dram dram/ddr4_3200_8gb_x8.yaml missing.trace").code == 2);
    BOOST_TEST(run(scratch, "dram t.trace").code == 2);
    BOOST_TEST(run(scratch, "dram --help").code == 0);
}

BOOST_AUTO_TEST_CASE(without_data_everything_else_stays) {
    for (const std::string& name :
         {std::string("first_run.yaml") + small, std::string("runs/fc_4096_ddr4.yaml --set workload.dimensions.K=256")}) {
        BOOST_TEST_CONTEXT(name) {
            const std::string command = config(name.substr(0, name.find(' '))) +
                                        name.substr(std::min(name.size(), name.find(' '))) +
                                        (name.starts_with("runs") ? " --set mapping.nest.DRAM.for.K=4" : "");
            BOOST_REQUIRE_EQUAL(run(*this, command + " --quiet --json with.json").code, 0);
            const Outcome outcome = run(*this, command + " --set data=off --json without.json --vcd w.vcd --vcd-to 200");
            BOOST_REQUIRE_EQUAL(outcome.code, 0);
            BOOST_TEST(outcome.out.find("data: off; outputs are neither computed nor checked") != std::string::npos);
            json with = without_host(json::parse(read(file("with.json"))));
            json without = without_host(json::parse(read(file("without.json"))));
            BOOST_TEST(without["verified"].is_null());
            BOOST_TEST(with["verified"]["checked"] == true);
            with.erase("verified");
            without.erase("verified");
            BOOST_TEST(with == without);
            // The resolved configuration says so, and is a run file itself.
            BOOST_TEST(read(file("without.resolved.yaml")).find("data: off") != std::string::npos);
            BOOST_TEST(run(*this, "without.resolved.yaml --quiet").code == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_needs_data_says_so) {
    const std::string command = config("walkthroughs/b_row_stationary.yaml") + " --set data=off";
    BOOST_TEST(run(*this, command + " --dump-output o.npy").out ==
               "error: --dump-output: with 'data: off' there is no output; leave one of them out\n");
    BOOST_TEST(run(*this, "rtl " + command + " -o rtl").out ==
               "error: accelsim rtl writes the operands, too: leave 'data: off' out\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
