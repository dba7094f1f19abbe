// SPDX-License-Identifier: Apache-2.0
// Where the lanes of the array stand in the loops.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// One position of one axis of the array.
struct AxisPosition {
    std::vector<std::int64_t> offset;  ///< per dimension of the workload: index of its loops here
    std::int64_t chain = 0;            ///< value of the adjacent loop
    bool reduces = false;              ///< a loop of a reduction dimension does not stand at 0
};

/// The positions in use, in order.
std::vector<AxisPosition> axis_positions(const Design& design, LoopKind axis);

/// The axis carries some tensor systolically.
bool axis_is_skewed(const Design& design, LoopKind axis);

/// Per lane in use (row major): the displacement of its tile per axis of the tensor.
std::vector<std::vector<std::int64_t>> lane_places(const Design& design, int tensor);

}  // namespace accelsim
