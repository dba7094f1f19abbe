// SPDX-License-Identifier: Apache-2.0
// The RTL beside the simulator: the same cycles, the same words on every boundary in the same cycle, the same stalls, the same sums.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/hardware/simulate.hpp"
#include "tests/rtl/rtl_model.hpp"

namespace accelsim::testing {

/// One cycle as text: first busy or the cause of the stall, then the granted groups in mover order.
struct Side {
    std::vector<std::vector<std::string>> cycles;
    std::vector<std::int32_t> output;
};

/// In this process, which may not have simulated before.
Side run_simulator(const Design& design, const Operands& operands);
Side run_rtl(RtlModel& model, const RtlHardware& hardware, const Design& design, const Operands& operands);

/// Empty when equal. Else cycle, signal and both values of the first difference; both sides' signals around it are written
/// to `vcd`.
std::string compare_sides(const Side& simulator, const Side& rtl, const std::string& vcd);

}  // namespace accelsim::testing
