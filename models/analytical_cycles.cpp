// SPDX-License-Identifier: Apache-2.0
// What the models' cycles are made of.
#include <algorithm>

#include "models/analytical.hpp"
#include "models/exact_counts.hpp"
#include "models/latency.hpp"

namespace accelsim {

namespace {

/// Every loop in full, as a model without residual iterations takes them.
std::int64_t iterations(const Nest& nest, bool temporal) {
    std::int64_t product = 1;
    for (const Loop& loop : nest.loops) product *= (loop.kind == LoopKind::temporal) == temporal ? loop.bound : 1;
    return product;
}

/// The MACs spread over all units of the machine, not over those that the mapping uses.
ModelCycles interstellar_cycles(const Design& design, std::int64_t cycles) {
    const std::int64_t lanes = iterations(design.nest, false);
    const std::int64_t steps = (design.workload.macs() + lanes - 1) / lanes;
    return {steps, {{"unused_lanes", cycles - steps}}};
}

ModelCycles timeloop_cycles(const Design& design, std::int64_t cycles) {
    const std::int64_t steps = iterations(design.nest, true);
    const std::int64_t latency = design.architecture.timeloop.network_latency_cycles;
    return {steps, {{"bandwidth_in_model", cycles - latency - steps}, {"network_latency_in_model", latency}}};
}

ModelCycles latency_cycles(const Design& design) {
    const LatencyParts parts = latency_parts(design, count_exactly(design));
    return {parts.steps,
            {{"startup_in_model", parts.startup},
             {"waits_in_model", parts.waits},
             {"drain_in_model", parts.drain},
             {"ports_in_model", parts.ports}}};
}

}  // namespace

ModelCycles model_cycles(ModelKind kind, const Design& design) {
    ModelCycles result;
    const Figure cycles = evaluate_model(kind, design).cycles;
    if (kind == ModelKind::interstellar) result = interstellar_cycles(design, *cycles);
    if (kind == ModelKind::timeloop) result = timeloop_cycles(design, *cycles);
    if (kind == ModelKind::latency) result = latency_cycles(design);
    std::erase_if(result.beyond, [](const CycleShare& part) { return part.cycles == 0; });
    return result;
}

}  // namespace accelsim
