// SPDX-License-Identifier: Apache-2.0
// The machines in RTL against the simulator, cycle by cycle: the walkthroughs, then random nests.
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "mappings/reference.hpp"
#include "sim/program/yaml/load_run.hpp"
#include "tests/rtl/lockstep.hpp"
#include "tests/rtl/random_nest.hpp"
#include "tests/rtl/structures.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

/// The number of cycles, or the first difference. Runs in a process of its own, for SystemC.
std::string lock_step(const Structure& structure, const Design& design, std::uint64_t seed, const std::string& name) {
    const Operands operands = generate_operands(design.workload, seed);
    const Side simulator = run_simulator(design, operands);
    if (simulator.output != execute_reference(design.workload, operands)) return "the simulated outputs are wrong\n";
    const RtlHardware hardware = structure.hardware();
    const std::unique_ptr<RtlModel> model = structure.make(hardware);
    const std::string difference = compare_sides(simulator, run_rtl(*model, hardware, design, operands), name + ".vcd");
    return difference.empty() ? std::to_string(simulator.cycles.size()) : difference;
}

bool is_number(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(rtl_lock_step)

BOOST_AUTO_TEST_CASE(walkthroughs_are_exact) {
    const std::vector<std::int64_t> cycles = {35, 40, 41};  // docs/walkthroughs.md
    for (std::size_t s = 0; s < structures().size(); ++s) {
        const Structure& structure = structures()[s];
        const std::string result = run_forked([&] {
            const RunConfig config = structure.config();
            return lock_step(structure, lower(config.workload, config.architecture, config.nest), 1, "rtl_walkthrough_" + structure.name);
        });
        BOOST_TEST(result == std::to_string(cycles[s]), structure.name << ": " << result);
    }
}

/// ACCELSIM_SEED: the first seed; ACCELSIM_DESIGNS: how many nests.
BOOST_AUTO_TEST_CASE(random_nests_agree) {
    const long first = environment_number("ACCELSIM_SEED", 1), count = environment_number("ACCELSIM_DESIGNS", 120);
    long done = 0, failures = 0;
    std::int64_t cycles = 0;
    for (long seed = first; done < count && failures < 3; ++seed) {
        const Structure& structure = structures()[static_cast<std::size_t>(seed) % structures().size()];
        const RunConfig config = structure.config();
        const std::optional<Design> design =
            random_nest(config.architecture, config.workload, structure.unrolling, static_cast<std::uint64_t>(seed));
        if (!design) continue;
        ++done;
        const std::string name = "rtl_seed_" + std::to_string(seed);
        const std::string result = run_forked([&] { return lock_step(structure, *design, static_cast<std::uint64_t>(seed), name); });
        if (is_number(result)) {
            cycles += std::stoll(result);
            continue;
        }
        ++failures;
        BOOST_ERROR("ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1, " << structure.name << "\n" << result << "\n" << explain(*design));
    }
    std::cout << done << " random nests from ACCELSIM_SEED=" << first << ", " << cycles << " cycles\n";
    if (done >= 100) BOOST_TEST(cycles >= 100'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
