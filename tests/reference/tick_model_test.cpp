// SPDX-License-Identifier: Apache-2.0
// The reference, held to itself: outputs of the plain loop nest, every cycle accounted for, words conserved.
#include "tests/reference/tick_model.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/reference/random_design.hpp"
#include "tests/reference/walkthrough_designs.hpp"

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

std::vector<std::vector<std::int16_t>> random_operands(const Workload& workload, std::uint64_t seed) {
    RandomNumbers random(seed);
    std::vector<std::vector<std::int16_t>> operands;
    for (const Tensor& tensor : workload.tensors) {
        if (tensor.is_output) continue;
        operands.emplace_back();
        const std::int64_t limit = std::int64_t{1} << (tensor.bits - 1);
        for (std::int64_t i = 0; i < tensor.words(); ++i)
            operands.back().push_back(static_cast<std::int16_t>(random.between(-limit, limit - 1)));
    }
    return operands;
}

/// Row-major address of the tensor's element at these indices, -1 in the padding.
std::int64_t address(const Tensor& tensor, const std::vector<std::int64_t>& indices) {
    std::int64_t result = 0;
    for (const Axis& axis : tensor.axes) {
        std::int64_t coordinate = axis.offset;
        for (const Term& term : axis.terms) coordinate += term.coefficient * indices[at(term.dimension)];
        if (coordinate < 0 || coordinate >= axis.size) return -1;
        result = result * axis.size + coordinate;
    }
    return result;
}

std::vector<std::int32_t> loop_nest(const Workload& w, const std::vector<std::vector<std::int16_t>>& operands) {
    std::vector<std::uint32_t> sums(at(w.output().words()), 0);
    std::vector<std::int64_t> indices(w.dimensions.size(), 0);
    for (bool more = true; more;) {
        const std::int64_t a = address(w.tensors[0], indices), b = address(w.tensors[1], indices);
        if (a >= 0 && b >= 0) {
            const std::int32_t product = std::int32_t{operands[0][at(a)]} * operands[1][at(b)];
            sums[at(address(w.output(), indices))] += static_cast<std::uint32_t>(product);
        }
        more = false;
        for (std::size_t d = indices.size(); d-- > 0 && !more;) {
            more = ++indices[d] < w.dimensions[d].bound;
            if (!more) indices[d] = 0;
        }
    }
    std::vector<std::int32_t> result;
    const int shift = 32 - w.output().bits;
    for (std::uint32_t sum : sums) result.push_back(static_cast<std::int32_t>(sum << shift) >> shift);
    return result;
}

/// What is wrong with the run, empty when nothing is.
std::string faults(const RandomDesign& design, const ReferenceRun& run) {
    std::ostringstream out;
    std::int64_t stalls = 0;
    for (const StallCount& stall : run.stalls) stalls += stall.cycles;
    if (run.busy + stalls != run.cycles)
        out << "busy " << run.busy << " + stalls " << stalls << " != cycles " << run.cycles << "; ";
    if (run.busy != static_cast<std::int64_t>(run.issue_cycles.size())) out << "busy is not the number of steps; ";
    if (run.macs != design.workload.macs()) out << "macs " << run.macs << "; ";
    // Every output word lands at the DRAM once more often than it is read back from there.
    const TensorCounts& dram = run.counts.levels.front().tensors.back();
    if (dram.writes_from_child - dram.reads_to_child != design.workload.output().words()) {
        out << "DRAM writes " << dram.writes_from_child << " less read-backs " << dram.reads_to_child << " are not the output; ";
    }
    for (const NetworkCounts& network : run.counts.networks) {
        for (const LinkCounts& link : network.tensors) {
            if (link.tensor != design.workload.output().name && link.injected > link.delivered) out << "words lost; ";
            if (link.hop_lengths < link.hops) out << "short hops; ";
        }
    }
    return out.str();
}

std::string grant_text(const ExpectedGrant& grant) {
    std::ostringstream out;
    out << "cycle " << grant.cycle << " boundary " << grant.boundary << (grant.up ? " up" : " down") << " tile " << grant.tile
        << " words " << grant.words;
    return out.str();
}

