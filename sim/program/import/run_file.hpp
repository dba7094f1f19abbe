// SPDX-License-Identifier: Apache-2.0
// What an importer writes.
#pragma once

#include <string>
#include <vector>

#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

/// Where a run comes from, and what is assumed of every such run.
struct ImportSource {
    std::string program;
    std::vector<std::string> assumptions;
};

/// A run file: comments with the assumptions and the run's notes, then the run; load_run gives the same design.
std::string imported_run_file(const RunConfig& config, const std::vector<std::string>& files, const ImportSource& source);

}  // namespace accelsim
