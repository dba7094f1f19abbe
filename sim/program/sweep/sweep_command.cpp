// SPDX-License-Identifier: Apache-2.0
#include "sim/program/sweep/sweep_command.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>

#include "sim/files/output_file.hpp"
#include "sim/program/command_line.hpp"
#include "sim/program/network_run.hpp"
#include "sim/program/progress.hpp"
#include "sim/program/see/page.hpp"
#include "sim/program/sweep/slurm.hpp"
#include "sim/program/sweep/sweep_point.hpp"
#include "sim/program/sweep/sweep_table.hpp"
#include "sim/program/yaml/files.hpp"

namespace accelsim {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* footer =
    R"(A point that has ended is not run again: the same command goes on where a killed one stopped. Points are told apart by everything
that their result depends on, so a changed file makes new points.

Example:
  accelsim sweep configs/sweeps/buffer_and_width.yaml -j 2 --csv out/sweep.csv
  accelsim sweep configs/sweeps/buffer_and_width.yaml --slurm 8    and, when the tasks have ended, the same without --slurm)";

struct SweepOptions {
    std::string file, store, csv, html;
    std::vector<std::string> overrides;
    std::string part;
    int tasks = 0;
    bool collect = false;
    RunOptions run;
};

/// "2/8": the second of eight.
struct Part {
    std::size_t number = 1;
    std::size_t of = 1;
};

Part parse_part(const std::string& text) {
    Part part;
    char rest = 0;
    if (text.size() > 16 || std::sscanf(text.c_str(), "%zu/%zu%c", &part.number, &part.of, &rest) != 2 || part.number < 1 ||
        part.number > part.of || text.find('-') != std::string::npos)
        throw UserError(fmt::format("--part: '{}' is not of the form 2/8, the second of eight parts", text));
    return part;
}

std::string part_store(const std::string& store, const Part& part) {
    return fmt::format("{}.part{}of{}", store, part.number, part.of);
}

