// SPDX-License-Identifier: Apache-2.0
// accelsim sweep: the figures of single runs, and nothing that has ended is lost or run again, whatever is killed.
#include <sys/types.h>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <tuple>

#include "sim/program/sweep/store.hpp"
#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;
using Points = std::map<std::string, StoredPoint>;

struct SweepScratch : Scratch {
    void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }
    Points stored(const std::string& name = "out/sweep.sqlite") const { return SweepStore(file(name)).all(); }
    /// Writes sweep.yaml: points that take long enough to be killed in between.
    void write_slow() const {
        write("sweep.yaml", "sweep:\n  run: first_run.yaml\n  grid: {data.seed: [1, 2, 3, 4, 5, 6, 7, 8]}\n");
    }
    /// Starts the sweep with one process at a time and waits until `count` points are stored.
    pid_t start_and_wait_for(std::size_t count) const;
};

pid_t SweepScratch::start_and_wait_for(std::size_t count) const {
    const pid_t pid = ::fork();
    BOOST_REQUIRE(pid >= 0);
    if (pid == 0) {
        if (::chdir(folder.c_str()) == 0)
            ::execl(std::getenv("ACCELSIM_PROGRAM"), "accelsim", "sweep", "sweep.yaml", "-j1", "--quiet", nullptr);
        ::_exit(1);
    }
    while (!std::filesystem::exists(file("out/sweep.sqlite")) || stored().size() < count)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return pid;
}

