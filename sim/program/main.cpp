// SPDX-License-Identifier: Apache-2.0
// The command line. Errors are caught here once; each kind has its exit code.
#include <CLI/CLI.hpp>
#include <systemc>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>
#include <new>
#include <vector>

#include "mappings/error.hpp"
#include "mappings/suggestion.hpp"
#include "sim/program/command_line.hpp"
#include "sim/program/compare.hpp"
#include "sim/program/dram/dram_command.hpp"
#include "sim/program/import/import_command.hpp"
#include "sim/program/optimize/optimize_command.hpp"
#include "sim/program/run.hpp"
#include "sim/program/see/diff_command.hpp"
#include "sim/program/sweep/sweep_command.hpp"
#include "sim/program/validate/validate_command.hpp"

namespace {

using namespace accelsim;

constexpr const char* footer = R"(Commands (each has --help):
  explain    print a run's loop nest with its buffers, tiles and capacities; draw the machine
  validate   hold analytical models against the simulation, with the causes of each difference
  optimize   search the best mapping, dataflow and memory sizes by a model, and simulate it
  sweep      simulate one run with many settings, resumable
  compare    run accelerators on networks, under equal resources
  import     turn designs of Timeloop and Interstellar into run files
  diff       show two results side by side
  dram       run a detailed DRAM alone on a trace of requests
  rtl        write a run's machine as SystemVerilog

Examples:
  accelsim configs/first_run.yaml
  accelsim configs/first_run.yaml --set architecture.levels.GlobalBuffer.width_bits=32 --json out/narrow.json
  accelsim configs/first_run.yaml --html out/first_run.html
  accelsim configs/first_run.yaml --vcd out/first_run.vcd --vcd-to 3000   then: gtkwave out/first_run.gtkw
  accelsim configs/runs/alexnet_16.yaml -j 2
  accelsim explain configs/first_run.yaml
  accelsim validate configs/first_run.yaml

Exit codes: 0 done and outputs verified, 1 a check of ours failed (a bug), 2 the input is wrong, 3 the simulation cannot proceed.)";

constexpr const char* explain_footer = R"(Examples:
  accelsim explain configs/first_run.yaml --svg out/machine.svg
  accelsim explain --passes configs/runs/schedule_output_stationary.yaml)";

constexpr const char* rtl_footer = R"(Example:
  accelsim rtl configs/walkthroughs/c_output_stationary.yaml -o out/rtl)";

/// CLI11's own number checks print their whole range.
const CLI::Validator cycle_number(
    [](const std::string& text) {
        const bool digits = !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos;
        return digits ? std::string() : "'" + text + "' is not a number of cycles (0 or more)";
    },
    "", "cycles");

const CLI::Validator folder_name(
    [](const std::string& path) {
        if (path.empty()) return std::string("the name of the folder is empty");
        std::error_code ignored;
        const bool file = std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored);
        return file ? "'" + path + "' is a file, not a folder" : std::string();
    },
    "", "folder");

void add_run_file(CLI::App& app, RunOptions& options) {
    app.add_option("run", options.file, "Run file (YAML)")->required();
    app.add_option("--set", options.overrides, "Override a value: path.to.key=value (repeatable)")->allow_extra_args(false);
    app.add_option("--layer", options.layer, "Of a network: this layer alone");
}

void add_run_options(CLI::App& app, RunOptions& options) {
    add_run_file(app, options);
    add_output(app, "--json", options.json, "Write the result as JSON");
    add_output(app, "--html", options.html, "Write the result as a page that needs nothing else");
    add_output(app, "--transactions", options.transactions, "Write every granted transfer as CSV");
    add_output(app, "--dump-output", options.dump_output, "Write the output tensor (.npy)");
    add_output(app, "--dram-requests", options.dram_requests, "Write a detailed DRAM's requests: address READ|WRITE cycle");
    add_output(app, "--dram-commands", options.dram_commands, "Write a detailed DRAM's commands");
    CLI::Option* vcd = add_output(app, "--vcd", options.vcd, "Write a waveform (.vcd) and a GTKWave view (.gtkw) beside it");
    add_output(app, "--fst", options.fst, "The same as FST: much smaller, faster to open")->excludes(vcd);
    app.add_option("--vcd-from", options.vcd_from, "First cycle of the waveform")->check(cycle_number);
    app.add_option("--vcd-to", options.vcd_to, "Last cycle of the waveform")->check(cycle_number);
    app.add_option("--vcd-pe", options.vcd_pes, "PE to show: row,column or a lane number (repeatable)")->allow_extra_args(false);
    CLI::Option* timeline = add_output(app, "--timeline", options.timeline,
                                       "Write a timeline (.json) for ui.perfetto.dev: movers, array, DRAM banks");
    app.add_option("--timeline-from", options.timeline_from, "First cycle of the timeline")->check(cycle_number)->needs(timeline);
    app.add_option("--timeline-to", options.timeline_to, "Last cycle of the timeline")->check(cycle_number)->needs(timeline);
    app.add_flag("--single-step", options.single_step, "Advance every clock edge instead of in batches");
    app.add_option("--max-cycles", options.max_cycles, "Give up after so many cycles (0: never)")->check(cycle_number);
    app.add_option("-j,--jobs", options.processes, "Of a network: processes at a time (default: one per processor)")
        ->check(CLI::Range(1, 1024));
    app.add_flag("--relieve", options.relieve, "Simulate also what would relieve the bottleneck, one change at a time");
    app.add_flag("--quiet", options.quiet, "Print no report");
}

