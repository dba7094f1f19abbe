// SPDX-License-Identifier: Apache-2.0
// Both sides of a lock-step run as one waveform of texts: a scope per side, a signal per boundary and one for the array.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace accelsim::testing {

struct Side;

/// Cycles `from` to `to`; the clock's period is 2 ns, and time 0 is cycle 0.
void write_vcd(const std::string& path, const std::vector<std::pair<std::string, const Side*>>& sides, std::size_t from,
               std::size_t to);

}  // namespace accelsim::testing
