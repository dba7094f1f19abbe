// SPDX-License-Identifier: Apache-2.0
#include "tests/support/compare_all.hpp"

#include "mappings/reference.hpp"
#include "models/exact_counts.hpp"
#include "sim/hardware/machine.hpp"
#include "tests/reference/random_parts.hpp"
#include "tests/reference/tick_model.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

/// Whether the run ends in a deadlock; whatever else goes wrong is thrown on.
template <class Run>
bool deadlocks(const Run& run) {
    try {
        run();
    } catch (const std::runtime_error& error) {
        if (std::string(error.what()).find("deadlock in cycle ") == std::string::npos) throw;
        return true;
    }
    return false;
}

}  // namespace

std::string compare_all(const RandomDesign& random, std::uint64_t seed) {
    const Design design = lower(random.workload, random.architecture, random.nest);
    if (design.steps != issued_steps(random)) return "the design has other steps than it should\n";
    const Operands operands = generate_operands(design.workload, seed);
    ReferenceRun tick;
    const bool stuck = deadlocks([&] { tick = run_tick_model(random.workload, random.architecture, random.nest, operands); });
    const RunText expected{tick.cycles, tick.busy,   tick.macs,         tick.stalls,
                           tick.counts, tick.events, tick.issue_cycles, tick.output};
    Machine machine("machine", design.architecture, tensor_names(design));
    RunText batched, single;
    const bool batched_stuck = deadlocks([&] { batched = record(machine, design, operands, Advance::batched); });
    const bool single_stuck = deadlocks([&] { single = record(machine, design, operands, Advance::single_step); });
    if (stuck && batched_stuck && single_stuck) return all_deadlock;
    if (stuck || batched_stuck || single_stuck)
        return std::string("deadlock in the tick model: ") + (stuck ? "yes" : "no") +
               ", batched: " + (batched_stuck ? "yes" : "no") + ", single-step: " + (single_stuck ? "yes" : "no") + "\n";
    std::string difference = first_difference(batched, "batched", single, "single-step");
    const std::vector<std::int32_t> outputs = execute_reference(design.workload, operands);
    if (batched.output != outputs) difference += "simulated outputs differ from the loop nest's\n";
    if (tick.output != outputs) difference += "the tick model's outputs differ from the loop nest's\n";
    if (difference.empty()) difference = first_difference(batched, "simulated", expected, "tick model");
    if (difference.empty())
        difference = first_difference(lines(batched.counts), "simulated", lines(count_exactly(design)), "closed form");
    return difference;
}

}  // namespace accelsim::testing
