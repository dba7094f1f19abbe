// SPDX-License-Identifier: Apache-2.0
// `accelsim validate`.
#pragma once

namespace accelsim {

/// `argv[0]` is the word "validate". Returns the exit code: 0, or 1 when outputs are wrong or an error is beyond --max-error.
int validate_command(int argc, char** argv);

}  // namespace accelsim
