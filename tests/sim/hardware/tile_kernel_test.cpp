// SPDX-License-Identifier: Apache-2.0
// The arithmetic of tiles against the plain loops, with the instructions of every processor that this one can stand in for.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

#include "sim/hardware/tile_kernel.hpp"

using namespace accelsim;

namespace {

using Random = std::mt19937_64;

std::int64_t number(Random& random, std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

/// A loop of any kind: of one operand, of both, reduced or not; steps may let words overlap, as windows do.
std::vector<KernelLoop> random_loops(Random& random) {
    std::vector<KernelLoop> loops;
    const std::int64_t count = number(random, 0, 6);
    for (std::int64_t i = 0; i < count; ++i) {
        const auto step = [&] { return number(random, 0, 2) == 0 ? 0 : number(random, 1, 9); };
        loops.push_back({number(random, 1, i < 2 ? 37 : 4), step(), step(), 0});
    }
    // Sums of different iterations are other words, or the same on purpose.
    std::int64_t sums = 1;
    for (KernelLoop& loop : loops) {
        if (number(random, 0, 1) == 0) continue;
        loop.sum = sums;
        sums *= loop.bound + number(random, 0, 1);
    }
    std::shuffle(loops.begin(), loops.end(), random);
    return loops;
}

template <typename Step>
std::int64_t words(const std::vector<KernelLoop>& loops, Step step) {
    std::int64_t result = 1;
    for (const KernelLoop& loop : loops) result += (loop.bound - 1) * step(loop);
    return result;
}

void plain(const std::vector<KernelLoop>& loops, std::size_t from, std::int32_t* sum, const std::int16_t* left,
           const std::int16_t* right) {
    if (from == loops.size()) {
        *sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(*sum) +
                                         static_cast<std::uint32_t>(std::int32_t{*left} * std::int32_t{*right}));
        return;
    }
    const KernelLoop& loop = loops[from];
    for (std::int64_t v = 0; v < loop.bound; ++v)
        plain(loops, from + 1, sum + v * loop.sum, left + v * loop.left, right + v * loop.right);
}

std::vector<std::int16_t> operand(Random& random, std::int64_t count) {
    std::vector<std::int16_t> result(static_cast<std::size_t>(count));
    for (std::int16_t& word : result) {
        word = static_cast<std::int16_t>(
            number(random, std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max()));
        if (number(random, 0, 3) == 0) word = std::numeric_limits<std::int16_t>::min();  // whose products overflow first
    }
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tile_kernels)

BOOST_AUTO_TEST_CASE(as_the_plain_loops) {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        Random random(seed);
        const std::vector<KernelLoop> loops = random_loops(random);
        auto left = operand(random, words(loops, [](const KernelLoop& loop) { return loop.left; }));
        auto right = operand(random, words(loops, [](const KernelLoop& loop) { return loop.right; }));
        const auto count = static_cast<std::size_t>(words(loops, [](const KernelLoop& loop) { return loop.sum; }));
        std::vector<std::int32_t> before(count);
        for (std::int32_t& sum : before) sum = static_cast<std::int32_t>(random());
        for (const MicroKernels& kernels : micro_kernels()) {
            // Other choices of rows and columns.
            TileKernel kernel(loops, kernels, {seed % 3 == 0 ? 0.01 : 1, seed % 5 == 0 ? 0.01 : 1});
            auto expected = before;
            auto sums = before;
            for (int run = 0; run < 3; ++run) {
                // The second run has another left tile and keeps the right one.
                if (run == 1) left = operand(random, static_cast<std::int64_t>(left.size()));
                plain(loops, 0, expected.data(), left.data(), right.data());
                kernel.run(sums.data(), {left.data(), run == 0 ? 0 : 1}, {right.data(), 7});
            }
            BOOST_TEST(sums == expected, kernels.name << ", seed " << seed);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_plain_ones_are_always_there) {
    BOOST_TEST(micro_kernels().back().name == "plain");
    for (const MicroKernels& kernels : micro_kernels()) {
        for (std::int64_t rows = 1; rows <= most_rows; ++rows) {
            for (std::int64_t positions = 1; positions <= most_positions; ++positions) {
                const bool fits = kernels.multiply(rows, positions) != nullptr;
                BOOST_TEST((!fits || rows * positions <= 16));
            }
        }
        BOOST_TEST(kernels.multiply(1, 1) != nullptr);
    }
}

BOOST_AUTO_TEST_SUITE_END()
