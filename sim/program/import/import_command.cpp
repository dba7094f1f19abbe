// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/import_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

#include "sim/program/command_line.hpp"
#include "sim/program/import/interstellar_import.hpp"
#include "sim/program/import/timeloop_import.hpp"
#include "sim/files/output_file.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/section.hpp"

namespace accelsim {

namespace {

constexpr const char* timeloop_footer =
    R"(The files are those of Timeloop's back end: architecture (version, subtree, local), problem, mapping, and ERT for the
energy, one or several per file, in any order; a file *.txt holds what was set in its environment. Of user files for Timeloop 0.4 give what its front end makes of them.

Example:
  accelsim import timeloop arch.yaml prob.yaml map.yaml ERT.yaml -o run.yaml
  accelsim run.yaml)";

constexpr const char* interstellar_footer =
    R"(One JSON file with the keys arch, layer and mapping, or a file for each, in any order. Without a mapping (a schedule_hint
instead, or nothing) the run has mapping: auto.

Example:
  accelsim import interstellar arch.json layer.json mapping.json -o run.yaml
  accelsim run.yaml)";

std::string import_files(const std::string& format, const std::vector<std::string>& files, const std::string& name) {
    if (format == "timeloop") return imported_run_file(import_timeloop(files, name), files, timeloop_source());
    return imported_run_file(import_interstellar(read_interstellar(files), name), files, interstellar_source());
}

}  // namespace

int import_command(int argc, char** argv) {
    const std::vector<std::string> known = {"timeloop", "interstellar"};
    if (argc > 1 && *argv[1] != '-') find_name(argv[1], {}, known, "format", "accelsim import");
    CLI::App app{"Turns designs that were described for other programs into run files"};
    app.name("accelsim import");
    app.require_subcommand(1);
    app.footer(std::string(timeloop_footer) + "\n\n" + interstellar_footer);
    CLI::App* timeloop = app.add_subcommand("timeloop", "Timeloop's architecture, problem and mapping");
    timeloop->footer(timeloop_footer);
    CLI::App* interstellar = app.add_subcommand("interstellar", "Interstellar's arch, layer and mapping");
    interstellar->footer(interstellar_footer);
    std::vector<std::string> files;
    std::string output;
    for (CLI::App* format : {timeloop, interstellar}) {
        format->add_option("files", files, "The program's files")->required();
        add_output(*format, "-o,--output", output, "Run file to write; without it the run is printed");
    }
    if (const std::optional<int> done = parse_command_line(app, argc, argv)) return *done;
    const std::string format = app.get_subcommands().front()->get_name();
    const std::string text = import_files(format, files, output.empty() ? format : file_stem(output));
    if (output.empty())
        std::cout << text;
    else
        write_whole_file(output, text);
    return 0;
}

}  // namespace accelsim
