// SPDX-License-Identifier: Apache-2.0
// Timeloop's back-end files (architecture, problem, mapping, ERT) as a run. Grammar and choices: docs/timeloop.md.
#pragma once

#include <string>
#include <vector>

#include "sim/program/import/run_file.hpp"

namespace accelsim {

/// The run that the files describe together, in any order. `notes` say what was assumed where Timeloop is silent. The design
/// has been lowered once: it fits. Throws UserError.
RunConfig import_timeloop(const std::vector<std::string>& files, const std::string& name);

/// What the run file says of every such run.
const ImportSource& timeloop_source();

}  // namespace accelsim
