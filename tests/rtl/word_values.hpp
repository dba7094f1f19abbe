// SPDX-License-Identifier: Apache-2.0
// What every word on a boundary is worth, from the nest executed step by step: neither from the simulator nor from the RTL.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "mappings/design.hpp"
#include "sim/hardware/simulate.hpp"
#include "tests/reference/literal_nest.hpp"

namespace accelsim::testing {

/// Operands are themselves. A sum that comes down is that of all steps before its tile begins; one that goes up has the tile's
/// own steps in it. Keeps references to both.
class WordValues {
public:
    WordValues(const Design& design, const Operands& operands);

    /// `address` in the tile of `lane`; `boundary` as in Design::boundaries.
    std::int32_t at(int boundary, bool up, std::int64_t tile, std::int64_t address, std::int64_t lane) const;

private:
    void run();
    std::int32_t sum_before(std::int64_t element, std::int64_t step) const;
    /// Its place in the tensor's data; -1 outside (padding).
    std::int64_t element(int tensor, const Values& coordinate) const;

    const Design& design_;
    const Operands& operands_;
    LiteralNest nest_;
    /// Per element of the output: the sum after each step that adds to it.
    std::map<std::int64_t, std::vector<std::pair<std::int64_t, std::uint32_t>>> sums_;
};

}  // namespace accelsim::testing
