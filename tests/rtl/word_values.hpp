// SPDX-License-Identifier: Apache-2.0
// What every word on a boundary is worth, from the nest executed step by step: neither from the simulator nor from the RTL.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "mappings/design.hpp"
#include "sim/hardware/simulate.hpp"
#include "tests/reference/literal_nest.hpp"

namespace accelsim::testing {

/// What each parent's word is. Operands are themselves. A sum that comes down is that of all steps before its tile begins, one
/// that goes up has the tile's own steps in it: of the lanes below the parent since its own tile began, and, at the head of a
/// chain, of what came to it then. Keeps references to both.
class WordValues {
public:
    WordValues(const Design& design, const Operands& operands);

    /// The word's copies: children of one parent, each with the address in its tile; `boundary` as in Design::boundaries. None
    /// when no copy is in the tensor at this parent.
    std::optional<std::int32_t> at(int boundary, bool up, std::int64_t tile, const std::vector<Copy>& copies,
                                   std::size_t parent) const;
    /// at() has a value, or there is no such word: an RTL may be wrong.
    bool says(int boundary, bool up, std::int64_t tile, const std::vector<Copy>& copies, std::size_t parent) const;
    std::size_t parents(int boundary) const { return nest_.boundaries[static_cast<std::size_t>(boundary)].parents.size(); }

private:
    struct Addition {
        std::int64_t step;
        std::size_t lane;
        std::uint32_t product;
    };
    void run();
    std::uint32_t held(const LiteralBoundary& inner, std::size_t instance, std::int64_t element, std::int64_t tile,
                       std::int64_t step) const;
    std::uint32_t added(const LiteralBoundary& boundary, std::size_t instance, std::int64_t element, std::int64_t from,
                        std::int64_t to) const;
    bool is_head(const LiteralBoundary& boundary, std::size_t child) const;
    /// Its place in the tensor's data; -1 outside (padding).
    std::int64_t element(int tensor, const Values& coordinate) const;

    const Design& design_;
    const Operands& operands_;
    LiteralNest nest_;
    std::size_t lanes_ = 1;
    std::map<std::int64_t, std::vector<Addition>> additions_;  ///< per element of the output, by step
};

}  // namespace accelsim::testing
