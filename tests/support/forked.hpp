// SPDX-License-Identifier: Apache-2.0
// SystemC elaborates once per process, so every simulated case runs in a child of the test.
#pragma once

#include <functional>
#include <string>

namespace accelsim::testing {

/// Runs `body` in a child process and returns the text that it returns. An exception in the child comes back as
/// "exception: ...", a crash as "signal N".
std::string run_forked(const std::function<std::string()>& body);

/// Value of an environment variable as a number, else `fallback`: ACCELSIM_SEED, ACCELSIM_DESIGNS...
long environment_number(const char* name, long fallback);

}  // namespace accelsim::testing
