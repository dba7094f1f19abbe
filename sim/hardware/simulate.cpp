// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/simulate.hpp"

#include "sim/hardware/machine.hpp"

namespace accelsim {

std::string bottleneck(const SimulationResult& simulated) {
    const StallCount* most = nullptr;
    for (const StallCount& stall : simulated.stalls) {
        if (stall.cause == "startup" || stall.cause == "drain" || stall.cycles == 0) continue;
        if (most == nullptr || stall.cycles > most->cycles) most = &stall;
    }
    return most == nullptr ? "" : most->cause;
}

namespace {

/// Lives until the process ends: unregistering thousands of modules one by one takes longer than simulating a layer.
Machine* machine = nullptr;
bool has_run = false;

}  // namespace

void elaborate(const Architecture& architecture, const std::vector<std::string>& tensors) {
    if (machine != nullptr) throw InternalError("SystemC elaborates once per process");
    machine = new Machine("machine", architecture, tensors);
}

SimulationResult simulate(const Design& design, const Operands& operands, const SimulationOptions& options) {
    if (has_run) throw InternalError("SystemC elaborates once per process");
    has_run = true;
    std::vector<std::string> tensors;
    for (const Tensor& tensor : design.workload.tensors) tensors.push_back(tensor.name);
    if (machine == nullptr) elaborate(design.architecture, tensors);
    if (!machine->is(design.architecture, tensors)) throw InternalError("another machine was elaborated");
    return machine->run(design, operands, options);
}

}  // namespace accelsim
