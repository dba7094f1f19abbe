// SPDX-License-Identifier: Apache-2.0
// The machines in RTL against the simulator, cycle by cycle: the walkthroughs, then random nests.
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "mappings/reference.hpp"
#include "sim/program/yaml/load_run.hpp"
#include "tests/rtl/lockstep.hpp"
#include "tests/rtl/structures.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

/// The number of cycles, or the first difference.
std::string lock_step(const Structure& structure, const Workload& workload, const Nest& nest, std::uint64_t seed, const std::string& name) {
    const RunConfig config = structure.config();
    const Design design = lower(workload, config.architecture, nest, name);
    const Operands operands = generate_operands(workload, seed);
    const Side simulator = run_simulator(design, operands);
    if (simulator.output != execute_reference(workload, operands)) return "the simulated outputs are wrong\n";
    const RtlHardware hardware = structure.hardware();
    const std::unique_ptr<RtlModel> model = structure.make(hardware);
    const std::string difference = compare_sides(simulator, run_rtl(*model, hardware, design, operands), name + ".vcd");
    return difference.empty() ? std::to_string(simulator.cycles.size()) : difference;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rtl_lock_step)

BOOST_AUTO_TEST_CASE(walkthroughs_are_exact) {
    const std::vector<std::int64_t> cycles = {35, 40, 41};  // docs/walkthroughs.md
    for (std::size_t s = 0; s < structures().size(); ++s) {
        const Structure& structure = structures()[s];
        const std::string result = run_forked([&] {
            const RunConfig config = structure.config();
            return lock_step(structure, config.workload, config.nest, 1, "rtl_walkthrough_" + structure.name);
        });
        BOOST_TEST(result == std::to_string(cycles[s]), structure.name << ": " << result);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
