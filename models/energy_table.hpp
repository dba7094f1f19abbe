// SPDX-License-Identifier: Apache-2.0
// What an access costs, by kind and capacity of the memory. The shape of the curves (register files linear in
// their capacity, SRAM 1.5 times per doubling) is that of the table in: X. Yang et al., "Interstellar: Using
// Halide's Scheduling Language to Analyze DNN Accelerators", ASPLOS 2020.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace accelsim {

enum class MemoryKind { register_file, sram };

struct PricePoint {
    std::int64_t bytes = 0;
    double pj = 0;
    bool operator==(const PricePoint&) const = default;
};

/// Prices in picojoule for `bits`; both lists by ascending capacity, not empty.
struct EnergyTable {
    std::string name;
    std::string source;
    int bits = 16;
    std::vector<PricePoint> register_file;
    std::vector<PricePoint> sram;
    double dram_pj = 0;
    double mac_pj = 0;
    double hop_pj = 0;
};

enum class PriceOrigin { listed, interpolated, extrapolated };

struct Price {
    double pj = 0;
    PriceOrigin origin = PriceOrigin::listed;
};

/// Price of one access of `EnergyTable::bits` to a memory of this capacity (at least 1 byte). Between two listed
/// capacities register files are linear and SRAM is geometric; outside the list register files are proportional
/// to capacity and SRAM grows by 1.5 per doubling.
Price access_price(const EnergyTable& table, MemoryKind kind, std::int64_t bytes);

/// register_file below 4 KiB, else sram.
MemoryKind default_memory_kind(std::int64_t bytes);

}  // namespace accelsim
