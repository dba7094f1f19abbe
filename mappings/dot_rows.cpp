// SPDX-License-Identifier: Apache-2.0
#include "mappings/dot_rows.hpp"

#include "mappings/clones.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t abreast = 4;  ///< right rows that share what is loaded of a left one

std::uint32_t product(std::int32_t left, std::int32_t right) { return static_cast<std::uint32_t>(left * right); }

}  // namespace

// Unsigned sums wrap; the compiler makes multiply-and-add-pairs instructions of these loops.
ACCELSIM_CLONES
void dot_rows(const std::int16_t* __restrict left, std::int64_t rows, const std::int16_t* __restrict right, std::int64_t columns,
              std::int64_t length, std::uint32_t* __restrict products) {
    for (std::int64_t row = 0; row < rows; ++row) {
        const std::int16_t* a = left + row * length;
        std::uint32_t* to = products + row * columns;
        std::int64_t column = 0;
        for (; column + abreast <= columns; column += abreast) {
            const std::int16_t* b0 = right + column * length;
            const std::int16_t *b1 = b0 + length, *b2 = b1 + length, *b3 = b2 + length;
            std::uint32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (std::int64_t i = 0; i < length; ++i) {
                s0 += product(a[i], b0[i]);
                s1 += product(a[i], b1[i]);
                s2 += product(a[i], b2[i]);
                s3 += product(a[i], b3[i]);
            }
            to[column] = s0, to[column + 1] = s1, to[column + 2] = s2, to[column + 3] = s3;
        }
        for (; column < columns; ++column) {
            const std::int16_t* b = right + column * length;
            std::uint32_t sum = 0;
            for (std::int64_t i = 0; i < length; ++i) sum += product(a[i], b[i]);
            to[column] = sum;
        }
    }
}

}  // namespace accelsim
