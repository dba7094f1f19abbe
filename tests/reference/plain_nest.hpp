// SPDX-License-Identifier: Apache-2.0
// The loop nest executed literally, one line of its longest loop after the other: what execute_reference must equal.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/workload.hpp"

namespace accelsim::testing {

/// Outputs row-major, sums wrapped at the output's width (two's complement, sign-extended to 32 bits).
std::vector<std::int32_t> execute_plainly(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands);

}  // namespace accelsim::testing
