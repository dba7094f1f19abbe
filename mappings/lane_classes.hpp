// SPDX-License-Identifier: Apache-2.0
// Which lanes of a boundary share words, on the way down and on the way up (docs/microarchitecture.md, 2).
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/positions.hpp"

namespace accelsim {

struct LaneClasses {
    std::vector<std::int64_t> share;        ///< per lane: number of its sharing class (unicast positions)
    std::vector<std::int64_t> chain_share;  ///< per lane: class of a chain's words going up (positions that nothing reduces)
    std::vector<bool> head;                 ///< per lane: all reduction loops at 0
    std::vector<bool> first_update;         ///< per lane: the reduction loops that nothing reduces at 0

    LaneClasses(const Design& design, const Boundary& boundary, const Positions& lanes) {
        const std::string& tensor = design.tensor(boundary.tensor).name;
        for (const std::vector<std::int64_t>& value : lanes.values) {
            std::int64_t unicast = 0;
            std::int64_t apart = 0;
            bool is_head = true;
            bool is_first = true;
            for (std::size_t i = 0; i < value.size(); ++i) {
                const LoweredLoop& loop = design.loops[static_cast<std::size_t>(lanes.loops[i])];
                const Network& network = design.level(loop.level).network(tensor);
                const bool zero = value[i] == 0 || !design.workload.is_reduction(loop.dimension);
                if (network.transport == Transport::unicast) unicast = unicast * loop.bound + value[i];
                if (network.reduction == Reduction::none) {
                    apart = apart * loop.bound + value[i];
                    is_first = is_first && zero;
                }
                is_head = is_head && zero;
            }
            share.push_back(unicast);
            head.push_back(is_head);
            // A read-back to heads alone never shares; its chains are told apart by coordinate.
            chain_share.push_back(boundary.accumulates ? apart : 0);
            first_update.push_back(is_first);
        }
    }
};

}  // namespace accelsim
