// SPDX-License-Identifier: Apache-2.0
// Walking temporal loops in order, with guarded tails.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// An odometer over some of a design's loops (outermost first): visits, in order, exactly the iterations in
/// which every dimension's index (of these loops alone) is below its issued bound.
class LoopWalk {
public:
    LoopWalk(const Design& design, std::vector<int> loops);
    /// The same, with every index displaced: the loops stand inside others.
    LoopWalk(const Design& design, std::vector<int> loops, const std::vector<std::int64_t>& base);

    /// Steps to the next iteration; false when there is none (the walk is then at its end for good).
    bool next();
    bool done() const { return done_; }
    /// Position in the list of the loop that the last next() advanced; everything inside it is at zero.
    int advanced() const { return advanced_; }
    /// Index of each dimension from these loops alone.
    const std::vector<std::int64_t>& offsets() const { return offsets_; }
    const std::vector<std::int64_t>& values() const { return values_; }

private:
    struct Entry {
        int dimension;
        std::int64_t bound;
        std::int64_t stride;
        std::int64_t limit;
    };
    std::vector<Entry> loops_;
    std::vector<std::int64_t> values_;
    std::vector<std::int64_t> offsets_;
    int advanced_ = -1;
    bool done_ = false;
};

/// The temporal loops of all levels outside `level` (all of them for the MAC), outermost first.
std::vector<int> temporal_loops_above(const Design& design, int level);

/// All indices of `dimension` below its bound that these loops can take when the others stand at `base`, in
/// walking order; a value appears once per combination of loop values.
std::vector<std::int64_t> dimension_values(const Design& design, const std::vector<int>& loops, int dimension, std::int64_t base);

/// Their number, at a cost of the number of loops. `loops` outermost first.
std::int64_t count_dimension_values(const Design& design, const std::vector<int>& loops, int dimension, std::int64_t base);

}  // namespace accelsim
