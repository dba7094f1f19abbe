// SPDX-License-Identifier: Apache-2.0
// What --vcd and --fst ask for, and how much that will be.
#pragma once

#include <cstdint>
#include <string>

#include "sim/hardware/simulate.hpp"
#include "sim/program/run.hpp"

namespace accelsim {

/// Throws UserError where the options do not fit each other or the design.
WaveformOptions waveform_options(const RunOptions& options, const Design& design);

/// About how large a VCD will be, from the nest and the estimated cycles of the run.
std::int64_t estimate_vcd_bytes(const WaveformOptions& options, const Design& design);

/// Of a waveform that no viewer likes: its size, and a window that would do. Else empty.
std::string note_of_size(const WaveformOptions& options, const Design& design);

}  // namespace accelsim
