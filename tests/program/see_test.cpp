// SPDX-License-Identifier: Apache-2.0
// What makes runs visible: timelines, differences, pictures, the manual.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <tuple>
#include <vector>

#include "sim/program/see/waveform_options.hpp"
#include "sim/program/yaml/load_run.hpp"
#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

struct Track {
    std::map<std::string, long> cycles;  ///< by name of a slice
    long slices = 0, words = 0;
};

/// The machine's tracks by their names.
std::map<std::string, Track> tracks(const json& timeline, int process) {
    std::map<int, std::string> names;
    std::map<std::string, Track> result;
    for (const json& event : timeline["traceEvents"]) {
        if (event["pid"] != process || !event.contains("tid")) continue;
        if (event["name"] == "thread_name") names[event["tid"]] = event["args"]["name"];
        if (event["ph"] != "X") continue;
        Track& track = result[names.at(event["tid"])];
        ++track.slices;
        track.words += event["args"].value("words", 0L);
        track.cycles[event["name"]] += event["args"].value("cycles", 0L);
    }
    return result;
}

/// The first slice of a track that begins within another and ends after it, which no viewer can show; else empty.
std::string crossing_slice(const json& timeline) {
    std::map<std::pair<int, int>, std::vector<std::tuple<long, long, std::string>>> tracks;
    for (const json& event : timeline["traceEvents"]) {
        if (event["ph"] != "X") continue;
        const long begin = std::lround(event["ts"].get<double>() * 1e6), length = std::lround(event["dur"].get<double>() * 1e6);
        tracks[{event["pid"], event["tid"]}].emplace_back(begin, -length, event["name"]);
    }
    for (auto& [track, slices] : tracks) {
        std::sort(slices.begin(), slices.end());
        std::vector<long> ends;
        for (const auto& [begin, minus_length, name] : slices) {
            while (!ends.empty() && ends.back() <= begin) ends.pop_back();
            if (!ends.empty() && begin - minus_length > ends.back()) return name + " at " + std::to_string(begin) + " ps";
            ends.push_back(begin - minus_length);
        }
    }
    return "";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(seeing, Scratch)

BOOST_AUTO_TEST_CASE(a_timeline_adds_up) {
    for (const char* name :
         {"walkthroughs/a_weight_stationary.yaml", "walkthroughs/b_row_stationary.yaml", "runs/alexnet_conv3_os.yaml"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_REQUIRE(run(*this, config(name) + " --quiet --json r.json --timeline t.json").code == 0);
            BOOST_REQUIRE(run(*this, config(name) + " --quiet --single-step --timeline s.json").code == 0);
            const json timeline = json::parse(read(file("t.json"))), result = json::parse(read(file("r.json")));
            BOOST_TEST((timeline == json::parse(read(file("s.json")))));
            BOOST_TEST(crossing_slice(timeline) == "");
            const auto all = tracks(timeline, 1);
            std::map<std::string, long> expected = {{"busy", result["cycle_breakdown"]["busy"]}};
            for (const auto& [cause, cycles] : result["cycle_breakdown"]["stall"].items()) {
                if (cycles > 0) expected[cause] = cycles;
            }
            BOOST_TEST((all.at("array").cycles == expected));
            // What fills of the outermost boundary bring is what the DRAM is read for.
            const std::string inner = result["levels"][1]["name"];
            for (const char* tensor : {"input", "weight"}) {
                const auto track = all.find("DRAM>" + inner + "." + tensor + ".fill");
                BOOST_REQUIRE(track != all.end());
                BOOST_TEST(track->second.words == result["levels"][0]["tensors"][tensor]["reads"]["to_child"].get<long>());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(tiles_of_a_timeline_last_from_their_first_group_to_their_last) {
    using Tiles = std::map<std::pair<std::string, long>, std::pair<long, long>>;  // by mover and tile: cycles
    BOOST_REQUIRE(
        run(*this, config("walkthroughs/b_row_stationary.yaml") + " --quiet --timeline t.json --transactions t.csv").code == 0);
    Tiles expected, shown;
    std::ifstream groups(file("t.csv"));
    std::string line, cycle, mover, tensor, tile;
    for (std::getline(groups, line); std::getline(groups, line);) {
        std::istringstream fields(line);
        for (std::string* field : {&cycle, &mover, &tensor, &tile}) std::getline(fields, *field, ',');
        const auto [found, is_new] = expected.try_emplace({mover, std::stol(tile)}, std::stol(cycle), std::stol(cycle));
        found->second.second = std::stol(cycle);
    }
    const json timeline = json::parse(read(file("t.json")));
    std::map<int, std::string> names;
    for (const json& event : timeline["traceEvents"]) {
        if (event["pid"] == 1 && event["name"] == "thread_name") names[event["tid"]] = event["args"]["name"];
        const std::string name = event["name"];
        if (event["ph"] != "X" || !name.starts_with("tile ")) continue;
        const long begin = event["args"]["cycle"], length = event["args"]["cycles"];
        shown[{names.at(event["tid"]), std::stol(name.substr(5))}] = {begin, begin + length - 1};
    }
    BOOST_TEST((shown == expected));
    BOOST_TEST(std::any_of(shown.begin(), shown.end(), [](const auto& t) { return t.second.second > t.second.first; }));
}

BOOST_AUTO_TEST_CASE(a_timeline_shows_the_banks) {
    const std::string command = config("runs/fc_4096_ddr4.yaml") +
                                " --quiet --set workload.dimensions.K=256 --set workload.dimensions.C=1024"
                                " --set mapping.nest.DRAM.for.K=4 --set mapping.nest.DRAM.for.C=4";
    const Outcome outcome = run(*this, command + " --json r.json --timeline t.json --dram-commands c.txt");
    BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.out);
    const json timeline = json::parse(read(file("t.json"))), dram = json::parse(read(file("r.json")))["dram"];
    BOOST_TEST(crossing_slice(timeline) == "");
    long bursts = 0, rows = 0, refreshes = 0;
    for (const json& event : timeline["traceEvents"]) {
        if (event["pid"] != 2 || event["ph"] != "X") continue;
        const std::string name = event["name"];
        bursts += name.starts_with("RD") || name.starts_with("WR") ? 1 : 0;
        rows += name.starts_with("row") ? 1 : 0;
        refreshes += name == "refresh" ? 1 : 0;
    }
    BOOST_TEST(bursts == dram["bursts"].get<long>());
    BOOST_TEST(rows == dram["activates"].get<long>());
    BOOST_TEST(refreshes == dram["refreshes"].get<long>());
    BOOST_TEST(bursts > 0);
}

BOOST_AUTO_TEST_CASE(a_window_of_a_timeline) {
    const std::string command = config("walkthroughs/b_row_stationary.yaml") + " --quiet --timeline t.json";
    BOOST_REQUIRE(run(*this, command + " --timeline-from 20 --timeline-to 25").code == 0);
    const json timeline = json::parse(read(file("t.json")));
    for (const json& event : timeline["traceEvents"]) {
        if (event["ph"] != "X") continue;
        BOOST_TEST(event["args"]["cycle"] >= 20);
        BOOST_TEST(event["args"]["cycle"] <= 25);
    }
    BOOST_TEST(run(*this, command + " --timeline-from 9 --timeline-to 8").out ==
               "error: --timeline-to 8 is before --timeline-from 9\n");
    BOOST_TEST(run(*this, config("runs/alexnet_16.yaml") + " --timeline t.json").code == 2);
}

BOOST_AUTO_TEST_CASE(two_results_side_by_side) {
    const std::string command = config("walkthroughs/b_row_stationary.yaml") + " --quiet";
    BOOST_REQUIRE(run(*this, command + " --json a.json").code == 0);
    BOOST_REQUIRE(run(*this, command + " --json b.json --set architecture.levels.GB.latency_cycles=4").code == 0);
    const Outcome same = run(*this, "diff a.json a.json");
    BOOST_TEST(same.code == 0);
    BOOST_TEST(same.out == "nothing differs\n");
    const Outcome differs = run(*this, "diff a.json b.json --csv d.csv");
    BOOST_TEST(differs.code == 1);
    const json a = json::parse(read(file("a.json"))), b = json::parse(read(file("b.json")));
    BOOST_TEST(differs.out.find("cycle_breakdown.stall.startup") != std::string::npos);
    BOOST_TEST(differs.out.find("levels") == std::string::npos);
    // The whole's figures come first, with units: a cycle is a nanosecond here.
    const std::string time = a["cycles"].dump() + " ns";
    BOOST_TEST(differs.out.find(time) != std::string::npos, differs.out);
    BOOST_TEST(differs.out.find(time) < differs.out.find("cycle_breakdown"));
    BOOST_TEST(read(file("d.csv")).find("\"cycles\"," + a["cycles"].dump() + "," + b["cycles"].dump() + "\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_result_is_refused) {
    std::ofstream(file("bad.json")) << "{\"a\": ";
    std::ofstream(file("other.json")) << "{\"a\": 1}";
    std::ofstream(file("left.json")) << "{\"schema\": \"accelsim-result-1\"}";
    std::ofstream(file("right.json")) << "{\"schema\": \"accelsim-network-1\"}";
    BOOST_TEST(run(*this, "diff none.json other.json").out == "error: cannot read none.json\n");
    BOOST_TEST(run(*this, "diff bad.json other.json").out ==
               "error: bad.json:1:7: not JSON from here on; give a file that accelsim wrote with --json\n");
    std::ofstream(file("large.json")) << "{\"schema\": \"accelsim-result-1\", \"cycles\": 9999e999}";
    BOOST_TEST(run(*this, "diff large.json other.json").out ==
               "error: large.json: a number in it is too large; give a file that accelsim wrote with --json\n");
    BOOST_TEST(run(*this, "diff other.json other.json").out ==
               "error: other.json has no 'schema': give a file that accelsim wrote with --json\n");
    BOOST_TEST(
        run(*this, "diff left.json right.json").out ==
        "error: left.json is of schema accelsim-result-1, right.json of accelsim-network-1: they have no figures in common\n");
    BOOST_TEST(run(*this, "diff left.json").code == 2);
}

Design design_of(const std::string& file, const std::vector<std::string>& overrides = {}) {
    const RunConfig config = load_run(file, overrides);
    return lower(config.workload, config.architecture, config.nest, config.name);
}

BOOST_AUTO_TEST_CASE(the_size_of_a_waveform_is_known_before) {
    // PEs whose operands are not padding all the time.
    for (const std::string name : {"first_run.yaml", "runs/alexnet_conv3_rs.yaml", "runs/einsum_attention_scores.yaml"}) {
        BOOST_TEST_CONTEXT(name) {
            for (const auto& [from, to] : {std::pair{0, 30'000}, {20'000, 30'000}}) {
                const std::string window = " --vcd-from " + std::to_string(from) + " --vcd-to " + std::to_string(to);
                BOOST_REQUIRE(run(*this, config(name) + " --quiet --vcd w.vcd --vcd-pe 60 --vcd-pe 100" + window).code == 0);
                const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(file("w.vcd")));
                const std::int64_t estimate =
                    estimate_vcd_bytes({file("w.vcd"), false, from, to, {60, 100}}, design_of(config(name)));
                BOOST_TEST(estimate > bytes / 2);
                BOOST_TEST(estimate < bytes * 2);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_huge_waveform_is_named_before_it_is_written) {
    const Design first = design_of(config("first_run.yaml"));
    BOOST_TEST(
        note_of_size({"w.vcd", false, 0, -1, {0, 255}}, first) ==
        "note: w.vcd will take about 127 MB. Up to 100 MB open with ease: take a window (--vcd-to 400000), or write --fst");
    BOOST_TEST(
        note_of_size({"w.vcd", false, 1000, -1, std::vector<int>(256, 0)}, first) ==
        "note: w.vcd will take about 9.9 GB. Up to 100 MB open with ease: take a window (--vcd-from 1000 --vcd-to 6000), or "
        "write --fst");
    BOOST_TEST(note_of_size({"w.vcd", false, 0, 3000, {0, 255}}, first) == "");
    BOOST_TEST(note_of_size({"w.fst", true, 0, -1, {0, 255}}, first) == "");
    BOOST_TEST(note_of_size({}, first) == "");
}

BOOST_AUTO_TEST_CASE(a_build_without_the_writer_of_fst_says_so) {
    const std::string first = config("first_run.yaml");
    const Outcome fst = run(*this, first + " --quiet --fst w.fst --vcd-to 100");
    if (fst.code == 0) {
        BOOST_TEST(std::filesystem::exists(file("w.gtkw")));
        BOOST_TEST(run(*this, first + " --fst /proc/none/w.fst").out ==
                   "error: cannot write /proc/none/w.fst: No such file or directory\n");
    } else {  // built on a machine without the writer
        BOOST_TEST(fst.out ==
                   "error: cannot write w.fst: this build has no writer of FST; install Debian's packages verilator (its source "
                   "fstapi.c) and zlib1g-dev and build again, or write VCD\n");
    }
}

BOOST_AUTO_TEST_CASE(the_machine_as_a_picture) {
    BOOST_REQUIRE(run(*this, "explain " + config("first_run.yaml") + " --svg m.svg").code == 0);
    const std::string picture = read(file("m.svg"));
    for (const char* part : {"GlobalBuffer, 128 KiB", "rows C in 0..16", "for K in 0..12 by 32", "PEs: 16 x 16",
                             "MAC: alexnet_conv3", "input: systolic, 16 tiles for 256 PEs",
                             "weight: multicast, each its own tile", "output: systolic reduction, 16 tiles of 256 PEs"})
        BOOST_TEST(picture.find(part) != std::string::npos, part);
    // Those of docs/see.md are as drawn now; tests/regenerate.sh writes them anew.
    BOOST_TEST(picture == read(std::string(ACCELSIM_SOURCE_DIR) + "/docs/see/first_run.svg"));
    BOOST_REQUIRE(run(*this, "explain " + config("runs/alexnet_conv3_rs.yaml") + " --svg rs.svg").code == 0);
    BOOST_TEST(read(file("rs.svg")) == read(std::string(ACCELSIM_SOURCE_DIR) + "/docs/see/alexnet_conv3_rs.svg"));
    // One arrow per tensor and boundary.
    std::size_t arrows = 0;
    for (std::size_t at = picture.find("<line"); at != std::string::npos; at = picture.find("<line", at + 1)) ++arrows;
    BOOST_TEST(arrows == 6U);
}

BOOST_AUTO_TEST_CASE(every_command_is_in_the_manual_and_completed) {
    const std::string manual = read(std::string(ACCELSIM_SOURCE_DIR) + "/docs/accelsim.1");
    const std::string completion = read(std::string(ACCELSIM_SOURCE_DIR) + "/docs/accelsim.bash");
    for (const std::string command : {"explain", "validate", "optimize", "sweep", "compare", "import", "diff", "dram", "rtl"}) {
        BOOST_TEST(run(*this, command + " --help").code == 0, command);
        BOOST_TEST(manual.find(".B " + command + "\n") != std::string::npos, command);
        BOOST_TEST(completion.find(command) != std::string::npos, command);
    }
    const std::string help = run(*this, "--help").out;
    for (const std::string command : {"explain", "validate", "optimize", "sweep", "compare", "import", "diff", "dram", "rtl"})
        BOOST_TEST(help.find("\n  " + command + " ") != std::string::npos, command);
    int options = 0;
    for (std::size_t at = help.find("--"); at != std::string::npos; at = help.find("--", at + 2)) {
        std::string option = help.substr(at + 2, help.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at + 2) - at - 2);
        BOOST_TEST((option == "help" || manual.find("\\-\\-" + option) != std::string::npos), option);
        ++options;
    }
    BOOST_TEST(options > 20);
    // A command that is missing here would be missing in all of them.
    const std::string source = read(std::string(ACCELSIM_SOURCE_DIR) + "/sim/program/main.cpp");
    for (std::size_t at = source.find("_command}"); at != std::string::npos; at = source.find("_command}", at + 1)) {
        const std::size_t name = source.rfind(' ', at) + 1;
        BOOST_TEST(manual.find(".B " + source.substr(name, at - name) + "\n") != std::string::npos,
                   source.substr(name, at - name));
    }
    const std::string complete = "bash -c 'source " + std::string(ACCELSIM_SOURCE_DIR) +
                                 "/docs/accelsim.bash; COMP_WORDS=(\"$ACCELSIM_PROGRAM\" validate --max); COMP_CWORD=2; "
                                 "_accelsim; echo ${COMPREPLY[@]}' > " +
                                 file("completed.txt");
    BOOST_TEST(std::system(complete.c_str()) == 0);
    BOOST_TEST(read(file("completed.txt")) == "--max-error\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
