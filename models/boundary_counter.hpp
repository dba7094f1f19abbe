// SPDX-License-Identifier: Apache-2.0
// Closed-form sums of what one boundary moves, from the nest alone; used by exact_counts.cpp.
//
// Tiles are summed by classes: "loop j advances, the loops inside it wrap". Within a class the dimensions are independent of
// each other, so a sum over tiles, instances and lanes is a product over the axes of the tensor and over the dimensions that it
// does not depend on; each factor is a sum over the few positions of its own dimensions.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "mappings/design.hpp"
#include "models/axis_words.hpp"
#include "models/tile_positions.hpp"

namespace accelsim {

class BoundaryCounter {
public:
    BoundaryCounter(const Design& design, const Boundary& boundary);

    struct Totals {
        std::int64_t words = 0, copies = 0, hops = 0, hop_lengths = 0;
        Totals operator-(const Totals& other) const {
            return {words - other.words, copies - other.copies, hops - other.hops, hop_lengths - other.hop_lengths};
        }
    };
    struct LoopHops {
        int loop;  ///< a spatial loop, as index into Design::loops
        std::int64_t hops;
    };
    /// `each`: where the hops of every systolic loop are added.
    Totals operand_fill(std::vector<LoopHops>* each = nullptr) const;
    /// Sums over all tiles, or over those first met only.
    Totals write_back(bool first_met_only, std::vector<LoopHops>* each = nullptr) const;
    Totals read_back_to_heads(bool first_met_only) const;
    /// Copies to all lanes of the chains, travelling as the read-back network does.
    Totals read_back_to_all(bool first_met_only, std::vector<LoopHops>* each = nullptr) const;
    /// Accumulating boundaries: updates that come first to their element of a parent's tile.
    std::int64_t first_updates() const;
    /// Product of the bounds of the loops inside this one on its axis: how far one of its hops goes.
    std::int64_t hop_length(int position) const;

    using Values = AxisWords::Values;

private:
    /// What is summed: words, by lanes that share; or distinct lane tuples, with `dropped` systolic loops ignored (n_i of
    /// microarchitecture.md, 7; without any: the copies).
    struct Query {
        std::function<bool(int)> shares;  ///< lanes along this spatial loop share words
        bool first_met_only = false;
        bool heads = false;  ///< of every chain one lane only
        bool copies = false;
        std::vector<int> dropped;
    };

    Totals totals(Query query, const std::vector<int>& systolic, std::vector<LoopHops>* each) const;
    std::vector<int> systolic_loops(bool up) const;
    std::int64_t sum(const Query& query) const;
    /// `values`: words of each regular axis, negative where it is not known yet.
    std::int64_t sum_class(const Query& query, int advancing, Values& values) const;
    /// Positions of a class that all give the same: how many, and the first.
    struct Uniform {
        std::int64_t count = 1;
        std::vector<TilePosition> first;  ///< per term of an axis
    };
    Uniform uniform(const Axis& axis, int advancing) const;
    std::int64_t other_sum(const Query& query, int dimension, int advancing) const;
    std::int64_t sum_first_met_inside(const Query& query) const;
    std::int64_t sum_pair(const Query& query, const BoundaryCounter& outer, int outer_class, int inner_class) const;
    std::int64_t other_value(const Query& query, int dimension, std::int64_t offset) const;
    AxisWords::Lanes lanes_of(const Query& query) const;

    const LoweredLoop& loop(int i) const { return design_.loops[static_cast<std::size_t>(i)]; }
    const Network& network(int i) const { return design_.level(loop(i).level).network(tensor_.name); }
    int loops_above() const { return static_cast<int>(boundary_.above.size()); }

    const Design& design_;
    const Boundary& boundary_;
    const Tensor& tensor_;
    AxisWords words_;
    std::vector<bool> regular_;       ///< per dimension: its loops cover it exactly, no index is masked
    std::vector<bool> regular_axes_;  ///< per axis: of regular dimensions, and inside the tensor
};

}  // namespace accelsim
