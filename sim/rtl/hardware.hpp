// SPDX-License-Identifier: Apache-2.0
// What of a design becomes hardware: the parameters of sim/rtl/templates/machine.sv, from the architecture and from which
// tensors the lanes keep. Nests are programs for it (program.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

constexpr int rtl_word_bits = 24;  ///< of a register, an address, a count
constexpr int rtl_loops = 12;      ///< temporal loops that the registers hold

constexpr std::size_t rtl_movers = 8;  ///< 0-2 fills of the buffer, 3 its drain, 4-6 fills of the lanes, 7 their drain

/// A parameter of many bits, as SystemVerilog writes both.
struct RtlVector {
    std::string name, width, value;
};

/// Name and value of each parameter, in the order of machine.sv.
struct RtlHardware {
    std::vector<RtlVector> vectors;  ///< behind the others
    std::vector<std::pair<std::string, std::int64_t>> parameters;
    std::int64_t at(const std::string& name) const;
};

/// Where a design's parts are in the RTL's machine: DRAM, one shared buffer, one fan-out, the lanes' buffer, the MAC.
struct RtlPlaces {
    int buffer = 0, array = 0, lanes = 0, mac = 0;  ///< level indices
    std::array<int, 3> buffer_boundary{};           ///< per tensor
    std::array<int, 3> lane_boundary{};
    std::array<bool, 3> kept{};  ///< in the lanes' buffer; else the tensor streams
};

/// Throws UserError naming the first thing that the RTL has not, with its place in the run file (docs/rtl.md).
RtlPlaces require_rtl(const Design& design);

/// Hardware that runs this design. Call require_rtl() before.
RtlHardware rtl_hardware(const Design& design);

/// Dimension 0-6 of the RTL (N K C Y X FY FX), -1 when it has none of that name.
int rtl_dimension(const std::string& name);

}  // namespace accelsim
