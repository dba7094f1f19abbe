// SPDX-License-Identifier: Apache-2.0
#include "mappings/workload.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>

#include "mappings/reference.hpp"
#include "tests/reference/plain_outputs.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

BOOST_AUTO_TEST_SUITE(workloads)

/// A depthwise layer is a grouped convolution with one channel in and out per group.
BOOST_AUTO_TEST_CASE(depthwise_is_a_convolution_of_as_many_groups) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    for (std::uint64_t seed = first; seed < first + 50; ++seed) {
        RandomNumbers random(seed);
        Conv2dShape shape;
        shape.n = random.between(1, 3);
        shape.c = random.between(2, 6);  // one group is no group
        shape.y = random.between(1, 5), shape.x = random.between(1, 5);
        shape.fy = random.between(1, 3), shape.fx = random.between(1, 3);
        shape.stride_y = random.between(1, 3), shape.stride_x = random.between(1, 3);
        shape.dilation_y = random.between(1, 2), shape.dilation_x = random.between(1, 2);
        shape.padding_y = random.between(0, (shape.fy - 1) / 2), shape.padding_x = random.between(0, (shape.fx - 1) / 2);
        const Workload depthwise = make_depthwise(shape, 8, 16);
        shape.groups = shape.c;
        shape.c = shape.k = 1;
        const Workload grouped = make_conv2d(shape, 8, 16);
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed) {
            for (std::size_t t = 0; t < 3; ++t) BOOST_TEST(depthwise.tensors[t].words() == grouped.tensors[t].words());
            BOOST_TEST(depthwise.macs() == grouped.macs());
            const auto operands = generate_operands(grouped, seed);
            BOOST_TEST((execute_reference(depthwise, operands) == execute_reference(grouped, operands)));
        }
    }
}

/// Gathered rows and their inner products against the nest executed literally.
BOOST_AUTO_TEST_CASE(the_reference_computes_the_nest) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    for (std::uint64_t seed = first; seed < first + 600; ++seed) {
        RandomNumbers random(seed);
        const Workload workload = make_random_workload(random);
        const auto operands = generate_operands(workload, seed);
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed)
        BOOST_TEST((execute_reference(workload, operands) == plain_outputs(workload, operands)));
    }
}

/// Reductions longer than what is gathered at a time, more columns than a panel has, the most negative products.
BOOST_AUTO_TEST_CASE(the_reference_computes_long_reductions) {
    for (const auto& [n, k, c] : {std::array{3L, 5L, 9000L}, std::array{19L, 70L, 4096L}, std::array{1L, 9L, 4097L}}) {
        const Workload workload = make_gemm(n, k, c, 16, 16, 16);
        auto operands = generate_operands(workload, 1);
        BOOST_TEST((execute_reference(workload, operands) == plain_outputs(workload, operands)));
        for (auto& operand : operands) std::fill(operand.begin(), operand.end(), std::int16_t{-32768});
        BOOST_TEST((execute_reference(workload, operands) == plain_outputs(workload, operands)));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
