// SPDX-License-Identifier: Apache-2.0
// The innermost arithmetic of a tile, in the best instructions that the processor has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace accelsim {

/// Some positions (vectors) of right words that are multiplied with the same rows of left words: each sum takes the products of
/// all pairs, modulo 2^32. A pair is two 16-bit words in 32 bits, its products are added.
struct MicroBlock {
    std::int64_t pairs;
    const std::int64_t* right_offset;  ///< per pair, from a position's first word
    std::int64_t right[8];             ///< per position, offset of that word
    std::int64_t sums[8];              ///< per position, offset of its first sum
    std::int64_t width[8];             ///< sums of each position, at most the vector's
    std::int64_t sum_step;             ///< between the sums of a position
};

/// Where the words and sums of a product are: the pairs of all its rows, pair by pair, and each row's sums.
struct MicroOperands {
    const std::uint32_t* left;
    const std::uint32_t* right;
    std::int32_t* sums;
    const std::int64_t* row_sums;  ///< per row, offset
};

struct MicroKernels {
    std::string name;
    std::int64_t width;  ///< sums in a vector; right words must be readable that far
    using Multiply = void (*)(const MicroBlock&, const MicroOperands&);
    /// For so many rows and positions at once; null: not that many.
    Multiply (*multiply)(std::int64_t rows, std::int64_t positions);
};

constexpr std::int64_t most_rows = 16, most_positions = 8;

/// Those that this processor can run, the best first; the last one runs everywhere.
const std::vector<MicroKernels>& micro_kernels();

/// pairs[i] = words[i] and, above it, words[i + distance]; zero where that is not among the `count` words.
void pair_up(const std::int16_t* words, std::int64_t count, std::int64_t distance, std::uint32_t* pairs);

}  // namespace accelsim
