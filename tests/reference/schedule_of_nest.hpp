// SPDX-License-Identifier: Apache-2.0
// The way back, from a nest to a schedule.
#pragma once

#include <string>
#include <vector>

#include "mappings/schedule.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// The same nest without what no schedule says: bounds beyond the dimension are cut, loops of one iteration left out, bypassed
/// tensors in order.
Nest plain_nest(const RandomDesign& design);

/// A schedule that must lower to plain_nest(): splits from the inside out, one reorder, and at random fused neighbours,
/// tensors held further out than necessary, and systolic links that the architecture has. With `generating` its last directive
/// is the accelerate that a schedule without an architecture needs.
Schedule schedule_of(const RandomDesign& design, RandomNumbers& random, bool generating);

/// The list as a user would write it under `schedule:`, one directive per line.
std::string schedule_yaml(const Schedule& schedule);

/// Loops (by level name), bypasses and issued indices, one per line.
std::string nest_text(const Nest& nest, const Workload& workload, const Architecture& architecture);

}  // namespace accelsim::testing
