// SPDX-License-Identifier: Apache-2.0
#include "mappings/unrolling.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

#include "mappings/workload.hpp"

namespace accelsim::testing {

namespace {

Architecture array_of(int rows, int columns, Transport input = Transport::multicast) {
    Architecture architecture;
    architecture.levels.resize(3);
    architecture.levels[0].kind = LevelKind::dram;
    architecture.levels[1].kind = LevelKind::array;
    architecture.levels[1].rows = rows;
    architecture.levels[1].columns = columns;
    architecture.levels[1].networks["input"].transport = input;
    architecture.levels[2].kind = LevelKind::mac;
    return architecture;
}

/// "C16 X2 | K16": the loops of both axes, adjacent first.
std::string text_of(const Workload& workload, const std::vector<Loop>& loops) {
    std::map<LoopKind, std::string> axes;
    for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
        std::string& axis = axes[loop->kind];
        axis += (axis.empty() ? "" : " ") + workload.dimensions[static_cast<std::size_t>(loop->dimension)].name +
                std::to_string(loop->bound);
    }
    return axes[LoopKind::rows] + " | " + axes[LoopKind::columns];
}

std::string unrolled(const Workload& workload, const Architecture& architecture, const std::string& dataflow,
                     Filling filling = Filling::replicated) {
    return text_of(workload, unroll(workload, architecture, parse_dataflow(dataflow, workload), filling));
}

Workload convolution(std::int64_t k, std::int64_t c, std::int64_t size, std::int64_t filter) {
    Conv2dShape shape;
    shape.k = k, shape.c = c, shape.y = shape.x = size, shape.fy = shape.fx = filter;
    return make_conv2d(shape);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unrolling)

BOOST_AUTO_TEST_CASE(factors_need_no_more_parts_than_their_number_of_steps) {
    for (std::int64_t bound = 1; bound <= 40; ++bound) {
        for (std::int64_t room = 1; room <= 45; ++room) {
            std::vector<std::int64_t> plain;
            std::vector<std::int64_t> divisors;
            for (std::int64_t f = 1; f <= std::min(bound, room); ++f) {
                const auto needs = [&](std::int64_t parts) { return (bound + parts - 1) / parts; };
                if (f == 1 || needs(f - 1) > needs(f)) plain.push_back(f);
                if (bound % f == 0) divisors.push_back(f);
            }
            BOOST_TEST_CONTEXT(bound << " values, room for " << room) {
                BOOST_TEST(balanced_factors(bound, room, false) == plain, boost::test_tools::per_element());
                BOOST_TEST(balanced_factors(bound, room, true) == divisors, boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_wish_comes_first_and_replicas_fill_the_rest) {
    const Architecture square = array_of(16, 16);
    BOOST_TEST(unrolled(convolution(384, 256, 13, 3), square, "C | K") == "C16 | K16");
    BOOST_TEST(unrolled(convolution(96, 3, 55, 11), square, "C | K", Filling::wished) == "C3 | K16");
    BOOST_TEST(unrolled(convolution(384, 256, 13, 3), square, "X | Y") == "X13 | Y13");
    BOOST_TEST(unrolled(convolution(384, 256, 13, 3), array_of(12, 14), "FY | Y") == "FY3 C4 | Y13");
    BOOST_TEST(unrolled(convolution(384, 256, 13, 3), square, "C | K", Filling::none) == " | ");
    BOOST_TEST(unrolled(convolution(48, 8, 14, 1), array_of(8, 32), "C | K") == "C8 | K16 X2");  // 24 of 32 would be idle
}

/// No sums on an axis that is not made for them: K | K, not C | C.
BOOST_AUTO_TEST_CASE(a_layer_without_the_wished_dimensions_still_fills_the_array) {
    const Architecture square = array_of(8, 8);
    BOOST_TEST(unrolled(make_gemm(1, 64, 64), square, "X | Y") == "K8 | K8");
    BOOST_TEST(unrolled(make_gemm(1, 64, 64), square, "FY | Y") == "C8 | K8");
    Conv2dShape shape;
    shape.c = 32, shape.y = shape.x = 16, shape.fy = shape.fx = 3;
    BOOST_TEST(unrolled(make_depthwise(shape), square, "C | K") == "C8 | X8");
    BOOST_TEST(unrolled(make_depthwise(shape), square, "X | Y") == "X8 | Y8");
}

/// Windows that overlap would have to be shared off the axis.
BOOST_AUTO_TEST_CASE(systolic_operands_keep_windows_off_the_array) {
    BOOST_TEST(unrolled(convolution(64, 3, 8, 3), array_of(16, 4, Transport::systolic), "C | K") == "C3 K4 | K4");  // the columns take 4 of 64, K 5 on the rows saves no step
    BOOST_TEST(unrolled(convolution(64, 4, 8, 1), array_of(8, 4, Transport::systolic), "C | X") == "C4 K2 | X4");
}

BOOST_AUTO_TEST_CASE(a_dataflow_that_is_none_is_refused) {
    const Workload workload = convolution(4, 4, 4, 3);
    BOOST_CHECK_THROW(parse_dataflow("Q | K", workload), UserError);
    BOOST_CHECK_THROW(parse_dataflow("C | K | X", workload), UserError);
    BOOST_CHECK_THROW(parse_dataflow("CC | K", workload), UserError);
    const Dataflow two = parse_dataflow("K / FYC | X", workload);
    BOOST_REQUIRE_EQUAL(two.size(), 2U);
    BOOST_TEST(two[0].rows == std::vector<std::string>{"K"}, boost::test_tools::per_element());
    BOOST_TEST(two[1].rows == (std::vector<std::string>{"FY", "C"}), boost::test_tools::per_element());
    BOOST_TEST(two[1].columns == std::vector<std::string>{"X"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
