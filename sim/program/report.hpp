// SPDX-License-Identifier: Apache-2.0
// The text that a run prints.
#pragma once

#include <cstdint>
#include <string>

#include "mappings/design.hpp"
#include "models/energy.hpp"
#include "sim/hardware/result.hpp"
#include "sim/program/relieve.hpp"

namespace accelsim {

struct ReportInput {
    const Design& design;
    const SimulationResult& simulated;
    const EnergyReport& energy;
    std::optional<std::int64_t> mismatches;  ///< none without data
    std::string output_sha256;
    double reference_s = 0;
    std::int64_t peak_bytes = 0;
    std::optional<std::vector<Relief>> reliefs;  ///< when asked for
};

/// Of a run that was told to stop.
std::string partial_report(const Interrupted& interrupted);

/// At most 100 columns; `colour` adds terminal colours.
std::string text_report(const ReportInput& input, bool colour);

}  // namespace accelsim
