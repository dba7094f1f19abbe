// SPDX-License-Identifier: Apache-2.0
// Cycle numbers computed by hand from docs/microarchitecture.md, one word per tile, so that a reader can follow every
// cycle. All elements are 16 bit. "look" is what a mover does at the end of a cycle (4c).
#include <boost/test/unit_test.hpp>

#include "mappings/reference.hpp"
#include "sim/hardware/machine.hpp"
#include "tests/reference/plain_outputs.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

Level dram(int width_bits, int latency) {
    Level level;
    level.name = "DRAM";
    level.kind = LevelKind::dram;
    level.width_bits = width_bits;
    level.latency_cycles = latency;
    return level;
}

Level buffer(int width_bits, int depth) {
    Level level;
    level.name = "B";
    level.width_bits = width_bits;
    level.depth = depth;
    return level;
}

Level mac() {
    Level level;
    level.name = "MAC";
    level.kind = LevelKind::mac;
    level.latency_cycles = 1;
    return level;
}

struct Case {
    Workload workload;
    Architecture architecture;
    Nest nest;
};

void add_loop(Case& c, const char* dimension, std::int64_t bound, int level) {
    c.nest.loops.push_back({c.workload.find_dimension(dimension), bound, level, LoopKind::temporal, {}});
}

/// The run as text: stalls, cycles, and "grant <cycle> <boundary><direction><tile>" per group.
std::string run_text(const Case& c, Advance advance) {
    return run_forked([&] {
        const Design design = lower(c.workload, c.architecture, c.nest);
        const Operands operands = generate_operands(design.workload, 1);
        Machine machine("machine", design.architecture, tensor_names(design));
        const RunText run = record(machine, design, operands, advance);
        if (run.output != plain_outputs(design.workload, operands)) return std::string("outputs differ");
        std::string text;
        for (const GroupEvent& e : run.events) {
            text += std::to_string(e.cycle) + ":" +
                    design.tensor(design.boundaries[static_cast<std::size_t>(e.boundary)].tensor).name + (e.up ? "^" : "_") +
                    std::to_string(e.tile) + " ";
        }
        text += "| issue";
        for (std::int64_t cycle : run.issue_cycles) text += " " + std::to_string(cycle);
        text += " |";
        for (const StallCount& stall : run.stalls) {
            if (stall.cycles > 0) text += " " + stall.cause + " " + std::to_string(stall.cycles);
        }
        return text + " | " + std::to_string(run.cycles);
    });
}

void check(const Case& c, const std::string& expected) {
    BOOST_TEST(run_text(c, Advance::single_step) == expected);
    BOOST_TEST(run_text(c, Advance::batched) == expected);
}

/// One buffer, one MAC: out[1] += in[2] * w[2].
Case fill_and_drain() {
    Case c{make_gemm(1, 1, 2, 16, 16, 16), {"", 1000, {dram(16, 3), buffer(16, 2), mac()}}, {}};
    add_loop(c, "C", 2, 1);
    return c;
}

/// Three outputs, one slot each: the next output waits until the one before has left.
Case single_slot() {
    Case c{make_gemm(1, 3, 1, 16, 16, 16), {"", 1000, {dram(64, 0), buffer(64, 1), mac()}}, {}};
    add_loop(c, "K", 3, 0);
    return c;
}

/// Two outputs, visited twice (reduction loop outside), over a network of `latency` cycles for outputs.
Case spilled(int latency) {
    Level link;
    link.name = "Link";
    link.kind = LevelKind::array;
    for (const char* name : {"input", "weight"}) link.networks[name].latency_cycles = 0;
    link.networks["output"].latency_cycles = latency;
    Case c{make_gemm(1, 2, 2, 16, 16, 16), {"", 1000, {dram(64, 0), link, buffer(64, 2), mac()}}, {}};
    add_loop(c, "C", 2, 0);
    add_loop(c, "K", 2, 0);
    return c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hand_cycles)

BOOST_AUTO_TEST_CASE(startup_and_drain) {
    // 0: input and weight ask; the output's tile is first met: reserved and zeroed, usable from 1.
    // 1: input's first word goes (tie: mover order). 2: weight's, never granted before, so oldest. 3: input's second,
    //    arrives in 3 + 3 = 6, usable in 7. 4: weight's second, usable in 4 + 3 + 1 = 8.
    // 8, 9: the two steps. 9 + 1: the sum is complete, its drain asks; 11: it goes and lands: 12 cycles.
    check(fill_and_drain(), "1:input_0 2:weight_0 3:input_0 4:weight_0 11:output^0 | issue 8 9 | startup 8 drain 2 | 12");
}

BOOST_AUTO_TEST_CASE(output_space) {
    // 1: input 0. 2: weight 0, usable in 3. 3: step 0; weight's slot is free from 4, the sum complete from 4.
    // 4: the array finds no free output slot (stall output_space), weight 1 and drain 0 ask. 5: both go (different ports);
    //    the output slot is free from 6, so the array still sees none in 5.
    // 6: output 1 is reserved and zeroed, usable in 7: now the tile itself is missing (output@B). 7: step 1; and so on.
    check(single_slot(),
          "1:input_0 2:weight_0 5:weight_1 5:output^0 9:weight_2 9:output^1 13:output^2 | issue 3 7 11 | "
          "startup 3 drain 2 output_space 4 output@B 2 | 14");
}

BOOST_AUTO_TEST_CASE(readback) {
    // 3: step 0. 4: weight 1 is usable in 5 only (weight@B). 5: step 1; drain 0 goes and lands in 5 + 5 = 10, seen in 11.
    // 6..10: output 0 must be read back, but has not landed (readback). 11: it is asked for, 12: it goes, usable in
    //    12 + 5 + 1 = 18 (output@B in 11..17). Drain 1 went in 7, landed in 12, seen in 13: asked 13, goes 14, usable in 20.
    // 18: step 2, 20: step 3. Drains go in 20 and 22; the last lands in 27: 28 cycles.
    check(spilled(5),
          "1:input_0 2:weight_0 3:input_1 4:weight_1 5:weight_2 5:output^0 7:weight_3 7:output^1 12:output_2 14:output_3 "
          "20:output^2 22:output^3 | issue 3 5 18 20 | startup 3 drain 7 readback 5 weight@B 1 output@B 8 | 28");
}

BOOST_AUTO_TEST_CASE(a_landing_one_cycle_later_moves_the_read_back_by_one) {
    // Illegal at t-1, legal at t: with latency L the write-back of 5 lands in 5 + L, is seen in 6 + L, read in 7 + L.
    for (int latency = 4; latency < 8; ++latency) {
        const std::string text = run_text(spilled(latency), Advance::single_step);
        BOOST_TEST(text.find(" " + std::to_string(7 + latency) + ":output_2 ") != std::string::npos, text);
        BOOST_TEST(text.find(" " + std::to_string(6 + latency) + ":output_2 ") == std::string::npos, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
