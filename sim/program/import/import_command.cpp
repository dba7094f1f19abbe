// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/import_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

#include "sim/program/import/timeloop_import.hpp"
#include "sim/program/output_file.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/section.hpp"

namespace accelsim {

namespace {

constexpr const char* footer =
    R"(The files are those of Timeloop's back end: architecture (version, subtree, local), problem, mapping, and ERT for the
energy, one or several per file, in any order. Of user files for Timeloop 0.4 give what its front end makes of them.

Example:
  accelsim import timeloop arch.yaml prob.yaml map.yaml ERT.yaml -o run.yaml
  accelsim run.yaml)";

}  // namespace

int import_command(int argc, char** argv) {
    const std::vector<std::string> known = {"timeloop"};
    if (argc > 1 && *argv[1] != '-') find_name(argv[1], {}, known, "format", "accelsim import");
    CLI::App app{"Turns designs that were described for other programs into run files"};
    app.name("accelsim import");
    app.require_subcommand(1);
    CLI::App* timeloop = app.add_subcommand("timeloop", "Timeloop's architecture, problem and mapping");
    timeloop->footer(footer);
    app.footer(footer);
    std::vector<std::string> files;
    std::string output;
    timeloop->add_option("files", files, "Timeloop's YAML files")->required();
    timeloop->add_option("-o,--output", output, "Run file to write; without it the run is printed");
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        throw UserError(std::string(error.what()) + "; see accelsim import --help");
    }
    const RunConfig config = import_timeloop(files, output.empty() ? "timeloop" : file_stem(output));
    const std::string text = imported_run_file(config, files);
    if (output.empty())
        std::cout << text;
    else
        write_whole_file(output, text);
    return 0;
}

}  // namespace accelsim
