// SPDX-License-Identifier: Apache-2.0
// accelsim sweep: one run file with many settings, resumable.
#pragma once

namespace accelsim {

/// Parses the words after "sweep" and runs. Returns the exit code: 0 when every point has ended, 1 when one failed (a self-check
/// of ours, a crash, a kill; run again to try it again).
int sweep_command(int argc, char** argv);

}  // namespace accelsim
