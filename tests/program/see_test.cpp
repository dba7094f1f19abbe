// SPDX-License-Identifier: Apache-2.0
// What makes runs visible: timelines, differences.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>

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

BOOST_AUTO_TEST_CASE(a_timeline_shows_the_banks) {
    const std::string command = config("runs/fc_4096_ddr4.yaml") +
                                " --quiet --set workload.dimensions.K=256 --set workload.dimensions.C=1024"
                                " --set mapping.nest.DRAM.for.K=4 --set mapping.nest.DRAM.for.C=4";
    const Outcome outcome = run(*this, command + " --json r.json --timeline t.json --dram-commands c.txt");
    BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.out);
    const json timeline = json::parse(read(file("t.json"))), dram = json::parse(read(file("r.json")))["dram"];
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
    for (const json& event : json::parse(read(file("t.json")))["traceEvents"]) {
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
    BOOST_TEST(read(file("d.csv")).find("\"cycles\"," + a["cycles"].dump() + "," + b["cycles"].dump() + "\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_result_is_refused) {
    std::ofstream(file("bad.json")) << "{\"a\": ";
    std::ofstream(file("other.json")) << "{\"a\": 1}";
    std::ofstream(file("left.json")) << "{\"schema\": \"accelsim-result-1\"}";
    std::ofstream(file("right.json")) << "{\"schema\": \"accelsim-network-1\"}";
    BOOST_TEST(run(*this, "diff none.json other.json").out == "error: cannot read none.json\n");
    BOOST_TEST(run(*this, "diff bad.json other.json").out.starts_with("error: bad.json is not JSON: "));
    BOOST_TEST(run(*this, "diff other.json other.json").out ==
               "error: other.json has no 'schema': give a file that accelsim wrote with --json\n");
    BOOST_TEST(
        run(*this, "diff left.json right.json").out ==
        "error: left.json is of schema accelsim-result-1, right.json of accelsim-network-1: they have no figures in common\n");
    BOOST_TEST(run(*this, "diff left.json").code == 2);
}

/// The JSON in a page's element "data".
json data_of(const std::string& page) {
    const std::string open = "id=\"data\">";
    const std::size_t begin = page.find(open) + open.size();
    return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

BOOST_AUTO_TEST_CASE(a_page_needs_nothing_else) {
    BOOST_REQUIRE(run(*this, config("walkthroughs/b_row_stationary.yaml") + " --quiet --html p.html --json r.json").code == 0);
    const std::string page = read(file("p.html"));
    for (const char* outside : {"<script src", "<link", "@import", "<img", "url(http"})
        BOOST_TEST(page.find(outside) == std::string::npos, outside);
    json data = data_of(page), result = json::parse(read(file("r.json")));
    data["result"].erase("host");
    result.erase("host");
    BOOST_TEST(data["result"] == result);
    // Over time: what the array did adds up to its cycles, no buffer has more tiles than slots.
    std::map<std::string, double> all;
    for (const auto& [name, stretches] : data["activity"]["array"].items()) {
        for (const json& cycles : stretches) all[name] += cycles.get<double>();
    }
    BOOST_TEST(all["busy"] == result["cycle_breakdown"]["busy"].get<double>());
    BOOST_TEST(all["input@RF"] == result["cycle_breakdown"]["stall"]["input@RF"].get<double>());
    for (const auto& [place, series] : data["activity"]["slots"].items()) {
        double most = 0;
        for (const json& taken : series["taken"]) most = std::max(most, taken.get<double>());
        BOOST_TEST(most > 0, place);
        BOOST_TEST(most <= series["depth"].get<double>(), place);
    }
}

BOOST_AUTO_TEST_CASE(names_cannot_break_a_page) {
    std::string text = read(config("walkthroughs/b_row_stationary.yaml"));
    std::ofstream(file("run.yaml")) << text << "\nname: \"</script><b>&\"\n";
    const Outcome outcome = run(*this, "run.yaml --quiet --html p.html");
    if (outcome.code != 0) return;  // such a name is refused
    BOOST_TEST(read(file("p.html")).find("</script><b>") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_draw_themselves) {
    if (std::system("command -v chromium > /dev/null") != 0) {
        BOOST_TEST_MESSAGE("skipped: no browser (Debian's chromium)");
        std::cout << "pages_draw_themselves skipped: needs Debian's chromium\n";
        return;
    }
    BOOST_REQUIRE(run(*this, config("walkthroughs/b_row_stationary.yaml") + " --quiet --html run.html --json run.json").code ==
                  0);
    BOOST_REQUIRE(
        run(*this, "validate " + config("walkthroughs/b_row_stationary.yaml") + " --html validation.html --json validation.json")
            .code == 0);
    BOOST_REQUIRE(
        run(*this, config("runs/alexnet_16.yaml") + " --quiet --set data=off --html network.html --json network.json").code == 0);
    for (const std::string name : {"run", "validation", "network"}) {
        BOOST_TEST_CONTEXT(name) {
            const std::string command =
                "cd " + folder.string() +
                " && timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
                "--disable-background-networking --disable-component-update --disable-sync --user-data-dir=profile "
                "--enable-logging=stderr "
                "--virtual-time-budget=5000 --dump-dom " +
                name + ".html > dom.txt 2> log.txt";
            BOOST_REQUIRE(std::system(command.c_str()) == 0);
            const std::string dom = read(file("dom.txt"));
            BOOST_TEST(read(file("log.txt")).find("CONSOLE") == std::string::npos);
            BOOST_TEST(dom.find("data-drawn=\"yes\"") != std::string::npos);
            const json written = json::parse(read(file(name + ".json")));
            const json& figures = written.contains("simulated") ? written["simulated"]
                                  : written.contains("total")   ? written["total"]
                                                                : written;
            std::string cycles = figures["cycles"].dump();
            for (std::size_t at = cycles.size(); at > 3;) cycles.insert(at -= 3, ",");
            BOOST_TEST(dom.find("<b id=\"cycles\">" + cycles + "</b>") != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_machine_as_a_picture) {
    BOOST_REQUIRE(run(*this, "explain " + config("first_run.yaml") + " --svg m.svg").code == 0);
    const std::string picture = read(file("m.svg"));
    for (const char* part :
         {"GlobalBuffer, 128 KiB", "rows C in 0..16", "for K in 0..12 by 32", "PEs: 16 x 16", "MAC: alexnet_conv3"})
        BOOST_TEST(picture.find(part) != std::string::npos, part);
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
