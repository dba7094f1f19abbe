// SPDX-License-Identifier: Apache-2.0
// Random small designs: both advances of the simulator, the closed form, the literal tick model and the plain
// loop nest must agree on every cycle, count, word and output.
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "mappings/reference.hpp"
#include "models/exact_counts.hpp"
#include "sim/hardware/machine.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/reference/tick_model.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

std::string compare_all(const RandomDesign& random, std::uint64_t seed) {
    const Design design = lower(random.workload, random.architecture, random.nest);
    const Operands operands = generate_operands(design.workload, seed);
    const ReferenceRun tick = run_tick_model(random.workload, random.architecture, random.nest, operands);
    const auto expected =
        lines(RunText{tick.cycles, tick.busy, tick.macs, tick.stalls, tick.counts, tick.events, tick.issue_cycles, tick.output});
    Machine machine("machine", design.architecture, tensor_names(design));
    const RunText batched = record(machine, design, operands, Advance::batched);
    const RunText single = record(machine, design, operands, Advance::single_step);
    std::string difference = first_difference(lines(batched), "batched", lines(single), "single-step");
    if (batched.output != execute_reference(design.workload, operands))
        difference += "simulated outputs differ from the loop nest's\n";
    if (tick.output != execute_reference(design.workload, operands))
        difference += "the tick model's outputs differ from the loop nest's\n";
    if (difference.empty()) difference = first_difference(lines(batched), "simulated", expected, "tick model");
    if (difference.empty())
        difference = first_difference(lines(batched.counts), "simulated", lines(count_exactly(design)), "closed form");
    return difference;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_designs)

BOOST_AUTO_TEST_CASE(all_views_agree) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    const long count = environment_number("ACCELSIM_DESIGNS", 1000);
    long failures = 0;
    for (long seed = first; seed < first + count && failures < 5; ++seed) {
        const RandomDesign random = make_random_design(static_cast<std::uint64_t>(seed));
        const std::string difference = run_forked([&] { return compare_all(random, static_cast<std::uint64_t>(seed)); });
        if (difference.empty()) continue;
        ++failures;
        BOOST_ERROR("ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1\n" << difference << "\n" << describe(random));
    }
    std::cout << count << " random designs from ACCELSIM_SEED=" << first << "\n";
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
