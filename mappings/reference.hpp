// SPDX-License-Identifier: Apache-2.0
// What a workload computes, without any machine: what outputs are checked against.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/workload.hpp"

namespace accelsim {

/// Operand data over the full integer range of each tensor's width, from a documented generator:
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) seeded with seed + tensor index; element i is the top `bits` bits of output i.
std::vector<std::vector<std::int16_t>> generate_operands(const Workload& workload, std::uint64_t seed);

/// Outputs row-major, sums wrapped at the output's width (two's complement, sign-extended to 32 bits). As inner products of
/// gathered rows (im2col); sums are modulo a power of two, so that their order does not matter. Tests hold it against the loop nest
/// executed literally.
std::vector<std::int32_t> execute_reference(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands);

}  // namespace accelsim