int wait_for(pid_t pid) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// The process that runs a point; 0 between two points.
pid_t child_of(pid_t pid) {
    std::ifstream children("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
    pid_t child = 0;
    children >> child;
    return child;
}

/// Every point of `before` is in `after` as it was: not run again, which would take other seconds.
bool kept(const Points& before, const Points& after) {
    for (const auto& [fingerprint, point] : before) {
        if (point.state == "failed") continue;
        const auto found = after.find(fingerprint);
        if (found == after.end() || found->second.seconds != point.seconds || found->second.result != point.result) return false;
    }
    return true;
}

bool all_done(const Points& points) {
    for (const auto& [fingerprint, point] : points)
        if (point.state != "done") return false;
    return true;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sweeps, SweepScratch)

BOOST_AUTO_TEST_CASE(figures_are_those_of_single_runs) {
    write("sweep.yaml",
          "sweep:\n  run: walkthroughs/a_weight_stationary.yaml\n"
          "  grid: {architecture.levels.DRAM.width_bits: [32, 64]}\n"
          "  points: [{data.seed: 1}, {data.seed: 2, architecture.levels.DRAM.latency_cycles: 9}]\n");
    const Outcome whole = run(*this, "sweep sweep.yaml --csv sweep.csv");
    BOOST_REQUIRE_EQUAL(whole.code, 0);
    const Points points = stored();
    BOOST_REQUIRE_EQUAL(points.size(), 4U);
    for (const auto& [fingerprint, point] : points) {
        std::string sets;
        const json settings = json::parse(point.settings);
        for (const auto& [path, value] : settings.items()) sets += " --set " + path + "=" + value.get<std::string>();
        BOOST_REQUIRE_EQUAL(run(*this, config("walkthroughs/a_weight_stationary.yaml") + sets + " --quiet --json one.json").code,
                            0);
        json one = json::parse(read(file("one.json"))), swept = json::parse(point.result);
        one.erase("host"), swept.erase("host");
        BOOST_TEST(one == swept);
        BOOST_TEST(read(file("sweep.csv")).find("," + std::to_string(one["cycles"].get<std::int64_t>()) + ",") !=
                   std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(marks_say_what_each_point_is_to_all_others) {
    write("sweep.yaml",
          "sweep:\n  run: walkthroughs/a_weight_stationary.yaml\n  points:\n"
          "    - {architecture.levels.DRAM.width_bits: 64, architecture.levels.MAC.energy_pj: 3}\n"
          "    - {architecture.levels.DRAM.width_bits: 64, architecture.levels.MAC.energy_pj: 2}\n"
          "    - {architecture.levels.DRAM.width_bits: 32, architecture.levels.MAC.energy_pj: 1}\n"
          "    - {architecture.levels.DRAM.width_bits: 32, architecture.levels.MAC.energy_pj: 3}\n");
    const Outcome outcome = run(*this, "sweep sweep.yaml --csv sweep.csv");
    BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.out);
    struct Point {
        long cycles;
        double energy_pj;
        std::string marks;
    };
    std::vector<Point> points;
    std::istringstream lines(read(file("sweep.csv")));
    std::string line;
    for (std::getline(lines, line); std::getline(lines, line);) {
        std::vector<std::string> fields;  // two settings, state, cycles, busy, macs, utilization, energy, DRAM words, marks
        std::istringstream row(line);
        for (std::string field; std::getline(row, field, ',');) fields.push_back(field);
        fields.resize(10);
        points.push_back({std::stol(fields[3]), std::stod(fields[7]), fields[9]});
    }
    std::multiset<std::string> seen;
    for (const Point& point : points) {
        bool least_energy = true, fewest_cycles = true, beaten = false;
        for (const Point& other : points) {
            const bool faster = other.cycles < point.cycles, cheaper = other.energy_pj < point.energy_pj;
            least_energy = least_energy && !cheaper;
            fewest_cycles = fewest_cycles && !faster;
            beaten = beaten || (faster && other.energy_pj <= point.energy_pj) || (cheaper && other.cycles <= point.cycles);
        }
        const std::string marks = std::string(least_energy ? "E" : "") + (fewest_cycles ? "C" : "") + (beaten ? "" : "P");
        BOOST_TEST(point.marks == marks, point.cycles << " cycles, " << point.energy_pj << " pJ: " << point.marks);
        seen.insert(marks);
    }
    BOOST_TEST((seen == std::multiset<std::string>{"", "C", "CP", "EP"}));
}

BOOST_AUTO_TEST_CASE(a_killed_sweep_goes_on_where_it_was) {
    write_slow();
    const pid_t pid = start_and_wait_for(2);
    ::kill(pid, SIGKILL);
    BOOST_TEST(wait_for(pid) == -SIGKILL);
    const Points before = stored();
    BOOST_TEST(run(*this, "sweep sweep.yaml --quiet").code == 0);
    const Points after = stored();
    BOOST_TEST(after.size() == 8U);
    BOOST_TEST(all_done(after));
    BOOST_TEST(kept(before, after));
}

BOOST_AUTO_TEST_CASE(a_killed_worker_loses_its_point_alone) {
    write_slow();
    const pid_t pid = start_and_wait_for(1);
    pid_t child = 0;
    while ((child = child_of(pid)) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ::kill(child, SIGKILL);
    BOOST_TEST(wait_for(pid) == 1);
    const Points before = stored();
    BOOST_TEST(before.size() == 8U);
    int failed = 0;
    for (const auto& [fingerprint, point] : before) {
        failed += point.state == "failed" ? 1 : 0;
        if (point.state == "failed") BOOST_TEST(point.message == "its process ended with signal 9");
    }
    BOOST_TEST(failed == 1);
    BOOST_TEST(run(*this, "sweep sweep.yaml --quiet").code == 0);
    const Points after = stored();
    BOOST_TEST(all_done(after));
    BOOST_TEST(kept(before, after));
}

BOOST_AUTO_TEST_CASE(a_full_disk_keeps_what_is_there) {
    write("sweep.yaml",
          "sweep:\n  run: walkthroughs/a_weight_stationary.yaml\n  grid: {data.seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}\n");
    // A coverage build would leave cut counters behind; it writes none.
    write("full.sh",
          "trap '' XFSZ\nexport GCOV_PREFIX=/dev/null GCOV_ERROR_FILE=/dev/null\nulimit -f 80\nexec \"$ACCELSIM_PROGRAM\" sweep "
          "sweep.yaml -j 1\n");
    const int status = std::system(("cd " + folder.string() + " && sh full.sh > full.txt 2>&1").c_str());
    BOOST_TEST(WEXITSTATUS(status) == 2);
    BOOST_TEST(read(file("full.txt")).find("what is in it stays, and the same command goes on from there") != std::string::npos);
    const Points before = stored();
    BOOST_TEST(before.size() > 0U);
    BOOST_TEST(before.size() < 10U);
    BOOST_TEST(run(*this, "sweep sweep.yaml --quiet").code == 0);
    const Points after = stored();
    BOOST_TEST(after.size() == 10U);
    BOOST_TEST(all_done(after));
    BOOST_TEST(kept(before, after));
}

BOOST_AUTO_TEST_CASE(limits_end_a_point_and_no_other) {
#ifdef __SANITIZE_ADDRESS__
    const char* const too_large = "";  // programs with the sanitizer's shadow are not limited
#else
    const char* const too_large = "    - {workload.dimensions.N: 100000, mapping.nest.DRAM.for: [N: 100000, K: 12, C: 8]}\n";
#endif
    write("sweep.yaml", std::string("sweep:\n  run: first_run.yaml\n  limits: {seconds: 1, memory: 300 MiB}\n  points:\n"
                                    "    - {workload.dimensions.K: 32, mapping.nest.DRAM.for: [C: 8]}\n"
                                    "    - {workload.dimensions.N: 100, mapping.nest.DRAM.for: [N: 100, K: 12, C: 8]}\n") +
                            too_large);
    BOOST_TEST(run(*this, "sweep sweep.yaml -j 1").code == 0);
    std::map<std::string, int> messages;
    for (const auto& [fingerprint, point] : stored()) ++messages[point.state + " " + point.message];
    BOOST_TEST(messages["done "] == 1);
    BOOST_TEST(messages["limit took longer than 1 s"] == 1);
    BOOST_TEST(messages["limit needs more memory than 300 MiB"] == (*too_large == '\0' ? 0 : 1));
}

BOOST_AUTO_TEST_CASE(parts_make_the_whole) {
    write("sweep.yaml",
          "sweep:\n  run: walkthroughs/a_weight_stationary.yaml\n  grid: {data.seed: [1, 2, 3, 4, 5], name: [one, two]}\n");
    for (const char* part : {"1/3", "2/3", "3/3"})
        BOOST_TEST(run(*this, std::string("sweep sweep.yaml --part ") + part).code == 0);
    BOOST_TEST(stored("out/sweep.sqlite.part1of3").size() == 4U);
    BOOST_TEST(run(*this, "sweep sweep.yaml --collect").out.find("not run") == std::string::npos);
    BOOST_TEST(stored().size() == 10U);
    BOOST_TEST(all_done(stored()));
}

BOOST_AUTO_TEST_CASE(a_changed_file_makes_new_points) {
    write("run.yaml", read(config("walkthroughs/a_weight_stationary.yaml")));
    write("sweep.yaml", "sweep:\n  run: run.yaml\n  grid: {data.seed: [1, 2]}\n");
    BOOST_TEST(run(*this, "sweep sweep.yaml").code == 0);
    BOOST_TEST(run(*this, "sweep sweep.yaml").code == 0);
    BOOST_TEST(stored().size() == 2U);
    write("run.yaml", read(config("walkthroughs/a_weight_stationary.yaml")) + "simulation: {advance: single_step}\n");
    BOOST_TEST(run(*this, "sweep sweep.yaml").code == 0);
    BOOST_TEST(stored().size() == 4U);
}

BOOST_AUTO_TEST_CASE(mistakes_have_a_place_and_a_way_out) {
    const std::string run_line = "sweep:\n  run: first_run.yaml\n";
    const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
        {run_line, "", "sweep.yaml:2:3: 'sweep' varies nothing; give a 'grid' or 'points'"},
        {run_line + "  grid: {data.seed: 3}\n", "",
         "sweep.yaml:3:21: 'data.seed' in 'grid' must be a list such as [64, 128], not '3'"},
        {run_line + "  grid: {data.seed: []}\n", "", "sweep.yaml:3:10: 'data.seed' in 'grid' has no values"},
        {run_line + "  grid: {data..seed: [1]}\n", "", "sweep.yaml:3:10: 'data..seed' must have the form path.to.key"},
        {run_line + "  points: []\n", "", "sweep.yaml:3:11: 'points' of 'sweep' is empty; leave it out for the grid alone"},
        {run_line + "  grid: {data.seed: [1]}\n  points: [{data.seed: 2}]\n", "",
         "sweep.yaml:4:13: 'data.seed' is in 'grid' already"},
        {run_line + "  grid: {data.seed: [1]}\n  limit: {seconds: 1}\n", "",
         "sweep.yaml:4:3: unknown key 'limit' in 'sweep'; did you mean 'limits'?"},
        {run_line + "  grid: {architecture.levels.GB.width_bits: [8]}\n", "",
         "no point of the sweep is a run; the first: sweep.yaml:3:10: no element 'GB' in 'architecture.levels'; known: DRAM, "
         "GlobalBuffer, PEs, "
         "RegisterFile, MAC"},
        {"sweep: {run: nowhere.yaml, grid: {data.seed: [1]}}\n", "",
         "sweep.yaml:1:14: 'run' in 'sweep': file 'nowhere.yaml' not found (neither beside this file, nor in the data "
         "directory " +
             config("").substr(0, config("").size() - 1) + ")"},
        {run_line + "  grid: {data.seed: [1]}\n", " --part 3/2",
         "--part: '3/2' is not of the form 2/8, the second of eight parts"}};
    for (const auto& [text, options, message] : cases) {
        write("sweep.yaml", text);
        const Outcome outcome = run(*this, "sweep sweep.yaml" + options);
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.out == "error: " + message + "\n");
    }
    write("sweep.yaml", run_line + "  grid: {data.seed: [1]}\n");
    write("text.sqlite",
          "this is no database, but it is longer than a header of one hundred bytes, so that it is read and refused .....\n");
    BOOST_TEST(
        run(*this, "sweep sweep.yaml -o text.sqlite").out ==
        "error: cannot use the store text.sqlite: file is not a database; what is in it stays, and the same command goes on "
        "from there\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
