// SPDX-License-Identifier: Apache-2.0
// Why Interstellar's counts differ from the exact ones: a second evaluator that has each of its habits as a switch. With all on
// it is the model, with all off the exact counts; a habit's share of a difference is what changes when it goes, in the order of
// `Cause`. Integers throughout, nothing is left over. docs/interstellar.md explains each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim::interstellar {

/// In the order in which they are switched off.
enum class Cause {
    integer_division,     ///< accesses per element are divided by the stride's area and cut to a whole number
    mac_keeps_window,     ///< `mac_capacity` 1: a window's innermost loops do not change the MAC's operand
    mac_keeps_sums,       ///< `mac_capacity` 1: the MAC adds up without the memory
    window_reuse,         ///< a window's innermost loops do not change the tile of inputs
    stationarity,         ///< a tile that stays is seen on one level only
    halo,                 ///< every element is used equally often, those at the edges too
    spatial_overlap,      ///< units whose tiles overlap share what they share
    bypass,               ///< a level that a tensor passes by counts as if it held it
    window_wraps,         ///< a tile that comes back to the same place after a wrap is fetched again
    lanes_start_at_zero,  ///< only the first sum of an element starts at zero, not that of each lane
    hop_arithmetic,       ///< hops per access
    tail,                 ///< factors that reach beyond a size count in full
    padding,              ///< zeros around the input count as elements
    gaps,                 ///< elements that a stride leaves out are moved
    halo_reuse            ///< nothing stays of the tile before
};

const std::vector<std::string>& cause_names();  ///< by Cause, as in results: "integer_division"

enum class Kind { reads_to_child, writes_from_child, near_hops, far_hops };
const std::vector<std::string>& kind_names();

struct Share {
    Cause cause;
    std::int64_t amount = 0;  ///< exact minus model, never 0
    bool operator==(const Share&) const = default;
};

/// One figure of the model, and how it becomes the exact one: model + sum of the shares = exact.
struct Difference {
    int level = 0;   ///< of ours: the memory, or of hops the fan-out
    int tensor = 0;  ///< of ours
    Kind kind = Kind::reads_to_child;
    std::int64_t model = 0;
    std::int64_t exact = 0;
    std::vector<Share> shares;
};

/// Every figure that both have, by level (outermost first), tensor and kind. Words that fill a memory or leave it upwards are not
/// among them: the model counts an access at the outer memory only. Throws UserError as express() does.
std::vector<Difference> differences(const Design& design);

}  // namespace accelsim::interstellar
