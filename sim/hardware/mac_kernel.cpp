// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/mac_kernel.hpp"

#include <algorithm>

#include "mappings/clones.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t block = 64;  ///< lanes held in registers while a sum is stationary

}  // namespace

// Unsigned arithmetic: sums wrap. A stationary sum (sum_step 0) stays in registers over all steps.
ACCELSIM_CLONES
void mac_lanes(std::int32_t* __restrict sums, const std::int16_t* __restrict left, const std::int16_t* __restrict right,
               std::int64_t lanes, std::int64_t steps, std::int64_t sum_step, std::int64_t left_step, std::int64_t right_step) {
    if (sum_step == 0 && steps > 1) {
        std::int64_t lane = 0;
        for (; lane + block <= lanes; lane += block) {
            std::uint32_t held[block];
            for (std::int64_t l = 0; l < block; ++l) held[l] = static_cast<std::uint32_t>(sums[lane + l]);
            for (std::int64_t i = 0; i < steps; ++i) {
                const std::int16_t* a = left + i * left_step + lane;
                const std::int16_t* b = right + i * right_step + lane;
                for (std::int64_t l = 0; l < block; ++l)
                    held[l] += static_cast<std::uint32_t>(std::int32_t{a[l]} * std::int32_t{b[l]});
            }
            for (std::int64_t l = 0; l < block; ++l) sums[lane + l] = static_cast<std::int32_t>(held[l]);
        }
        if (lane == lanes) return;
        sums += lane;
        left += lane;
        right += lane;
        lanes -= lane;
    }
    for (std::int64_t i = 0; i < steps; ++i) {
        std::int32_t* s = sums + i * sum_step;
        const std::int16_t* a = left + i * left_step;
        const std::int16_t* b = right + i * right_step;
        for (std::int64_t l = 0; l < lanes; ++l) {
            s[l] = static_cast<std::int32_t>(static_cast<std::uint32_t>(s[l]) +
                                             static_cast<std::uint32_t>(std::int32_t{a[l]} * std::int32_t{b[l]}));
        }
    }
}

}  // namespace accelsim
