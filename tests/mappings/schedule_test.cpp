// SPDX-License-Identifier: Apache-2.0
// Directive by directive: what a schedule becomes. Random schedules: tests/cross; what is refused: tests/errors.
#include <boost/test/unit_test.hpp>

#include "mappings/design.hpp"
#include "mappings/schedule.hpp"
#include "tests/reference/schedule_of_nest.hpp"

namespace accelsim::testing {

namespace {

/// N 1, K 8, C 6, Y 5, X 13, FY 3, FX 3
Workload small_convolution() { return make_conv2d({1, 8, 6, 5, 13, 3, 3}); }

Level level(const std::string& name, LevelKind kind) {
    Level result;
    result.name = name;
    result.kind = kind;
    return result;
}

/// DRAM, Buffer, a 4 x 16 array, Registers, MAC; no limits.
Architecture small_machine() {
    Architecture machine;
    machine.levels = {level("DRAM", LevelKind::dram), level("Buffer", LevelKind::buffer), level("Array", LevelKind::array),
                      level("Registers", LevelKind::buffer), level("MAC", LevelKind::mac)};
    machine.levels[2].rows = 16;
    machine.levels[2].columns = 16;
    return machine;
}

Architecture dram_and_mac() {
    Architecture machine;
    machine.levels = {level("DRAM", LevelKind::dram), level("MAC", LevelKind::mac)};
    return machine;
}

std::string nest_of(const Schedule& schedule, const Architecture& machine = dram_and_mac()) {
    const Workload workload = small_convolution();
    return nest_text(lower_schedule(workload, machine, schedule).nest, workload, machine);
}

/// Without its levels, as the machine has one: "K 8, C 6".
std::string loops_of(const Schedule& schedule) {
    std::string text;
    const Workload workload = small_convolution();
    for (const Loop& loop : lower_schedule(workload, dram_and_mac(), schedule).nest.loops) {
        text += (text.empty() ? "" : ", ") + workload.dimensions[static_cast<std::size_t>(loop.dimension)].name + " " +
                std::to_string(loop.bound);
    }
    return text;
}

std::int64_t issued_x(const Schedule& schedule) {
    const Nest nest = lower_schedule(small_convolution(), dram_and_mac(), schedule).nest;
    return nest.issued.empty() ? 0 : nest.issued[4];
}

std::string refusal(const Schedule& schedule, const std::optional<Architecture>& machine = dram_and_mac()) {
    try {
        lower_schedule(small_convolution(), machine, schedule);
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

/// K and C unrolled, tiles in both levels.
Schedule weight_stationary() {
    Schedule s;
    s.split("c", "co", "ci", 3)
        .reorder({"x", "fx", "fy", "k", "ci", "y", "co", "n"})
        .in({"input", "weight", "output"})
        .compute_at("Buffer", "co")
        .unroll("ci", "Array", ArrayAxis::rows)
        .unroll("k", "Array", ArrayAxis::columns)
        .in({"input", "weight", "output"})
        .compute_at("Registers", "k");
    return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_AUTO_TEST_CASE(the_algorithm_comes_first) { BOOST_TEST(loops_of(Schedule()) == "K 8, C 6, Y 5, X 13, FY 3, FX 3"); }

BOOST_AUTO_TEST_CASE(a_split_makes_an_outer_and_an_inner_loop) {
    BOOST_TEST(loops_of(Schedule().split("x", "xo", "xi", 4)) == "K 8, C 6, Y 5, X 4, X 4, FY 3, FX 3");
    BOOST_TEST(loops_of(Schedule().split("x", "x", "xi", 4).split("x", "xo", "xm", 3)) ==
               "K 8, C 6, Y 5, X 2, X 3, X 4, FY 3, FX 3");
    BOOST_TEST(loops_of(Schedule().split("k", "ko", "ki", 4).split("ki", "km", "ki", 2)) ==
               "K 2, K 2, K 2, C 6, Y 5, X 13, FY 3, FX 3");
}

BOOST_AUTO_TEST_CASE(reorder_is_innermost_first_and_leaves_the_others) {
    BOOST_TEST(loops_of(Schedule().reorder({"k", "fx"})) == "FX 3, C 6, Y 5, X 13, FY 3, K 8");
    BOOST_TEST(loops_of(Schedule().reorder({"fx", "k"})) == "K 8, C 6, Y 5, X 13, FY 3, FX 3");
}

BOOST_AUTO_TEST_CASE(tile_is_two_splits_and_a_reorder) {
    const std::string tiled = "K 8, C 6, Y 3, X 4, Y 2, X 4, FY 3, FX 3";
    BOOST_TEST(loops_of(Schedule().tile("x", "y", "xo", "yo", "xi", "yi", 4, 2)) == tiled);
    BOOST_TEST(loops_of(Schedule().tile("x", "y", "xi", "yi", 4, 2)) == tiled);
    BOOST_TEST(loops_of(Schedule().split("x", "xo", "xi", 4).split("y", "yo", "yi", 2).reorder({"xi", "yi", "xo", "yo"})) ==
               tiled);
}

BOOST_AUTO_TEST_CASE(round_up_issues_what_no_guard_holds_back) {
    using enum TailStrategy;
    BOOST_TEST(issued_x(Schedule().split("x", "xo", "xi", 4)) == 0);
    BOOST_TEST(issued_x(Schedule().split("x", "xo", "xi", 4, round_up)) == 16);
    BOOST_TEST(issued_x(Schedule().split("x", "xo", "xi", 13, round_up)) == 0);
    // 13 / 4 = 4 outer iterations, rounded up to 6: 24 indices
    BOOST_TEST(issued_x(Schedule().split("x", "x", "xi", 4, round_up).split("x", "xo", "xm", 3, round_up)) == 24);
    BOOST_TEST(issued_x(Schedule().split("x", "x", "xi", 4, round_up).split("x", "xo", "xm", 3)) == 16);
    // the guard of the inner split keeps its predicate
    BOOST_TEST(issued_x(Schedule().split("x", "x", "xi", 4).split("x", "xo", "xm", 3, round_up)) == 0);
    // a guard that divides has none
    BOOST_TEST(issued_x(Schedule().split("x", "x", "xi", 1).split("x", "xo", "xm", 3, round_up)) == 15);
}

BOOST_AUTO_TEST_CASE(a_fused_loop_moves_as_one) {
    Schedule s;
    s.reorder({"fx", "x", "fy", "y"}).fuse("x", "fy", "fused").reorder({"c", "fused"});
    BOOST_TEST(loops_of(s) == "K 8, FY 3, X 13, Y 5, C 6, FX 3");
}

BOOST_AUTO_TEST_CASE(a_fused_loop_splits_where_its_parts_do) {
    // y x x is 5 x 13: 13 falls between them, 26 cuts y, unevenly, which the outermost part of a dimension may be
    BOOST_TEST(loops_of(Schedule().fuse("x", "y", "f").split("f", "fo", "fi", 13).reorder({"fi", "fo"})) ==
               "K 8, C 6, Y 5, X 13, FY 3, FX 3");
    BOOST_TEST(loops_of(Schedule().fuse("x", "y", "f").split("f", "fo", "fi", 26)) == "K 8, C 6, Y 3, Y 2, X 13, FY 3, FX 3");
}

BOOST_AUTO_TEST_CASE(names_can_be_used_again) {
    BOOST_TEST(loops_of(Schedule().split("k", "k", "ki", 4).split("k", "ki2", "k", 1).fuse("ki", "k", "k")) ==
               "K 2, K 4, C 6, Y 5, X 13, FY 3, FX 3");
}

BOOST_AUTO_TEST_CASE(dimensions_that_differ_in_case_keep_their_names) {
    Workload workload;
    workload.name = "cases";
    workload.type = "einsum";
    workload.dimensions = {{"M", 4, {}}, {"m", 6, {}}};
    workload.tensors = {
        {"A", {{{{0, 1}}, 0, 1}}, 16, false}, {"B", {{{{1, 1}}, 0, 1}}, 16, false}, {"O", {{{{0, 1}}, 0, 1}}, 32, true}};
    derive_axis_sizes(workload);
    const Nest nest = lower_schedule(workload, dram_and_mac(), Schedule().reorder({"M", "m"})).nest;
    BOOST_TEST(nest.loops[0].bound == 6);
    BOOST_TEST(nest.loops[1].bound == 4);
}

BOOST_AUTO_TEST_CASE(tiles_say_where_loops_iterate) {
    BOOST_TEST(nest_of(weight_stationary(), small_machine()) ==
               "DRAM for C 2\nBuffer for Y 5\nArray rows C 3\nArray columns K 8\nRegisters for FY 3\nRegisters for FX 3\n"
               "Registers for X 13\n");
}

BOOST_AUTO_TEST_CASE(what_is_not_held_passes_by) {
    Schedule s = weight_stationary();
    std::get<directive::In>(s.directives[2].what).tensors = {"weight"};
    BOOST_TEST(nest_of(s, small_machine()).ends_with("bypass Buffer input output\n"));
}

BOOST_AUTO_TEST_CASE(root_is_outside_all_loops) {
    Schedule s;
    s.in("weight").compute_root("Buffer").in("output").compute_at("Registers", "x");
    BOOST_TEST(nest_of(s, small_machine()) ==
               "Buffer for K 8\nBuffer for C 6\nBuffer for Y 5\nBuffer for X 13\nRegisters for FY 3\nRegisters for FX 3\n"
               "bypass Buffer input output\nbypass Registers input weight\n");
}

BOOST_AUTO_TEST_CASE(a_tensor_may_be_held_further_out_when_that_is_the_same) {
    const auto with = [](const std::string& loop) {
        Schedule s;
        s.reorder({"fx", "fy", "k", "c", "y", "x"})
            .in("weight")
            .compute_at("Buffer", loop)
            .in({"input", "output"})
            .compute_at("Buffer", "y");
        return s.in("output").compute_at("Registers", "k");
    };
    // weights depend on neither x nor y
    BOOST_TEST(nest_of(with("n"), small_machine()) == nest_of(with("y"), small_machine()));
    BOOST_TEST(nest_of(with("n"), small_machine()).starts_with("DRAM for X 13\nDRAM for Y 5\nBuffer for C 6\n"));
}

BOOST_AUTO_TEST_CASE(the_first_unrolled_is_adjacent_and_further_ones_replicate) {
    const auto dataflow = [](const std::string& first, const std::string& second, const std::string& inner,
                             const std::string& outer) {
        Schedule s;
        s.split("c", "co", "ci", 2).reorder({"x", "fx", inner, outer, "y", "k", "co"});
        s.in("output").compute_at("Buffer", "co").in("output").compute_at("Registers", inner);
        s.unroll(first, "Array", ArrayAxis::rows).unroll(second, "Array", ArrayAxis::rows);
        const Workload workload = small_convolution();
        return lower(workload, small_machine(), lower_schedule(workload, small_machine(), s).nest).dataflow;
    };
    // the order of the directives decides, not that of the loops
    BOOST_TEST(dataflow("fy", "ci", "fy", "ci") == "FYC");
    BOOST_TEST(dataflow("fy", "ci", "ci", "fy") == "FYC");
    BOOST_TEST(dataflow("ci", "fy", "ci", "fy") == "CFY");
}

BOOST_AUTO_TEST_CASE(a_fused_loop_unrolls_as_replication) {
    const auto with = [](bool fused) {
        Schedule s;
        s.reorder({"x", "fx", "fy", "y", "c", "k"}).in("output").compute_at("Buffer", "k");
        if (fused) {
            s.fuse("fy", "y", "rows").unroll("rows", "Array", ArrayAxis::rows).in("output").compute_at("Registers", "rows");
        } else {
            s.unroll("fy", "Array", ArrayAxis::rows).unroll("y", "Array", ArrayAxis::rows);
            s.in("output").compute_at("Registers", "fy");
        }
        return s;
    };
    BOOST_TEST(nest_of(with(true), small_machine()) == nest_of(with(false), small_machine()));
    BOOST_TEST(nest_of(with(true), small_machine()).find("Array rows Y 5\nArray rows FY 3\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_machine_is_generated) {
    Schedule s = weight_stationary();
    s.systolic("input", "k").systolic("output", "ci").accelerate({"input", "weight"}, "co");
    const Workload workload = small_convolution();
    const LoweredSchedule lowered = lower_schedule(workload, std::nullopt, s);
    const std::vector<Level>& levels = lowered.architecture.levels;
    std::string names;
    for (const Level& each : levels) names += each.name + " ";
    BOOST_TEST(names == "DRAM Buffer Array Registers MAC ");
    // Two slots of 16, 16 and 32 bits: 3 channels of (5+2) x (13+2) inputs, 8 x 3 x 9 weights, 8 x 5 x 13 outputs ...
    BOOST_TEST(levels[1].capacity_bytes == 2 * (2 * 3 * 7 * 15 + 2 * 8 * 3 * 9 + 4 * 8 * 5 * 13));
    // ... and per PE 3 x 15 inputs, 9 weights, 13 outputs.
    BOOST_TEST(levels[3].capacity_bytes == 2 * (2 * 3 * 15 + 2 * 9 + 4 * 13));
    BOOST_TEST(levels[2].rows == 3);
    BOOST_TEST(levels[2].columns == 8);
    BOOST_TEST((levels[2].network("input").transport == Transport::systolic));
    BOOST_TEST((levels[2].network("weight").transport == Transport::multicast));
    BOOST_TEST((levels[2].network("output").reduction == Reduction::systolic));
    BOOST_TEST(lower(workload, lowered.architecture, lowered.nest).dataflow == "C | K");
}

BOOST_AUTO_TEST_CASE(without_systolic_lanes_get_words_at_once) {
    Schedule s = weight_stationary();
    s.accelerate({"input", "weight"}, "co");
    const Level array = lower_schedule(small_convolution(), std::nullopt, s).architecture.levels[2];
    BOOST_TEST((array.network("input").transport == Transport::multicast));
    BOOST_TEST((array.network("output").reduction == Reduction::tree));
}

BOOST_AUTO_TEST_CASE(sums_may_wait_at_a_loop_that_keeps_their_tile) {
    // c is inside the accelerator and outside the registers, but nothing between them changes the sums.
    Schedule s;
    s.reorder({"fx", "fy", "c", "x", "y", "k"}).in({"input", "weight"}).compute_at("Buffer", "x");
    s.in("output").compute_at("Registers", "c").accelerate({"input", "weight"}, "x");
    BOOST_TEST(refusal(s, small_machine()) == "");
}

BOOST_AUTO_TEST_CASE(every_pass_leaves_its_text) {
    std::string names;
    for (const PassText& pass : lower_schedule(small_convolution(), small_machine(), weight_stationary()).passes) {
        names += pass.pass + " ";
        BOOST_TEST(pass.nest.ends_with("output += input * weight\n"));
    }
    BOOST_TEST(names == "algorithm loops unroll buffers links accelerate nest ");
}

BOOST_AUTO_TEST_CASE(in_cplusplus_a_directive_stands_at_its_call) {
    Schedule s;
    const int line = __LINE__ + 1;
    s.split("x", "xo", "xi", 0);
    BOOST_TEST(refusal(s).starts_with(std::string(__FILE__) + ":" + std::to_string(line) + ":"));
    Schedule forgotten;
    forgotten.in("input");
    BOOST_TEST(refusal(forgotten).ends_with("'in' needs 'compute_at' with it: the level that holds the tile, and the loop"));
}

BOOST_AUTO_TEST_CASE(loops_too_long_to_count_are_refused) {
    const std::int64_t most = 2147483647;
    Schedule s;
    s.split("x", "x", "a", most).split("x", "x", "b", most);
    BOOST_TEST(refusal(s).find("indices of X, more than 2147483647") != std::string::npos);
    Schedule fused;
    fused.split("x", "x", "a", most).split("y", "y", "b", most).reorder({"a", "b"}).fuse("a", "b", "ab");
    BOOST_TEST(refusal(fused).find("more than 2147483647 iterations") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
