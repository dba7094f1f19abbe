// SPDX-License-Identifier: Apache-2.0
// Dot products of rows with rows, as a compiler vectorises them.
#pragma once

#include <cstdint>

namespace accelsim {

constexpr std::int64_t dot_left_block = 4;   ///< rows of `left` come in multiples of this
constexpr std::int64_t dot_right_block = 2;  ///< rows of `right`, too

/// products[r * lefts + l] = the sum over i of left[l * stride + i] * right[r * stride + i], i in [0, depth), modulo 2^32.
/// `lefts` and `rights` are multiples of the blocks above.
void dot_products(std::uint32_t* products, const std::int16_t* left, std::int64_t lefts, const std::int16_t* right,
                  std::int64_t rights, std::int64_t depth, std::int64_t stride);

}  // namespace accelsim
