// SPDX-License-Identifier: Apache-2.0
// A closed form for cycles: how long each mover needs for a tile, how that repeats over the nest, and what filling and draining
// the hierarchy adds. Ports that several movers share are charged with all of their groups.
#pragma once

#include <cstdint>

#include "mappings/design.hpp"

namespace accelsim {

/// Estimated cycles of a run. Cost: loops times tensors, not tiles. Its errors are in docs/interstellar.md.
std::int64_t estimate_latency(const Design& design);

}  // namespace accelsim
