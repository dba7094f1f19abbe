// SPDX-License-Identifier: Apache-2.0
// Energy: counts times prices, once, after the run.
#pragma once

#include <string>
#include <vector>

#include "mappings/design.hpp"
#include "models/counts.hpp"

namespace accelsim {

struct TensorEnergy {
    std::string tensor;
    double pj = 0;
};

struct LevelEnergy {
    std::string name;
    std::vector<TensorEnergy> tensors;
    double pj = 0;
};

struct NetworkEnergy {
    std::string from;
    std::string to;
    double pj = 0;
};

struct EnergyReport {
    std::vector<LevelEnergy> levels;
    std::vector<NetworkEnergy> networks;
    double mac_pj = 0;
    double total_pj = 0;
};

/// Prices counts, simulated or from a model alike. Buffers: (reads x read price + writes x write price) x element bits /
/// reference bits of the price. Networks: prices are per 16-bit word and scale likewise; hops count by their length; hops and
/// deliveries take the prices of the innermost fan-out crossed (boundaries that cross none are free).
EnergyReport price(const Design& design, const Counts& counts);

/// A detailed DRAM's energy is that of its commands and background, whoever they were for, in place of its words'.
void price_commands(double dram_pj, EnergyReport& report);

}  // namespace accelsim
