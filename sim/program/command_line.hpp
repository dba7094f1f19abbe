// SPDX-License-Identifier: Apache-2.0
// What all commands do with their words.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>

namespace accelsim {

/// Parses. The exit code when that was all (--help, --version). Throws UserError, which names the command's --help, and for an
/// unknown option the nearest one.
std::optional<int> parse_words(CLI::App& app, int argc, const char* const* argv);

}  // namespace accelsim
