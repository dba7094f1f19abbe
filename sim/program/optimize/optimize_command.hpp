// SPDX-License-Identifier: Apache-2.0
// `accelsim optimize`: the best mapping of a run, and its simulation.
#pragma once

namespace accelsim {

/// argv[0] is the word "optimize". Returns the exit code. Throws UserError, SimulationError, InternalError.
int optimize_command(int argc, char** argv);

}  // namespace accelsim
