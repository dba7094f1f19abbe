// SPDX-License-Identifier: Apache-2.0
// Hops of one word on the systolic chains of a boundary (docs/microarchitecture.md, 7).
#pragma once

#include <algorithm>
#include <vector>

#include "mappings/move.hpp"

namespace accelsim {

struct Hops {
    std::int64_t hops = 0;
    std::int64_t lengths = 0;
};

class HopCounter {
public:
    /// `loops`: spatial ones, that make the lanes, outermost first.
    HopCounter(const Design& design, const Tensor& tensor, const std::vector<int>& loops) {
        std::int64_t lanes = 1;
        for (std::size_t i = loops.size(); i-- > 0;) {
            const LoweredLoop& loop = design.loops[static_cast<std::size_t>(loops[i])];
            std::int64_t length = 1;  // of the loops inside this one on its axis
            for (std::size_t j = i + 1; j < loops.size(); ++j) {
                const LoweredLoop& inner = design.loops[static_cast<std::size_t>(loops[j])];
                if (inner.level == loop.level && inner.kind == loop.kind) length *= inner.bound;
            }
            const Part part{lanes, loop.bound, length};
            const Network& network = design.level(loop.level).network(tensor.name);
            (network.transport == Transport::systolic ? systolic_down_ : others_down_).push_back(part);
            (network.reduction == Reduction::systolic ? systolic_up_ : others_up_).push_back(part);
            lanes *= loop.bound;
        }
    }

    /// Some words may hop.
    bool any(MoveKind kind) const { return !(kind == MoveKind::write_back ? systolic_up_ : systolic_down_).empty(); }

    /// Of one word to (from) these lanes: loop by loop, adjacent first, the number of different positions that the loop joins.
    Hops of(const std::vector<std::int32_t>& users, MoveKind kind) const {
        const auto& systolic = kind == MoveKind::write_back ? systolic_up_ : systolic_down_;
        const auto& others = kind == MoveKind::write_back ? others_up_ : others_down_;
        Hops result;
        if (users.size() < 2) return result;
        auto before = static_cast<std::int64_t>(users.size());
        for (std::size_t i = 0; i < systolic.size(); ++i) {
            std::vector<std::int64_t> seen;
            for (const std::int32_t lane : users) {
                std::int64_t place = 0;
                for (std::size_t j = i + 1; j < systolic.size(); ++j) place = systolic[j].append(place, lane);
                for (const Part& part : others) place = part.append(place, lane);
                seen.push_back(place);
            }
            std::sort(seen.begin(), seen.end());
            const std::int64_t after = std::unique(seen.begin(), seen.end()) - seen.begin();
            result.hops += before - after;
            result.lengths += (before - after) * systolic[i].length;
            before = after;
        }
        return result;
    }

private:
    struct Part {
        std::int64_t lanes;  ///< of one value of the loop
        std::int64_t bound;
        std::int64_t length;  ///< of a hop along it
        std::int64_t append(std::int64_t place, std::int64_t lane) const { return place * bound + lane / lanes % bound; }
    };
    std::vector<Part> systolic_down_, systolic_up_;  ///< adjacent first
    std::vector<Part> others_down_, others_up_;
};

}  // namespace accelsim