/// Stores of parts beside the whole one.
std::vector<fs::path> part_stores(const std::string& store) {
    std::vector<fs::path> found;
    const fs::path whole = fs::absolute(store);
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(whole.parent_path(), ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(whole.filename().string() + ".part") && !name.ends_with("-journal")) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// Indices of the points to run: without those that have ended, each result once.
std::vector<std::size_t> points_to_run(const Sweep& sweep, const std::map<std::string, StoredPoint>& known, const Part& part) {
    std::vector<std::size_t> result;
    std::set<std::string> seen;
    for (std::size_t i = part.number - 1; i < sweep.points.size(); i += part.of) {
        const std::string& fingerprint = sweep.points[i].fingerprint;
        const auto found = known.find(fingerprint);
        const bool ended = found != known.end() && found->second.state != "failed";
        if (!ended && seen.insert(fingerprint).second) result.push_back(i);
    }
    return result;
}

/// A folder that goes with the sweep.
struct Folder {
    fs::path path = fs::temp_directory_path() / fmt::format("accelsim_sweep_{}", ::getpid());
    Folder() { fs::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

void run_points(const Sweep& sweep, SweepStore& store, const Part& part, int processes) {
    std::vector<std::size_t> left;
    for (const std::size_t i : points_to_run(sweep, store.all(), part)) {
        if (sweep.points[i].error.empty())
            left.push_back(i);
        else
            store.put(refused_point(sweep.points[i]));
    }
    const Folder folder;
    std::vector<std::function<std::string()>> jobs;
    for (const std::size_t i : left) {
        jobs.emplace_back([&sweep, &folder, i] {
            const auto begin = Clock::now();
            const std::string result = run_sweep_point(sweep, sweep.points[i], folder.path.string());
            return fmt::format("{} {}", std::chrono::duration<double>(Clock::now() - begin).count(), result);
        });
    }
    Progress progress("points", std::vector<double>(left.size(), 1));
    run_jobs(jobs, processes, [&](std::size_t job, const JobOutcome& outcome) {
        JobOutcome plain = outcome;
        double seconds = 0;
        if (outcome.code == 0) {
            seconds = std::stod(outcome.text);
            plain.text = outcome.text.substr(outcome.text.find(' ') + 1);
        }
        store.put(stored_point(sweep, sweep.points[left[job]], plain, seconds));
        progress.done(job);
    });
}

int failures(const Sweep& sweep, const std::map<std::string, StoredPoint>& points) {
    int count = 0;
    for (const SweepPoint& point : sweep.points) {
        const auto found = points.find(point.fingerprint);
        count += found != points.end() && found->second.state == "failed" ? 1 : 0;
    }
    return count;
}

int submit(const SweepOptions& options) {
    SlurmJob job{options.file, options.store, "", options.tasks};
    for (const std::string& text : options.overrides) job.options += " --set " + shell_quoted(text);
    if (options.run.processes > 0) job.options += fmt::format(" -j {}", options.run.processes);
    const std::string id = submit_to_slurm(job);
    std::cout << fmt::format("Slurm job {} with {} tasks; when they have ended, the same command without --slurm gathers them\n",
                             id, options.tasks);
    return 0;
}

int sweep(const SweepOptions& options) {
    const Sweep sweep = load_sweep(find_file(options.file), options.overrides);
    if (options.tasks > 0) return submit(options);
    const Part part = options.part.empty() ? Part() : parse_part(options.part);
    const std::string path = options.part.empty() ? options.store : part_store(options.store, part);
    SweepStore store(path);
    if (options.part.empty()) {
        for (const fs::path& other : part_stores(options.store)) store.merge(other.string());
    } else if (fs::exists(options.store)) {
        store.merge(options.store);
    }
    if (!options.collect) run_points(sweep, store, part, process_count(options.run));
    const auto points = store.all();
    if (!options.csv.empty()) write_whole_file(options.csv, sweep_csv(sweep, points));
    if (!options.html.empty()) write_page(options.html, {{"title", sweep.name}, {"sweep", sweep_json(sweep, points)}});
    const int failed = failures(sweep, points);
    if (!options.run.quiet) {
        std::cout << fmt::format("{}: {} points, results in {}\n\n{}", sweep.name, sweep.points.size(), path,
                                 sweep_table(sweep, points));
        if (failed > 0) std::cout << failed << " points failed; the same command tries them again\n";
        std::cout.flush();
    }
    return failed > 0 ? 1 : 0;
}

}  // namespace

int sweep_command(int argc, char** argv) {
    SweepOptions options;
    CLI::App app{"Simulates one run file with many settings; every result is kept in one SQLite file"};
    app.name("accelsim sweep");
    app.footer(footer);
    app.add_option("sweep", options.file, "File with the sweep (YAML)")->required();
    app.add_option("--set", options.overrides, "Override a value of all points: path.to.key=value (repeatable)")
        ->allow_extra_args(false);
    add_output(app, "-o,--output", options.store, "Where results are kept (default: out/NAME.sqlite)");
    add_output(app, "--csv", options.csv, "Write all points as CSV");
    add_output(app, "--html", options.html, "Write a page with all points and the Pareto front");
    app.add_option("-j,--jobs", options.run.processes, "Points at a time (default: one per processor)")
        ->check(CLI::Range(1, 1024));
    app.add_flag("--collect", options.collect, "Run nothing, only gather parts and print the table");
    auto* part = app.add_option("--part", options.part, "K/N: only every N-th point from the K-th, in a store of its own");
    app.add_option("--slurm", options.tasks, "Submit to Slurm as an array of so many tasks")
        ->check(CLI::Range(1, 100000))
        ->excludes(part);
    app.add_flag("--quiet", options.run.quiet, "Print no table");
    if (const std::optional<int> done = parse_command_line(app, argc, argv)) return *done;
    if (options.store.empty()) options.store = "out/" + fs::path(options.file).stem().string() + ".sqlite";
    return sweep(options);
}

}  // namespace accelsim
