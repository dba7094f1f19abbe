// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/micro_kernels.hpp"

#include "mappings/clones.hpp"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define ACCELSIM_X86_KERNELS
#include <immintrin.h>
#endif

namespace accelsim {

namespace plain {

struct Vector {
    static constexpr int width = 4;
    std::uint32_t lanes[width];

    static Vector load(const std::uint32_t* from) { return {{from[0], from[1], from[2], from[3]}}; }
    static Vector load_some(const std::int32_t* from, std::int64_t count) {
        Vector result{};
        for (std::int64_t i = 0; i < count; ++i) result.lanes[i] = static_cast<std::uint32_t>(from[i]);
        return result;
    }
    void store_some(std::int32_t* to, std::int64_t count) const {
        for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<std::int32_t>(lanes[i]);
    }
    static Vector spread(std::uint32_t pair) { return {{pair, pair, pair, pair}}; }
    static std::uint32_t product(std::uint32_t left, std::uint32_t right) {
        return static_cast<std::uint32_t>(std::int32_t{static_cast<std::int16_t>(left)} * static_cast<std::int16_t>(right));
    }
    void add_products(const Vector& left, const Vector& right) {
        for (int i = 0; i < width; ++i)
            lanes[i] += product(left.lanes[i], right.lanes[i]) + product(left.lanes[i] >> 16, right.lanes[i] >> 16);
    }
};
#include "sim/hardware/micro_kernels_body.hpp"

}  // namespace plain

#ifdef ACCELSIM_X86_KERNELS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {

struct Vector {
    static constexpr int width = 8;
    __m256i lanes;

    static __m256i mask(std::int64_t count) {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
    static Vector load(const std::uint32_t* from) { return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))}; }
    static Vector load_some(const std::int32_t* from, std::int64_t count) { return {_mm256_maskload_epi32(from, mask(count))}; }
    void store_some(std::int32_t* to, std::int64_t count) const { _mm256_maskstore_epi32(to, mask(count), lanes); }
    static Vector spread(std::uint32_t pair) { return {_mm256_set1_epi32(static_cast<int>(pair))}; }
    // Two products of -32768 by itself are 2^31, which madd wraps to as it should.
    void add_products(const Vector& left, const Vector& right) {
        lanes = _mm256_add_epi32(lanes, _mm256_madd_epi16(left.lanes, right.lanes));
    }
};
#include "sim/hardware/micro_kernels_body.hpp"

}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512vnni,prefer-vector-width=512")
namespace avx512 {

struct Vector {
    static constexpr int width = 16;
    __m512i lanes;

    static __mmask16 mask(std::int64_t count) { return static_cast<__mmask16>((1U << count) - 1); }
    static Vector load(const std::uint32_t* from) { return {_mm512_loadu_si512(from)}; }
    static Vector load_some(const std::int32_t* from, std::int64_t count) {
        return {_mm512_maskz_loadu_epi32(mask(count), from)};
    }
    void store_some(std::int32_t* to, std::int64_t count) const { _mm512_mask_storeu_epi32(to, mask(count), lanes); }
    static Vector spread(std::uint32_t pair) { return {_mm512_set1_epi32(static_cast<int>(pair))}; }
    void add_products(const Vector& left, const Vector& right) {
        lanes = _mm512_dpwssd_epi32(lanes, left.lanes, right.lanes);  // does not saturate
    }
};
#include "sim/hardware/micro_kernels_body.hpp"

}  // namespace avx512
#pragma GCC pop_options
#endif

const std::vector<MicroKernels>& micro_kernels() {
    static const std::vector<MicroKernels> all = [] {
        std::vector<MicroKernels> found;
#ifdef ACCELSIM_X86_KERNELS
        if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
            found.push_back({"avx512vnni", avx512::Vector::width, avx512::find_multiply});
        if (__builtin_cpu_supports("avx2")) found.push_back({"avx2", avx2::Vector::width, avx2::find_multiply});
#endif
        found.push_back({"plain", plain::Vector::width, plain::find_multiply});
        return found;
    }();
    return all;
}

ACCELSIM_CLONES
void pair_up(const std::int16_t* __restrict words, std::int64_t count, std::int64_t distance, std::uint32_t* __restrict pairs) {
    const std::int64_t both = count > distance ? count - distance : 0;
    for (std::int64_t i = 0; i < both; ++i) {
        pairs[i] = static_cast<std::uint16_t>(words[i]) |
                   static_cast<std::uint32_t>(static_cast<std::uint16_t>(words[i + distance])) << 16;
    }
    for (std::int64_t i = both; i < count; ++i) pairs[i] = static_cast<std::uint16_t>(words[i]);
}

}  // namespace accelsim
