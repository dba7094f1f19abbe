// SPDX-License-Identifier: Apache-2.0
// What all commands' options have in common.
#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace accelsim {

/// An option that names a file to write: it must be named, and be no folder.
CLI::Option* add_output(CLI::App& app, const std::string& flags, std::string& file, const std::string& description);

/// Parses the options. The exit code when there is no more to do (--help, --version). Throws UserError, with the nearest option
/// where one is misspelt, and where an output would overwrite an input or another output.
std::optional<int> parse_command_line(CLI::App& app, int argc, char** argv);

}  // namespace accelsim
