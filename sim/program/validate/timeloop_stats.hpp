// SPDX-License-Identifier: Apache-2.0
// What Timeloop itself printed of a design: timeloop-model.stats.txt or timeloop-mapper.stats.txt (docs/validating.md).
#pragma once

#include <string>

#include "sim/program/validate/validation.hpp"

namespace accelsim {

/// A model with the name "timeloop_stats". Read are, per level (=== NAME ===) and tensor: utilized instances, scalar reads, fills
/// and updates; all energies that end in "(total)"; and the cycles of the summary. Throws UserError with file:line for a level or
/// tensor that the design does not have, for a number that is none, and for a file that lacks one of these.
ValidatedModel read_timeloop_stats(const std::string& path, const Design& design);

}  // namespace accelsim