std::string stall_text(const std::vector<StallCount>& stalls) {
    std::string text;
    for (const StallCount& stall : stalls) text += stall.cause + ' ' + std::to_string(stall.cycles) + "; ";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tick_model)

BOOST_AUTO_TEST_CASE(random_designs_hold_together) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const RandomDesign design = make_random_design(seed);
        BOOST_TEST_CONTEXT("seed " << seed << "\n" << describe(design)) {
            const auto operands = random_operands(design.workload, seed);
            ReferenceRun run;
            BOOST_REQUIRE_NO_THROW(run = run_tick_model(design.workload, design.architecture, design.nest, operands));
            BOOST_TEST(faults(design, run) == "");
            BOOST_CHECK(run.output == loop_nest(design.workload, operands));
        }
    }
}

BOOST_AUTO_TEST_CASE(walkthroughs_by_hand) {
    for (const Walkthrough& w : all_walkthroughs()) {
        BOOST_TEST_CONTEXT(w.design.architecture.name) {
            const auto operands = random_operands(w.design.workload, 1);
            const ReferenceRun run = run_tick_model(w.design.workload, w.design.architecture, w.design.nest, operands);
            BOOST_TEST(run.cycles == w.cycles);
            BOOST_TEST(run.busy == w.busy);
            BOOST_TEST(run.issue_cycles == w.issue_cycles, boost::test_tools::per_element());
            BOOST_TEST(stall_text(run.stalls) == stall_text(w.stalls));
            std::vector<std::string> grants, expected;
            for (const GroupEvent& e : run.events)
                grants.push_back(grant_text({e.cycle, e.boundary, e.up, e.tile, e.words.size()}));
            for (const ExpectedGrant& grant : w.grants) expected.push_back(grant_text(grant));
            BOOST_TEST(grants == expected, boost::test_tools::per_element());
            BOOST_CHECK(run.output == loop_nest(w.design.workload, operands));
        }
    }
}

BOOST_AUTO_TEST_CASE(one_slot_everywhere_never_deadlocks) {
    // One slot everywhere is slow, never stuck: the machine needs no more than one tile of each tensor at a time.
    for (std::uint64_t seed = 1000; seed < 1050; ++seed) {
        RandomDesign design = make_random_design(seed);
        for (Level& level : design.architecture.levels) level.depth = 1;
        const auto operands = random_operands(design.workload, seed);
        const ReferenceRun run = run_tick_model(design.workload, design.architecture, design.nest, operands);
        BOOST_CHECK(run.output == loop_nest(design.workload, operands));
    }
}

BOOST_AUTO_TEST_CASE(equal_origins_with_other_boxes_are_other_tiles) {
    // Input rows y + fy: (y = 0, fy = 2) and (y = 2, fy = 0) both begin at row 2. In the first the second lane's fy = 3 is
    // beyond the window, so that its slot stays empty; in the second that lane needs row 3.
    Conv2dShape shape;
    shape.y = shape.fy = 3;
    RandomDesign design;
    design.workload = make_conv2d(shape);
    Level dram, array, registers, mac;
    dram.name = "DRAM";
    dram.kind = LevelKind::dram;
    array.name = "PE";
    array.kind = LevelKind::array;
    array.columns = 2;
    registers.name = "RF";
    mac.name = "MAC";
    mac.kind = LevelKind::mac;
    mac.latency_cycles = 1;
    design.architecture.levels = {dram, array, registers, mac};
    const int y = design.workload.find_dimension("Y"), fy = design.workload.find_dimension("FY");
    design.nest.loops = {{y, 2, 0, LoopKind::temporal, {}},
                         {fy, 2, 0, LoopKind::temporal, {}},
                         {fy, 2, 1, LoopKind::columns, {}},
                         {y, 2, 2, LoopKind::temporal, {}}};
    const auto operands = random_operands(design.workload, 1);
    const ReferenceRun run = run_tick_model(design.workload, design.architecture, design.nest, operands);
    BOOST_CHECK(run.output == loop_nest(design.workload, operands));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
