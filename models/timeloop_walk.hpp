// SPDX-License-Identifier: Apache-2.0
// The walk by which Timeloop counts what one tensor moves between two keepers; used by timeloop.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim::timeloop {

using Numbers = std::vector<std::int64_t>;
using Box = std::vector<std::pair<std::int64_t, std::int64_t>>;  ///< half-open range per axis; empty without any axis

/// A loop as written, with the iterations that it has when all loops of its dimension outside it are in their last one.
struct WalkLoop {
    int dimension = 0;
    std::int64_t bound = 1;
    std::int64_t last = 1;
    std::int64_t stride = 1;
    int level = 0;
    LoopKind kind = LoopKind::temporal;
};

std::vector<WalkLoop> walk_loops(const Design& design);

/// A box less a box inside it, in a form that is the same for equal sets: `box` is the smallest around what is left.
struct Delta {
    Box box;
    Box hole;
    auto operator<=>(const Delta&) const = default;
    std::int64_t words() const;
};

Delta make_delta(const Box& box, const Box& without);

/// Different words in all of them together.
std::int64_t union_words(const std::vector<Delta>& deltas);

/// How lanes share what they need.
struct Sharing {
    bool links_neighbours = true;
    bool merges_whole_deltas = true;
};

/// Counts of one move over all steps and instances. Only the first two iterations of a loop are looked at (and the last one, when
/// factors have residuals); a lane forgets its tile when that moves by another displacement than before.
class Walk {
public:
    Walk(const Design& design, const std::vector<WalkLoop>& loops, int tensor, int parent, int child, Sharing sharing);

    struct Result {
        std::int64_t parent_words = 0;  ///< words that the parent reads for all lanes, or is updated by
        std::int64_t new_words = 0;     ///< sum of what is new in the children
    };
    Result count();

private:
    struct TileMemory {
        Box box;
        std::optional<Numbers> displacement;  ///< of the last change of tile; none after forgetting
    };
    using LaneDeltas = std::map<std::int64_t, Delta>;

    void walk(std::size_t i, std::int64_t epochs, std::int64_t delta_epochs);
    void parent_step(std::int64_t epochs, std::int64_t delta_epochs);
    template <class Action>
    void for_lanes(const std::vector<std::size_t>& loops, std::size_t i, const Action& action);
    bool in_last_iteration(std::size_t i, int dimension) const;
    bool inside_bounds() const;
    Numbers lows() const;
    Numbers values_of(const std::vector<std::size_t>& loops) const;
    Box tile() const;
    Delta delta();
    std::int64_t reads(const LaneDeltas& deltas);
    std::int64_t lane_number() const;

    const Design& design_;
    const std::vector<WalkLoop>& loops_;
    const Tensor& tensor_;
    int parent_, child_;
    bool to_mac_;
    Sharing sharing_;
    bool residual_ = false;
    std::vector<std::size_t> above_, parent_lanes_, lanes_;
    Numbers values_;
    std::map<Numbers, TileMemory> memories_;
    std::map<Numbers, LaneDeltas> before_;
    Result result_;
};

}  // namespace accelsim::timeloop
