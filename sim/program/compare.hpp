// SPDX-License-Identifier: Apache-2.0
// accelsim compare: accelerators x networks.
#pragma once

namespace accelsim {

/// Parses the words after "compare" and runs. Returns the exit code: the worst of all layers.
int compare_command(int argc, char** argv);

}  // namespace accelsim
