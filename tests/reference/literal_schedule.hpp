// SPDX-License-Identifier: Apache-2.0
// What a schedule's loops mean, taken literally.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/schedule.hpp"

namespace accelsim::testing {

using Point = std::vector<std::int64_t>;  ///< the index of every dimension

/// The points that a schedule's split, tile, fuse and reorder visit, in their order, as Halide defines them: old = outer x factor
/// + inner, a guard whose factor does not divide lets only values below the old extent pass, round_up lets all pass.
std::vector<Point> literal_points(const Workload& workload, const Schedule& schedule);

/// The points of a nest, in order: an index is the sum of value x product of the bounds of its dimension inside.
std::vector<Point> nest_points(const Workload& workload, const Nest& nest);

}  // namespace accelsim::testing
