// SPDX-License-Identifier: Apache-2.0
// Random designs as Timeloop's users write them: every spelling, residual factors, bypassed storages, one and two fan-outs.
#pragma once

#include <random>
#include <string>

namespace accelsim::testing {

/// One file with architecture, problem and mapping; at most `most_macs` MACs. Storages DRAM, GB, LB and RF hold everything.
std::string random_timeloop(std::mt19937& random, std::int64_t most_macs);

}  // namespace accelsim::testing
