// SPDX-License-Identifier: Apache-2.0
// The RTL beside the simulator: the same cycles, the same words on every boundary in the same cycle, the same stalls, the same
// sums.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/hardware/simulate.hpp"
#include "tests/rtl/rtl_model.hpp"
#include "tests/rtl/word_values.hpp"

namespace accelsim::testing {

/// A run as text: per cycle first busy or the cause of the stall, then the granted groups in mover order, "signal: value" each.
struct Side {
    std::vector<std::vector<std::string>> cycles;
    std::vector<std::int32_t> output;
    std::map<std::string, std::int64_t> breakdown;  ///< cycles that are busy, and by the cause of their stall
};

/// In this process, which may not have simulated before. The words' values are those of WordValues, one per parent; "-" where it
/// says none.
Side run_simulator(const Design& design, const Operands& operands, const WordValues& values);

/// Loads and runs; gives up after `most` cycles.
RtlRun run_rtl(RtlModel& model, const RtlHardware& hardware, const Design& design, const Operands& operands, std::size_t most);
Side rtl_side(const RtlRun& run, const RtlHardware& hardware, const Design& design, const WordValues& values);

/// Empty when equal. Else cycle, signal and both values of the first difference; both sides' signals around it are written
/// to `vcd`.
std::string compare_sides(const Side& simulator, const Side& rtl, const std::string& vcd);

/// "input@GB up" and what stands behind the colon of one of a Side's texts.
std::pair<std::string, std::string> split_signal(const std::string& text);

}  // namespace accelsim::testing
