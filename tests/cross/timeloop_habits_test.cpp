// SPDX-License-Identifier: Apache-2.0
// Timeloop's habits on designs so small that every word can be counted by hand.
#include <boost/test/unit_test.hpp>

#include "models/exact_counts.hpp"
#include "sim/program/import/timeloop_import.hpp"
#include "tests/reference/timeloop_model.hpp"
#include "tests/sim/program/scratch.hpp"

namespace accelsim::testing {

namespace {

/// O[M][P] += W[M][R] * I[P + R], on a DRAM and RFs of `lanes`.
RunConfig convolution(const std::string& bounds, const std::string& lanes, const std::string& mapping) {
    const ScratchFolder scratch;
    return import_timeloop({scratch.write("t.yaml", R"(
architecture:
  subtree:
  - name: chip
    local:
    - {name: DRAM, class: DRAM}
    - {name: "RF[0..)" + lanes + R"(]", class: regfile, attributes: {entries: 64}}
    - {name: "MACC[0..)" + lanes + R"(]", class: mac}
problem:
  shape:
    dimensions: [M, P, R]
    data_spaces:
    - {name: W, projection: [M, R]}
    - {name: I, projection: [[[P], [R]]]}
    - {name: O, projection: [M, P], read_write: true}
  instance: {)" + bounds + R"(}
mapping:
)" + mapping)},
                           "t");
}

std::int64_t input_reads(const RunConfig& config, const TimeloopHabits& habits) {
    return timeloop_counts(config.workload, config.architecture, config.nest, habits)[0].tensors.at("I").reads;
}

std::int64_t our_input_reads(const RunConfig& config) {
    return count_exactly(lower(config.workload, config.architecture, config.nest)).levels[0].tensors[1].reads_to_child;
}

constexpr TimeloopHabits none{false, false, false, false};

}  // namespace

BOOST_AUTO_TEST_SUITE(timeloop_habits)

BOOST_AUTO_TEST_CASE(overlap_is_lost_when_an_inner_loop_wraps) {
    // Tiles of 2 outputs and 3 taps hold inputs 0-3 and 2-5, visited twice, once for each m: 4 new words, then 2, then 2 of the
    // tile before are still there (2 new), then 2. Timeloop reads all 4 where the walk turns back.
    const RunConfig config = convolution("M: 2, P: 4, R: 3", "0",
                                         "- {target: DRAM, type: temporal, factors: M=2 P=2, permutation: PM}\n"
                                         "- {target: RF, type: temporal, factors: P=2 R=3, permutation: RP}\n");
    BOOST_TEST(input_reads(config, {true, false, false, false}) == 4 + 2 + 4 + 2);
    BOOST_TEST(input_reads(config, none) == 4 + 2 + 2 + 2);
    BOOST_TEST(our_input_reads(config) == 4 + 2 + 2 + 2);
}

BOOST_AUTO_TEST_CASE(neighbours_hand_their_words_on) {
    // Lane p needs input p + r in step r: what lane p + 1 got in the step before. With links only the last lane reads.
    const RunConfig config = convolution("M: 1, P: 3, R: 3", "2",
                                         "- {target: DRAM, type: temporal, factors: R=3, permutation: R}\n"
                                         "- {target: DRAM, type: spatial, factors: P=3, permutation: P}\n");
    BOOST_TEST(input_reads(config, {true, true, true, true}) == 3 + 1 + 1);
    BOOST_TEST(input_reads(config, {true, true, true, false}) == 3 + 3 + 3);
    BOOST_TEST(our_input_reads(config) == 3 + 3 + 3);
}

BOOST_AUTO_TEST_CASE(lanes_share_whole_deltas_only) {
    // Both lanes hold 3 taps: inputs 0-2 and 1-3.
    const RunConfig config = convolution("M: 1, P: 2, R: 3", "1",
                                         "- {target: DRAM, type: spatial, factors: P=2, permutation: P}\n"
                                         "- {target: RF, type: temporal, factors: R=3, permutation: R}\n");
    BOOST_TEST(input_reads(config, {false, true, false, false}) == 3 + 3);
    BOOST_TEST(input_reads(config, none) == 4);
    BOOST_TEST(our_input_reads(config) == 4);
}

BOOST_AUTO_TEST_CASE(idle_lanes_keep_their_tile) {
    // Three outputs on two lanes: p = 0, 1, then 2 alone; twice, for each m. Lane 1 still has input 1 when it works again.
    const RunConfig config = convolution("M: 2, P: 3, R: 1", "1",
                                         "- {target: DRAM, type: temporal, factors: M=2 P=2, permutation: PM}\n"
                                         "- {target: DRAM, type: spatial, factors: \"P=2,1\", permutation: P}\n");
    BOOST_TEST(input_reads(config, {false, false, true, false}) == 2 + 1 + 1 + 1);
    BOOST_TEST(input_reads(config, none) == 2 + 1 + 2 + 1);
    BOOST_TEST(our_input_reads(config) == 2 + 1 + 2 + 1);
}

BOOST_AUTO_TEST_CASE(bandwidth_and_blocks) {
    // 10 words read and 6 written in 4 steps by each of two instances.
    const std::vector<TimeloopLevelCount> counts = {{"RF", 2, {{"I", {20, 4, 8, 0, 1}}}}};
    Nest nest;
    nest.loops = {{0, 4, 0, LoopKind::temporal, {}}, {0, 2, 1, LoopKind::columns, {}}};
    const auto cycles = [&](const TimeloopBandwidth& bandwidth) { return timeloop_cycles(nest, counts, {{"RF", bandwidth}}); };
    BOOST_TEST(cycles({}) == 4);
    BOOST_TEST(cycles({2, 0, 0}) == 5);
    BOOST_TEST(cycles({4, 0.5, 0}) == 12);
    BOOST_TEST(cycles({0, 0, 1.5}) == 11);
    BOOST_TEST(timeloop_cycles(nest, counts, {}, 7) == 11);
    // Blocks of 4 words: ceil(10 / 4) reads, ceil(2 / 4) fills and ceil(4 / 4) updates in each instance; one MAC.
    Workload workload;
    workload.dimensions = {{"P", 1, {}}};
    workload.tensors = {{"I", {{{{0, 1}}, 0, 1}}, 16, false}};
    Level memory;
    memory.energy = {5, 7, 64};
    Level mac;
    mac.mac_pj = 0.25;
    BOOST_TEST(timeloop_energy(workload, {"a", 1000, {memory, mac}}, counts) == 2 * (3 * 5 + (1 + 1) * 7) + 0.25);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
