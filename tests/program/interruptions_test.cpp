// SPDX-License-Identifier: Apache-2.0
// What is left behind when the machine below gives way: files are whole or not there, and the message says what happened.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <set>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const char* const small =
    " --set workload.dimensions.K=32 --set workload.dimensions.C=32 --set mapping.nest.DRAM.for.K=1 "
    "--set mapping.nest.DRAM.for.C=1 ";

/// Millions of cycles, one by one.
const char* const long_run = R"(name: long
workload: {type: gemm, dimensions: {N: 1000000, K: 2, C: 2}, bits: {input: 16, weight: 16, output: 32}}
architecture:
  name: small
  clock_mhz: 1000
  levels:
    - {name: DRAM, type: dram, width_bits: 64, latency_cycles: 2}
    - {name: PE, type: array, rows: 2, columns: 2}
    - {name: RF, type: buffer, capacity: 4 KiB, depth: 2, width_bits: 32, latency_cycles: 0}
    - {name: MAC, type: mac, latency_cycles: 2}
mapping:
  nest:
    - {level: DRAM, for: [N: 500000]}
    - {level: PE, rows: [N: 2], columns: [K: 2]}
    - {level: RF, for: [C: 2]}
)";

std::set<std::string> files_in(const Scratch& scratch) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(scratch.folder)) names.insert(entry.path().filename().string());
    names.erase("stdout.txt");
    return names;
}

/// A line of shell in the scratch folder, in which $P is the program.
Outcome shell(const Scratch& scratch, const std::string& script) {
    std::ofstream(scratch.file("script.sh"))
        << "P='" << std::getenv("ACCELSIM_PROGRAM") << "'\ncd " << scratch.folder.string() << '\n'
        << script << '\n';
    const int status = std::system(("bash " + scratch.file("script.sh") + " > " + scratch.file("stdout.txt") + " 2>&1").c_str());
    fs::remove(scratch.file("script.sh"));
    return {WEXITSTATUS(status), read(scratch.file("stdout.txt"))};
}

/// Starts the long run, waits until its waveform grows, and sends it the signal.
Outcome stop_long_run(const Scratch& scratch, const std::string& signal) {
    std::ofstream(scratch.file("long.yaml")) << long_run;
    return shell(scratch,
                 "$P long.yaml --single-step --json r.json --transactions t.csv --vcd w.vcd & pid=$!\n"
                 "while [ ! -s w.tmp$pid.vcd ] && kill -0 $pid; do sleep 0.02; done; sleep 0.2; kill -" +
                     signal + " $pid; wait $pid");
}

/// 1 block is 1024 bytes. A coverage build would leave cut counters behind, which no later run could add to: it writes none.
const std::string short_files = "export GCOV_PREFIX=/dev/null GCOV_ERROR_FILE=/dev/null; ulimit -f 1; ";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(interruptions, Scratch)

BOOST_AUTO_TEST_CASE(ctrl_c_leaves_a_partial_report_and_a_valid_waveform) {
    for (const auto& [signal, code] : {std::pair{"INT", 130}, std::pair{"TERM", 143}}) {
        const Outcome outcome = stop_long_run(*this, signal);
        BOOST_TEST(outcome.code == code);
        // Behind a note on the waveform's size.
        BOOST_TEST(outcome.out.find("\ninterrupted: ") != std::string::npos, outcome.out);
        BOOST_TEST(outcome.out.find("\n  busy ") != std::string::npos, outcome.out);
        BOOST_TEST(outcome.out.find("error: interrupted in cycle ") != std::string::npos, outcome.out);
        BOOST_TEST(files_in(*this) == (std::set<std::string>{"long.yaml", "w.vcd", "w.gtkw", "w.states.txt"}),
                   boost::test_tools::per_element());
        std::ifstream vcd(file("w.vcd"));
        std::string last;
        long long time = -1, times = 0;
        for (std::string line; std::getline(vcd, line); last = line) {
            if (line.starts_with("#")) {
                BOOST_REQUIRE(std::stoll(line.substr(1)) >= time);
                time = std::stoll(line.substr(1));
                ++times;
            }
        }
        BOOST_TEST(times > 1);
        BOOST_TEST(last == "$comment end $end");
        fs::remove(file("w.vcd"));
    }
}

BOOST_AUTO_TEST_CASE(killed_means_no_file_under_its_name) {
    BOOST_TEST(stop_long_run(*this, "KILL").code == 137);
    for (const std::string& name : files_in(*this))
        BOOST_TEST((name == "long.yaml" || name.find(".tmp") != std::string::npos), name);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_named_and_leaves_what_was_there) {
    std::ofstream(file("r.json")) << "older";
    for (const std::string option :
         {"--json r.json", "--transactions t.csv", "--vcd w.vcd", "--fst w.fst", "--dump-output o.npy"}) {
        // None of these files fits.
        const Outcome outcome = shell(*this, short_files + "$P " + config("first_run.yaml") + small + "--quiet " + option);
        BOOST_TEST(outcome.code == 2, option);
        BOOST_TEST(outcome.out.find("error: cannot write ") == 0U, outcome.out);
        BOOST_TEST(files_in(*this) == std::set<std::string>{"r.json"}, boost::test_tools::per_element());
    }
    BOOST_TEST(read(file("r.json")) == "older");
    const Outcome rtl = shell(*this, short_files + "$P rtl " + config("walkthroughs/c_output_stationary.yaml") + " -o rtl");
    BOOST_TEST(rtl.code == 2);
    if (fs::exists(file("rtl"))) BOOST_TEST(fs::is_empty(file("rtl")));
}

