// SPDX-License-Identifier: Apache-2.0
// The least time that the MACs and the DRAM would take, each alone (S. Williams et al., Roofline, CACM 2009).
#pragma once

#include <cstdint>

#include "mappings/design.hpp"
#include "sim/hardware/result.hpp"

namespace accelsim {

struct Roofline {
    double compute_cycles = 0;  ///< of the MACs, all units in use
    double memory_cycles = 0;   ///< of the words at the DRAM's ports, or of a detailed DRAM's data bus
    double dram_bytes = 0;      ///< of the words that the DRAM was read and written for
    double bound_cycles() const { return compute_cycles >= memory_cycles ? compute_cycles : memory_cycles; }
};

Roofline roofline(const Design& design, const SimulationResult& simulated);

}  // namespace accelsim
