// SPDX-License-Identifier: Apache-2.0
// A closed form for cycles: how long each mover needs for a tile, how that repeats over the nest, and what filling and draining
// the hierarchy adds. Ports that several movers share are charged with all of their groups.
#pragma once

#include <cstdint>

#include "mappings/design.hpp"
#include "models/counts.hpp"

namespace accelsim {

/// What the estimate is made of; together its cycles.
struct LatencyParts {
    std::int64_t steps = 0;    ///< issued steps of the array
    std::int64_t startup = 0;  ///< the first tiles on their way in
    std::int64_t waits = 0;    ///< for tiles, between the first step and the last
    std::int64_t drain = 0;    ///< the last outputs on their way out
    std::int64_t ports = 0;    ///< what the busiest port has to carry beyond all of these
};

/// `counts`: those of the design, exact.
LatencyParts latency_parts(const Design& design, const Counts& counts);

/// Estimated cycles of a run. Cost: loops times tensors, and the words of one tile where it is small or lies in banks. Its errors
/// are in docs/interstellar.md.
std::int64_t estimate_latency(const Design& design, const Counts& counts);
std::int64_t estimate_latency(const Design& design);

}  // namespace accelsim