BOOST_AUTO_TEST_CASE(a_report_that_nobody_takes_is_an_error) {
    for (const std::string words : {"", "explain ", "--help "}) {
        const Outcome outcome = shell(*this, "$P " + words + config("first_run.yaml") + small + "> /dev/full");
        BOOST_TEST(outcome.code == 2, words);
        BOOST_TEST(outcome.out == "error: cannot write to the standard output\n");
    }
    // A reader that goes away ends nothing by a signal.
    BOOST_TEST(shell(*this, "$P " + config("first_run.yaml") + small + "--json r.json | true; exit ${PIPESTATUS[0]}").code == 2);
    BOOST_TEST(json::parse(read(file("r.json"))).contains("cycles"));
}

BOOST_AUTO_TEST_CASE(pipes_and_links_stay_what_they_are) {
    const std::string run = "$P " + config("first_run.yaml") + small + "--quiet --json ";
    const Outcome piped = shell(*this, "mkfifo pipe; cat pipe > taken & " + run + "pipe; wait; test -p pipe");
    BOOST_TEST(piped.code == 0, piped.out);
    BOOST_TEST(json::parse(read(file("taken"))).contains("cycles"));
    BOOST_TEST(files_in(*this) == (std::set<std::string>{"pipe", "taken"}), boost::test_tools::per_element());
    const Outcome linked = shell(*this, "ln -s target link; " + run + "link; test -L link");
    BOOST_TEST(linked.code == 0, linked.out);
    BOOST_TEST(json::parse(read(file("target"))).contains("cycles"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_takes_no_files_is_named) {
    const Outcome outcome = shell(*this, "$P " + config("first_run.yaml") + small + "--quiet --json /proc/r.json");
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.out.find("error: cannot write /proc/r.json: ") == 0U, outcome.out);
}

BOOST_AUTO_TEST_CASE(a_read_only_folder_stays_as_it_is) {
    // Root may write everywhere; then there is nothing to see.
    const Outcome outcome = shell(*this, "mkdir ro; chmod 555 ro; touch ro/probe 2>/dev/null && exit 77; $P " +
                                             config("first_run.yaml") + small + "--quiet --json ro/r.json --vcd ro/w.vcd");
    if (outcome.code != 77) {
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.out.find("error: cannot write ro/") == 0U, outcome.out);
        BOOST_TEST(fs::is_empty(folder / "ro"));
    }
    fs::permissions(folder / "ro", fs::perms::owner_all);
}

/// Files from the future: a machine whose clock was wrong, or a checkout from another one.
BOOST_AUTO_TEST_CASE(files_of_the_future_are_read_and_replaced) {
    const std::string run = "$P " + config("first_run.yaml") + small + "--quiet --json r.json";
    const Outcome outcome =
        shell(*this, "cp " + config("first_run.yaml") + " .; touch -d '2099-01-01' first_run.yaml r.json; " + run);
    BOOST_TEST(outcome.code == 0, outcome.out);
    BOOST_TEST(json::parse(read(file("r.json"))).contains("cycles"));
}

#if !defined(__SANITIZE_ADDRESS__)  // which needs terabytes of addresses
BOOST_AUTO_TEST_CASE(too_little_memory_is_named) {
    std::ofstream(file("long.yaml")) << long_run;
    const Outcome outcome = shell(*this,
                                  "ulimit -v 60000; $P long.yaml --json r.json --set workload.dimensions.N=100000000 "
                                  "--set mapping.nest.DRAM.for.N=50000000");
    BOOST_TEST(outcome.code == 3);
    BOOST_TEST(outcome.out.find("error: the simulation cannot proceed: there is not enough memory") == 0U, outcome.out);
    BOOST_TEST(files_in(*this) == std::set<std::string>{"long.yaml"}, boost::test_tools::per_element());
}
#endif

BOOST_AUTO_TEST_CASE(two_runs_may_write_to_one_place) {
    const std::string one = "$P " + config("first_run.yaml") + small + "--quiet --json r.json --vcd w.vcd --vcd-to 500 & ";
    BOOST_TEST(shell(*this, one + one + one + one + "wait").out == "");
    BOOST_TEST(files_in(*this) == (std::set<std::string>{"r.json", "r.resolved.yaml", "w.vcd", "w.gtkw", "w.states.txt"}),
               boost::test_tools::per_element());
    BOOST_TEST(json::parse(read(file("r.json")))["verified"]["mismatches"] == 0);
    const std::string vcd = read(file("w.vcd"));
    BOOST_TEST(vcd.find("$date") == 0U);
    BOOST_TEST(vcd.find("$date", 1) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
