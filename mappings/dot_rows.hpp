// SPDX-License-Identifier: Apache-2.0
// Inner products of rows: the arithmetic of the reference.
#pragma once

#include <cstdint>

namespace accelsim {

/// For each row a of `rows` and each row b of `columns`: products[a * columns + b] = the inner product of left row a and right row
/// b, modulo 2^32. Rows have `length` elements and lie one behind the other.
void dot_rows(const std::int16_t* left, std::int64_t rows, const std::int16_t* right, std::int64_t columns, std::int64_t length,
              std::uint32_t* products);

}  // namespace accelsim
