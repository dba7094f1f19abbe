// SPDX-License-Identifier: Apache-2.0
// The plain reference: the loop nest executed literally, without any machine.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/workload.hpp"

namespace accelsim {

/// Operand data over the full integer range of each tensor's width, from a documented generator:
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) seeded with seed + tensor index; element i is the top `bits` bits of output i.
std::vector<std::vector<std::int16_t>> generate_operands(const Workload& workload, std::uint64_t seed);

/// Outputs row-major, sums wrapped at the output's width (two's complement, sign-extended to 32 bits).
std::vector<std::int32_t> execute_reference(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands);

}  // namespace accelsim
