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

constexpr int rtl_levels = 7;  ///< DRAM and buffers

/// A parameter of many bits, as SystemVerilog writes both.
struct RtlVector {
    std::string name, width, value;
};

/// Name and value of each parameter, in the order of machine.sv.
struct RtlHardware {
    std::vector<RtlVector> vectors;  ///< behind the others
    std::vector<std::pair<std::string, std::int64_t>> parameters;
    std::vector<std::int64_t>
        overlap;  ///< per boundary of machine.sv: words of a tile whose children may overlap in part; 0: not
    std::int64_t at(const std::string& name) const;
};

/// What moves over a boundary in one direction.
struct RtlMover {
    int boundary = 0;  ///< index into Design::boundaries
    bool up = false;   ///< a drain
};

/// Where a design's parts are in the RTL's machine.
struct RtlPlaces {
    std::vector<int> buffers;                    ///< levels that are memories, DRAM first
    std::vector<int> fan_outs;                   ///< levels that are arrays, outermost first
    std::array<std::vector<int>, 3> boundaries;  ///< per tensor, outermost first
    std::array<bool, 3> kept{};                  ///< at the lanes, in the MAC's own buffer; else the tensor streams
    std::vector<RtlMover> movers;                ///< as machine.sv numbers them

    /// Fan-outs outside a level.
    std::size_t outside(int level) const;
    /// The boundaries as machine.sv numbers them: those of the first tensor first.
    std::vector<int> all_boundaries() const;
};

/// Some children of one parent want the same words at different addresses.
bool children_overlap(const Design& design, const RtlPlaces& places, const Boundary& boundary);

/// Throws UserError naming the first thing that the RTL has not, with its place in the run file (docs/rtl.md).
RtlPlaces require_rtl(const Design& design);

/// Hardware that runs this design. Call require_rtl() before.
RtlHardware rtl_hardware(const Design& design);

/// Dimension 0-6 of the RTL (N K C Y X FY FX), -1 when it has none of that name.
int rtl_dimension(const std::string& name);

}  // namespace accelsim