using Command = int (*)(int, char**);

/// A word in front that looks like no path, and names no file, was meant as a command.
void refuse_unknown_command(const std::string& word, const std::map<std::string, Command>& commands) {
    std::error_code ignored;
    if (word.empty() || word.find_first_of("-./\\") != std::string::npos || std::filesystem::exists(word, ignored)) return;
    std::vector<std::string> known{"explain", "rtl"};
    for (const auto& [name, command] : commands) known.push_back(name);
    if (word == known[0] || word == known[1]) return;
    throw UserError("'" + word + "' is neither a command nor a file" + suggestion(word, known) + "; see accelsim --help");
}

/// Parses and runs. Some words in front are commands, like subcommands.
int execute(int argc, char** argv) {
    static const std::map<std::string, Command> commands = {
        {"import", import_command},     {"compare", compare_command}, {"dram", dram_command}, {"optimize", optimize_command},
        {"validate", validate_command}, {"sweep", sweep_command},     {"diff", diff_command}};
    const std::string word = argc > 1 ? argv[1] : "";
    if (const auto command = commands.find(word); command != commands.end()) return command->second(argc - 1, argv + 1);
    refuse_unknown_command(word, commands);
    RunOptions options;
    const bool explains = word == "explain", writes_rtl = word == "rtl";
    CLI::App app{explains     ? "Prints a run's loop nest with its buffers, tiles and capacities"
                 : writes_rtl ? "Writes a run's machine as SystemVerilog, with its program and operands"
                              : "accelsim: cycle-accurate simulation of dense DNN accelerators"};
    app.name(explains || writes_rtl ? "accelsim " + word : "accelsim");
    app.footer(explains ? explain_footer : writes_rtl ? rtl_footer : footer);
    app.set_version_flag("--version", "accelsim " ACCELSIM_VERSION);
    if (explains) {
        add_run_file(app, options);
        app.add_flag("--passes", options.passes, "Print the nest after each pass of the schedule");
        add_output(app, "--svg", options.svg, "Draw the machine and the mapping");
    } else if (writes_rtl) {
        add_run_file(app, options);
        app.add_option("-o,--output", options.output_folder, "Folder to write into")->required()->check(folder_name);
        app.add_flag("--quiet", options.quiet, "Print nothing");
    } else {
        add_run_options(app, options);
    }
    const int words = explains || writes_rtl ? 1 : 0;
    if (const std::optional<int> done = parse_command_line(app, argc - words, argv + words)) return *done;
    if (writes_rtl) return rtl_run(options);
    return explains ? explain_run(options) : run(options);
}

int fail(const char* what, const std::string& message, int code) {
    std::cerr << what << ": " << message << '\n';
    return code;
}

}  // namespace

int sc_main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on files is an error of writing, too
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    try {
        const int code = execute(argc, argv);
        std::cout.flush();
        if (!std::cout) throw UserError("cannot write to the standard output");
        return code;
    } catch (const UserError& error) {
        return fail("error", error.what(), 2);
    } catch (const SimulationError& error) {
        return fail("error: the simulation cannot proceed", error.what(), 3);
    } catch (const std::bad_alloc&) {
        return fail("error: the simulation cannot proceed",
                    "there is not enough memory; see the capacities and tensors of accelsim explain", 3);
    } catch (const std::exception& error) {
        return fail("error: a self-check failed; this is a bug of accelsim, please report it", error.what(), 1);
    }
}

/// SystemC's banner would be noise in every report.
int main(int argc, char** argv) {
    ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    return sc_core::sc_elab_and_sim(argc, argv);
}
