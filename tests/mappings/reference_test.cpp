// SPDX-License-Identifier: Apache-2.0
#include "mappings/reference.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/reference/plain_nest.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

bool equals_plain_nest(const Workload& workload, std::uint64_t seed) {
    const auto operands = generate_operands(workload, seed);
    return execute_reference(workload, operands) == execute_plainly(workload, operands);
}

/// Rows, columns and depths on both sides of the blocks' sizes, and axes of any offset: coordinates outside on both sides.
Workload make_long_workload(RandomNumbers& random) {
    Conv2dShape shape;
    shape.n = random.between(1, 3);
    shape.k = random.chance(30) ? random.between(250, 300) : random.between(1, 9);
    shape.c = random.chance(30) ? random.between(120, 200) : random.between(1, 9);
    shape.y = random.between(1, 9), shape.x = random.between(1, 9);
    shape.fy = random.between(1, 4), shape.fx = random.between(1, 4);
    shape.stride_y = random.between(1, 3), shape.stride_x = random.between(1, 3);
    shape.dilation_y = random.between(1, 2), shape.dilation_x = random.between(1, 2);
    shape.groups = random.chance(20) ? random.between(2, 3) : 1;
    Workload workload = make_conv2d(shape, random.chance(50) ? 8 : 16, random.chance(50) ? 8 : 16, random.chance(50) ? 32 : 16);
    for (Axis& axis : workload.tensors[0].axes) {
        if (axis.terms.size() < 2) continue;
        axis.offset = random.between(-3, 1);
        axis.size = std::max<std::int64_t>(1, axis.size + random.between(-4, 3));
    }
    if (random.chance(50)) std::swap(workload.tensors[0], workload.tensors[1]);
    return workload;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reference)

BOOST_AUTO_TEST_CASE(equals_the_plain_nest) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    for (std::uint64_t seed = first; seed < first + 400; ++seed) {
        RandomNumbers random(seed);
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed) {
            BOOST_TEST(equals_plain_nest(make_random_workload(random), seed));
            BOOST_TEST(equals_plain_nest(make_long_workload(random), seed));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
