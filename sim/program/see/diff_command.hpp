// SPDX-License-Identifier: Apache-2.0
// accelsim diff: two results side by side.
#pragma once

namespace accelsim {

/// Parses the words after "diff" and prints what differs between two result files. Returns 0 when nothing does, 1 otherwise.
/// Throws UserError.
int diff_command(int argc, char** argv);

}  // namespace accelsim
