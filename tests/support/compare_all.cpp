// SPDX-License-Identifier: Apache-2.0
#include "tests/support/compare_all.hpp"

#include "mappings/reference.hpp"
#include "models/exact_counts.hpp"
#include "sim/hardware/machine.hpp"
#include "tests/reference/random_parts.hpp"
#include "tests/reference/tick_model.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

/// With a detailed DRAM: what does not know of its time.
static std::string compare_with_dram(const RandomDesign& random, const Design& design, const Operands& operands) {
    Machine machine("machine", design.architecture, tensor_names(design), &*random.device);
    const RunText batched = record(machine, design, operands, Advance::batched);
    const RunText single = record(machine, design, operands, Advance::single_step);
    std::string difference = first_difference(batched, "batched", single, "single-step");
    if (batched.output != execute_reference(design.workload, operands))
        difference += "simulated outputs differ from the loop nest's\n";
    if (difference.empty())
        difference = first_difference(lines(batched.counts), "simulated", lines(count_exactly(design)), "closed form");
    return difference;
}

std::string compare_all(const RandomDesign& random, std::uint64_t seed) {
    const Design design = lower(random.workload, random.architecture, random.nest);
    if (design.steps != issued_steps(random)) return "the design has other steps than it should\n";
    const Operands operands = generate_operands(design.workload, seed);
    if (random.device) return compare_with_dram(random, design, operands);
    const ReferenceRun tick = run_tick_model(random.workload, random.architecture, random.nest, operands);
    const RunText expected{tick.cycles, tick.busy,         tick.macs,   tick.stalls, tick.counts,
                           tick.events, tick.issue_cycles, tick.output, {},          0};
    Machine machine("machine", design.architecture, tensor_names(design));
    const RunText batched = record(machine, design, operands, Advance::batched);
    const RunText single = record(machine, design, operands, Advance::single_step);
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
