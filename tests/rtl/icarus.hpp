// SPDX-License-Identifier: Apache-2.0
// The machine that `accelsim rtl` writes, with its own testbench, under Icarus Verilog.
#pragma once

#include <string>

#include "sim/hardware/simulate.hpp"
#include "tests/rtl/rtl_model.hpp"

namespace accelsim::testing {

/// Writes the design's machine into `folder`, compiles it and runs its testbench. Throws std::runtime_error when iverilog has
/// anything to say. Gives up after `most` cycles.
RtlRun run_icarus(const Design& design, const Operands& operands, std::size_t most, const std::string& folder);

/// Where the templates are: ACCELSIM_TEMPLATES, else those of the sources.
std::string test_templates();

}  // namespace accelsim::testing
