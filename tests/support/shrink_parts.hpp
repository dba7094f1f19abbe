// SPDX-License-Identifier: Apache-2.0
// Changes of a design that touch several of its parts at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// What becomes of a dimension when one of its loops gets shorter: nothing, cut to what the loops still cover, or cut such that
/// as much of the loops' cover lies beyond it as before.
enum class Fit { nothing, cut, keep_tail };

/// Bound and issued values of a dimension, and its loops as far as they would reach beyond them.
void cut_dimension(RandomDesign& design, std::size_t dimension, std::int64_t bound);

/// False when the fit changes nothing that another fit would not.
bool cut_loop(RandomDesign& design, std::size_t loop, std::int64_t bound, Fit fit);

bool drop_loop_of_one(std::size_t loop, RandomDesign& design);

/// Loops that stay become temporal loops of the next memory outside; levels inside move up. Not the DRAM, nor the MAC: false.
bool drop_level(RandomDesign& design, std::size_t level, bool with_loops);

/// The candidate with axis sizes of its bounds: with windows that have shrunk like the tiles in them, and, if any did, as it is.
std::vector<RandomDesign> finished(const RandomDesign& before, RandomDesign candidate);

}  // namespace accelsim::testing
