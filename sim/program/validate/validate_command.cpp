// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/validate_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "models/analytical.hpp"
#include "sim/files/output_file.hpp"
#include "sim/program/command_line.hpp"
#include "sim/program/jobs.hpp"
#include "sim/program/network_run.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/see/page.hpp"
#include "sim/program/validate/suite.hpp"
#include "sim/program/validate/validation.hpp"
#include "sim/program/yaml/files.hpp"

namespace accelsim {

namespace {

/// Files to write; empty: none.
struct ValidationFiles {
    std::string json, csv, markdown, html;
};

constexpr const char* footer =
    R"(Simulates the run and holds the models exact, interstellar, timeloop and latency against it. Cycles are attributed by simulating
the run again without one mechanism after the other.

A file with the key 'suite' names many runs; the errors are then also given over all of them.

Examples:
  accelsim validate configs/validation/suite.yaml --markdown out/validation.md
  accelsim validate configs/first_run.yaml --json out/validation.json --max-error 5 --models timeloop,latency)";

void check_names(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (std::find(model_names().begin(), model_names().end(), name) == model_names().end())
            throw UserError(fmt::format("--models: unknown model '{}'; known: exact, interstellar, timeloop, latency", name));
    }
}

/// Says so when the limit is passed.
bool is_beyond(double error, double limit_percent) {
    const bool beyond = limit_percent >= 0 && 100 * error > limit_percent;
    if (beyond)
        std::cout << fmt::format("\nthe largest difference, {:.2f}%, is beyond --max-error {}%\n", 100 * error, limit_percent);
    return beyond;
}

void refuse_options_of_one_run(const RunOptions& options, const ValidationRequest& request) {
    const auto refuse = [](bool given, const char* name) {
        if (given) throw UserError(fmt::format("{} is for a single run; write it into the suite's file", name));
    };
    refuse(!options.overrides.empty(), "--set");
    refuse(!request.names.empty(), "--models");
    refuse(!request.model_files.empty(), "--model");
    refuse(!request.timeloop_stats.empty(), "--timeloop-stats");
}

int validate_suite(const RunOptions& options, const ValidationFiles& files, double max_error) {
    const std::vector<SuiteOutcome> outcomes = run_suite(load_suite(options.file), process_count(options));
    if (!files.json.empty()) write_whole_file(files.json, suite_json(outcomes));
    if (!files.csv.empty()) write_whole_file(files.csv, suite_csv(outcomes));
    if (!files.markdown.empty()) write_whole_file(files.markdown, suite_markdown(outcomes));
    std::cout << suite_text(outcomes);
    int code = 0;
    for (const SuiteOutcome& run : outcomes) code = worse_code(code, run.code);
    return is_beyond(worst_error(outcomes), max_error) ? worse_code(code, 1) : code;
}

}  // namespace

int validate_command(int argc, char** argv) {
    CLI::App app{"Holds analytical models against the simulation of a run"};
    app.name("accelsim validate");
    app.footer(footer);
    RunOptions options;
    ValidationFiles files;
    ValidationRequest request;
    double max_error = -1;
    app.add_option("run", options.file, "Run file or suite (YAML)")->required();
    app.add_option("--set", options.overrides, "Override a value: path.to.key=value (repeatable)")->allow_extra_args(false);
    add_output(app, "--json", files.json, "Write everything as JSON");
    add_output(app, "--csv", files.csv, "Write the differences as CSV");
    add_output(app, "--html", files.html, "Of a single run: write a page that needs nothing else");
    add_output(app, "--markdown", files.markdown, "Of a suite: write the tables as Markdown");
    app.add_option("--models", request.names, "Only these, separated by commas")->delimiter(',');
    app.add_option("--model", request.model_files, "A model's figures from a file, JSON or CSV (repeatable)")
        ->allow_extra_args(false);
    app.add_option("--timeloop-stats", request.timeloop_stats, "What Timeloop printed of this design: its stats.txt");
    app.add_option("--max-error", max_error, "In percent: exit code 1 when a count, the cycles or the energy is off by more")
        ->check(CLI::Range(0.0, 1e9));
    app.add_option("-j,--jobs", options.processes, "Simulations at a time (default: one per processor)")
        ->check(CLI::Range(1, 1024));
    if (const std::optional<int> done = parse_command_line(app, argc, argv)) return *done;
    check_names(request.names);
    request.processes = process_count(options);
    options.file = find_file(options.file);
    if (is_suite(options.file)) {
        refuse_options_of_one_run(options, request);
        if (!files.html.empty()) throw UserError("--html is for a single run; a suite has --markdown, --json and --csv");
        return validate_suite(options, files, max_error);
    }
    if (!files.markdown.empty()) throw UserError("--markdown is for a suite; a single run has --json and --csv");
    const RunConfig config = with_mapping(load_run(options.file, options.overrides));
    const Validation validation = validate_run(options, config, request);
    if (!files.json.empty()) write_whole_file(files.json, validation_json(validation));
    if (!files.csv.empty()) write_whole_file(files.csv, validation_csv(validation));
    if (!files.html.empty())
        write_page(files.html, {{"title", config.name + ": models against simulation"},
                                {"validation", nlohmann::ordered_json::parse(validation_json(validation))}});
    std::cout << validation_text(validation);
    const bool beyond = is_beyond(validation.max_error(), max_error);
    return validation.run.mismatches != 0 || beyond ? 1 : 0;
}

}  // namespace accelsim
