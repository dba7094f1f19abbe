// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/simulate.hpp"

#include "sim/hardware/machine.hpp"

namespace accelsim {

SimulationResult simulate(const Design& design, const Operands& operands, const SimulationOptions& options) {
    static bool elaborated = false;
    if (elaborated) throw InternalError("SystemC elaborates once per process");
    elaborated = true;
    std::vector<std::string> tensors;
    for (const Tensor& tensor : design.workload.tensors) tensors.push_back(tensor.name);
    // Lives until the process ends: unregistering thousands of modules one by one takes longer than simulating a layer.
    static Machine* const machine = new Machine("machine", design.architecture, tensors, options.device);
    return machine->run(design, operands, options);
}

}  // namespace accelsim
