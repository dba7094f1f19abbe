// SPDX-License-Identifier: Apache-2.0
// Interstellar's energy of one level from a few products, to the last bit what evaluate() says.
#pragma once

#include <vector>

#include "models/search/orders.hpp"
#include "models/search/unrollings.hpp"

namespace accelsim::search {

/// What a level and the array inside it cost.
struct LevelEnergy {
    double memory_pj = 0;
    double array_pj = 0;
    double pj() const { return memory_pj + array_pj; }
};

/// Costs of a level under one unrolling. The accesses of a level depend only on the trips of its own loops and of those outside.
class LevelCost {
public:
    LevelCost(const Space& space, const Unrolling& unrolling, std::size_t level);

    /// `own`: products of the trips in time from this level outward; `outside`: from the next level on; `stays`: per tensor, the
    /// loops of this level inside which its tile stays.
    LevelEnergy energy(const PerLoop& own, const PerLoop& outside, const std::array<LoopSet, tensor_count>& stays) const;

    /// Level 0 below MACs without registers: its accesses depend on nothing.
    bool is_constant() const { return constant_; }

    bool has_array() const { return has_array_; }

private:
    LevelEnergy price(const PerTensor& accesses) const;

    PerTensor sizes_;
    PerTensor spatial_{1, 1, 1};  ///< unrolled trips from this level on that do not index the tensor
    std::int64_t stride_area_ = 1;
    std::array<double, tensor_count> price_{};  ///< per access; 0: passes by
    bool has_array_ = false;
    PerTensor near_{1, 1, 1};
    double near_price_ = 0;
    std::vector<PerTensor> far_;
    std::vector<double> far_price_;
    bool constant_ = false;
    PerTensor constant_accesses_{};
};

/// The trips of the loops that do not index a tensor, each from `outside` where the tile stays and from `own` elsewhere.
inline std::int64_t repeats(TensorName tensor, const PerLoop& own, const PerLoop& outside, LoopSet stays) {
    using namespace interstellar;
    const auto of = [&](LoopName x) { return (stays & bit(x)) != 0 ? outside[x] : own[x]; };
    switch (tensor) {
        case input:
            return of(FX) * of(FY) * of(OC);
        case output:
            return of(FX) * of(FY) * of(IC);
        default:
            return of(OX) * of(OY) * of(ON);
    }
}

}  // namespace accelsim::search
