// SPDX-License-Identifier: Apache-2.0
// Why Timeloop's counts differ from the exact ones: its rules without one habit after the other, then the exact counts of the
// design with one property after the other that Timeloop leaves out. Integers throughout, nothing is left over.
// docs/timeloop.md explains each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/design.hpp"
#include "models/timeloop.hpp"

namespace accelsim::timeloop {

/// In the order in which they are switched off, but for `tail`, which is both the first (its residual iterations) and the last of
/// its own (ours).
enum class Cause {
    tail,              ///< residual factors: idle lanes keep their tile, all dimensions are taken as in their last iteration
    neighbour_links,   ///< a lane takes from a mesh neighbour what that one received a step before
    whole_deltas,      ///< lanes share words only where all that is new to them is equal
    overlap_at_wraps,  ///< what a tile shares with the one before is forgotten when an inner loop wraps
    padding,           ///< zeros around the input count as elements
    gaps,              ///< elements that a stride leaves out are moved
    halo,              ///< tiles bring what the one before did not hold; the design refetches whole tiles
    partials,          ///< sums that are read back go to all lanes; the design gives them to the first of a chain
    sharing,           ///< networks that serve each lane by itself, or do not add, are taken for ones that share
    operand_latch      ///< an operand that stays the same is read again
};

const std::vector<std::string>& cause_names();  ///< by Cause

enum class Kind { reads_to_child, writes_from_parent, writes_from_child };

struct Share {
    Cause cause;
    std::int64_t amount = 0;  ///< exact minus model, never 0
};

/// One figure of the model, and how it becomes the exact one: model + sum of the shares = exact.
struct Difference {
    int level = 0;
    int tensor = 0;
    Kind kind = Kind::reads_to_child;
    std::int64_t model = 0;
    std::int64_t exact = 0;
    std::vector<Share> shares;
};

/// Every figure of Timeloop's, by level (outermost first), tensor and kind. Writes from a child are of outputs only.
std::vector<Difference> differences(const Design& design, const Options& options);

}  // namespace accelsim::timeloop
