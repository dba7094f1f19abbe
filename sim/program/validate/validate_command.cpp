// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/validate_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "models/analytical.hpp"
#include "sim/program/network_run.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/output_file.hpp"
#include "sim/program/validate/validation.hpp"

namespace accelsim {

namespace {

constexpr const char* footer =
    R"(Simulates the run and holds the models exact, interstellar, timeloop and latency against it. Cycles are attributed by simulating
the run again without one mechanism after the other.

Example:
  accelsim validate configs/first_run.yaml --json out/validation.json --max-error 5 --models timeloop,latency)";

void check_names(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (std::find(model_names().begin(), model_names().end(), name) == model_names().end())
            throw UserError(fmt::format("--models: unknown model '{}'; known: exact, interstellar, timeloop, latency", name));
    }
}

}  // namespace

int validate_command(int argc, char** argv) {
    CLI::App app{"Holds analytical models against the simulation of a run"};
    app.name("accelsim validate");
    app.footer(footer);
    RunOptions options;
    std::string json, csv;
    ValidationRequest request;
    double max_error = -1;
    app.add_option("run", options.file, "Run file (YAML)")->required();
    app.add_option("--set", options.overrides, "Override a value: path.to.key=value (repeatable)")->allow_extra_args(false);
    app.add_option("--json", json, "Write everything as JSON");
    app.add_option("--csv", csv, "Write the differences as CSV");
    app.add_option("--models", request.names, "Only these, separated by commas")->delimiter(',');
    app.add_option("--model", request.model_files, "A model's figures from a file, JSON or CSV (repeatable)")->allow_extra_args(false);
    app.add_option("--timeloop-stats", request.timeloop_stats, "What Timeloop printed of this design: its stats.txt");
    app.add_option("--max-error", max_error, "In percent: exit code 1 when a count, the cycles or the energy is off by more")
        ->check(CLI::Range(0.0, 1e9));
    app.add_option("-j,--jobs", options.processes, "Simulations at a time (default: one per processor)")
        ->check(CLI::Range(1, 1024));
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        throw UserError(std::string(error.what()) + "; see accelsim validate --help");
    }
    check_names(request.names);
    request.processes = process_count(options);
    const RunConfig config = with_mapping(load_run(options.file, options.overrides));
    const Validation validation = validate_run(options, config, request);
    if (!json.empty()) write_whole_file(json, validation_json(validation));
    if (!csv.empty()) write_whole_file(csv, validation_csv(validation));
    std::cout << validation_text(validation);
    const bool beyond = max_error >= 0 && 100 * validation.max_error() > max_error;
    if (beyond)
        std::cout << fmt::format("\nthe largest difference, {:.2f}%, is beyond --max-error {}%\n", 100 * validation.max_error(),
                                 max_error);
    return validation.run.mismatches != 0 || beyond ? 1 : 0;
}

}  // namespace accelsim
