// SPDX-License-Identifier: Apache-2.0
// Where the positions of the fan-outs, and so all instances, stand in the loops.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"
#include "sim/rtl/hardware.hpp"

namespace accelsim {

/// One position of one fan-out, or what such positions add up to.
struct RtlPosition {
    bool used = true;                   ///< by the nest
    std::vector<std::int64_t> offset;   ///< per dimension of the workload: index of its loops here
    std::int64_t down = 0, across = 0;  ///< registers from the edge, of axes that are skewed
    bool reduces = false;               ///< a loop of a reduction dimension does not stand at 0
};

/// One fan-out's, row major over the hardware's rows and columns.
std::vector<RtlPosition> fan_out_positions(const Design& design, int level);

/// The longest way through the fan-out's registers.
std::int64_t fan_out_skew(const Design& design, int level);

/// The instances inside the fan-outs from number `from` up to (not with) `to` below one instance outside them, outer major.
std::vector<RtlPosition> rtl_instances(const Design& design, const RtlPlaces& places, std::size_t from, std::size_t to);

/// Those numbered as in the design, which counts used ones only; -1: not used.
std::vector<int> instance_numbers(const std::vector<RtlPosition>& instances);

/// Per child of one parent: the displacement of its tile per axis of the tensor.
std::vector<std::vector<std::int64_t>> tile_places(const Design& design, const Boundary& boundary,
                                                   const std::vector<RtlPosition>& children);

}  // namespace accelsim
