// SPDX-License-Identifier: Apache-2.0
// Interstellar's files (arch, layer, mapping) as a run. Choices: docs/interstellar.md.
#pragma once

#include <string>
#include <vector>

#include "sim/program/import/interstellar_files.hpp"
#include "sim/program/import/run_file.hpp"

namespace accelsim {

/// The run that a design describes; without a mapping one that is to be searched (`RunConfig::search`). With a mapping it has
/// been lowered once: it fits. Throws UserError.
RunConfig import_interstellar(const InterstellarDesign& design, const std::string& name);

/// What the run file says of every such run.
const ImportSource& interstellar_source();

}  // namespace accelsim
