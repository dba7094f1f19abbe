// SPDX-License-Identifier: Apache-2.0
// The best mapping by models that look at a lowered design: all mappings of a small space, of a large one as many as time allows.
#pragma once

#include <optional>

#include "models/search/design_space.hpp"
#include "models/search/optimize.hpp"

namespace accelsim::search {

/// What a design costs by a model; the first counts, the second decides between equals.
struct DesignCost {
    double energy_pj = 0;
    std::int64_t cycles = 0;  ///< of the exact model, which knows none: steps
    double value(Objective objective) const;
};

/// Throws UserError when lower() refuses the nest.
DesignCost cost_of(const Workload& workload, const Architecture& architecture, const Nest& nest, ModelKind model);

struct DesignFound {
    std::optional<Nest> nest;
    DesignCost cost;
    std::int64_t evaluated = 0;
    std::int64_t pruned = 0;  ///< mappings whose tiles do not fit, or that a bound left out, and those that lower() refused
    bool proven = false;
};

/// `starts`: nests to begin with, such as the default mapping. Random restarts by the request's seed; with one thread and no
/// limit the same result for the same seed.
DesignFound find_best_design(const Workload& workload, const Architecture& architecture, const SearchSpace& search,
                             const Nest& rules, const Request& request, const std::vector<Nest>& starts);

}  // namespace accelsim::search
