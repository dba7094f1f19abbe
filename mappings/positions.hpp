// SPDX-License-Identifier: Apache-2.0
// All combinations of the values of some spatial loops.
#pragma once

#include <utility>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// Positions in order, the first loop outermost. There is always one: without loops, the empty combination.
struct Positions {
    std::vector<int> loops;
    std::vector<std::vector<std::int64_t>> values;         ///< per position, per loop
    std::vector<std::vector<std::int64_t>> displacements;  ///< per position, per dimension

    Positions(const Design& design, std::vector<int> spatial) : loops(std::move(spatial)) {
        std::vector<std::int64_t> value(loops.size(), 0);
        const std::size_t dims = design.workload.dimensions.size();
        while (true) {
            std::vector<std::int64_t> displacement(dims, 0);
            for (std::size_t i = 0; i < loops.size(); ++i) {
                const LoweredLoop& loop = design.loops[static_cast<std::size_t>(loops[i])];
                displacement[static_cast<std::size_t>(loop.dimension)] += value[i] * loop.stride;
            }
            values.push_back(value);
            displacements.push_back(displacement);
            std::size_t i = loops.size();
            while (i > 0 && ++value[i - 1] == design.loops[static_cast<std::size_t>(loops[i - 1])].bound) value[--i] = 0;
            if (i == 0) break;
        }
    }
};

}  // namespace accelsim
