// SPDX-License-Identifier: Apache-2.0
// A nest as the registers' contents (sim/rtl/templates/registers.sv).
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"
#include "sim/rtl/hardware.hpp"

namespace accelsim {

/// One word per register. The hardware may be larger than the design's own. Throws UserError when the nest does not fit it.
std::vector<std::uint32_t> rtl_program(const Design& design, const RtlHardware& hardware);

}  // namespace accelsim
