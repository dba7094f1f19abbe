// SPDX-License-Identifier: Apache-2.0
#include "mappings/dot_products.hpp"

#include "mappings/clones.hpp"

namespace accelsim {

// Eight sums in registers. Two products of 16 bits are added by one instruction; unsigned, since sums wrap.
ACCELSIM_CLONES
void dot_products(std::uint32_t* __restrict products, const std::int16_t* __restrict left, std::int64_t lefts,
                  const std::int16_t* __restrict right, std::int64_t rights, std::int64_t depth, std::int64_t stride) {
    const auto product = [](std::int16_t a, std::int16_t b) {
        return static_cast<std::uint32_t>(std::int32_t{a} * std::int32_t{b});
    };
    for (std::int64_t r = 0; r < rights; r += dot_right_block) {
        const std::int16_t* b0 = right + r * stride;
        const std::int16_t* b1 = b0 + stride;
        for (std::int64_t l = 0; l < lefts; l += dot_left_block) {
            const std::int16_t* a0 = left + l * stride;
            const std::int16_t* a1 = a0 + stride;
            const std::int16_t* a2 = a1 + stride;
            const std::int16_t* a3 = a2 + stride;
            std::uint32_t s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0;
            for (std::int64_t i = 0; i < depth; ++i) {
                s00 += product(a0[i], b0[i]);
                s01 += product(a1[i], b0[i]);
                s02 += product(a2[i], b0[i]);
                s03 += product(a3[i], b0[i]);
                s10 += product(a0[i], b1[i]);
                s11 += product(a1[i], b1[i]);
                s12 += product(a2[i], b1[i]);
                s13 += product(a3[i], b1[i]);
            }
            std::uint32_t* p0 = products + r * lefts + l;
            std::uint32_t* p1 = p0 + lefts;
            p0[0] = s00, p0[1] = s01, p0[2] = s02, p0[3] = s03;
            p1[0] = s10, p1[1] = s11, p1[2] = s12, p1[3] = s13;
        }
    }
}

}  // namespace accelsim
