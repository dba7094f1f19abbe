// SPDX-License-Identifier: Apache-2.0
// accelsim import timeloop FILES -o run.yaml
#pragma once

namespace accelsim {

/// Parses the words behind "import", writes the run file (or prints it) and returns the exit code. Throws UserError.
int import_command(int argc, char** argv);

}  // namespace accelsim
