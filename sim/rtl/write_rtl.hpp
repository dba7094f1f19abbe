// SPDX-License-Identifier: Apache-2.0
// A design's machine as a folder of SystemVerilog that simulates by itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// Writes one file per module, a testbench, and the program and operands that it loads (program.hex, input.hex, weight.hex).
/// `templates`: the folder of the templates. Throws UserError when the RTL has not what the design needs, or when a file
/// cannot be written.
void write_rtl(const Design& design, const std::vector<std::vector<std::int16_t>>& operands, const std::string& templates,
               const std::string& folder);

}  // namespace accelsim
