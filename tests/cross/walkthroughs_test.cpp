// SPDX-License-Identifier: Apache-2.0
// The simulator against the tables of docs/walkthroughs.md, which were computed by hand.
#include <boost/test/unit_test.hpp>

#include <map>

#include "mappings/reference.hpp"
#include "sim/hardware/machine.hpp"
#include "tests/reference/plain_outputs.hpp"
#include "tests/reference/walkthrough_designs.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

std::string text(const Walkthrough& expected) {
    std::string result = std::to_string(expected.cycles) + " cycles, " + std::to_string(expected.busy) + " busy\n";
    std::map<std::string, std::int64_t> stalls;
    for (const StallCount& stall : expected.stalls) {
        if (stall.cycles > 0) stalls[stall.cause] = stall.cycles;
    }
    for (const auto& [cause, cycles] : stalls) result += cause + " " + std::to_string(cycles) + "\n";
    for (std::int64_t cycle : expected.issue_cycles) result += "issue " + std::to_string(cycle) + "\n";
    for (const ExpectedGrant& g : expected.grants) {
        result += "cycle " + std::to_string(g.cycle) + " boundary " + std::to_string(g.boundary) + (g.up ? " up" : " down") +
                  " tile " + std::to_string(g.tile) + " words " + std::to_string(g.words) + "\n";
    }
    return result;
}

std::string simulated(const RandomDesign& random, Advance advance) {
    return run_forked([&] {
        const Design design = lower(random.workload, random.architecture, random.nest);
        const Operands operands = generate_operands(design.workload, 1);
        Machine machine("machine", design.architecture, tensor_names(design));
        const RunText run = record(machine, design, operands, advance);
        if (run.output != plain_outputs(design.workload, operands)) return std::string("outputs differ");
        Walkthrough seen{random, run.cycles, run.busy, run.stalls, run.issue_cycles, {}};
        for (const GroupEvent& e : run.events) seen.grants.push_back({e.cycle, e.boundary, e.up, e.tile, e.words.size()});
        return text(seen);
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(walkthroughs)

BOOST_AUTO_TEST_CASE(simulator_follows_the_tables) {
    int number = 0;
    for (const Walkthrough& expected : all_walkthroughs()) {
        BOOST_TEST_CONTEXT("walkthrough " << ++number) {
            BOOST_TEST(simulated(expected.design, Advance::single_step) == text(expected));
            BOOST_TEST(simulated(expected.design, Advance::batched) == text(expected));
        }
    }
    BOOST_TEST(number == 3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
