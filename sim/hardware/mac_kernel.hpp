// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the array: many lanes, several steps, one call.
#pragma once

#include <cstdint>

namespace accelsim {

/// For i in 0..steps, for each lane: sums[i*sum_step + lane] += left[i*left_step + lane] * right[i*right_step + lane],
/// modulo 2^32. The three arrays do not overlap.
void mac_lanes(std::int32_t* sums, const std::int16_t* left, const std::int16_t* right, std::int64_t lanes, std::int64_t steps,
               std::int64_t sum_step, std::int64_t left_step, std::int64_t right_step);

}  // namespace accelsim
