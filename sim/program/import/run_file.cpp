// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/run_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace accelsim {

namespace {

/// Text from the user's files must not end its comment.
std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return text;
}

}  // namespace

std::string imported_run_file(const RunConfig& config, const std::vector<std::string>& files, const ImportSource& source) {
    std::string text = fmt::format("# Imported from {}'s files ", source.program) +
                       one_line(fmt::format("{}", fmt::join(files, ", "))) + ". Assumed:\n";
    for (const std::vector<std::string>* notes : {&source.assumptions, &config.notes})
        for (const std::string& note : *notes) text += "# - " + one_line(note) + "\n";
    return text + config.resolved_yaml;
}

}  // namespace accelsim
