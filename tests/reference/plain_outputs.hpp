// SPDX-License-Identifier: Apache-2.0
// The loop nest executed literally: what every other execution of a workload must agree with.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/workload.hpp"

namespace accelsim::testing {

/// Outputs row-major, sums wrapped at the output's width (two's complement, sign-extended to 32 bits). One multiplication at a
/// time.
std::vector<std::int32_t> plain_outputs(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands);

}  // namespace accelsim::testing
