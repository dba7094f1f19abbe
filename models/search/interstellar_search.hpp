// SPDX-License-Identifier: Apache-2.0
// The search by Interstellar's model for a run's workload and machine.
#pragma once

#include <optional>
#include <vector>

#include "models/search/from_run.hpp"
#include "models/search/optimize.hpp"

namespace accelsim::search {

[[noreturn]] void throw_nothing_fits(const Location& where);

/// Interstellar's energy alone decides: its cycles are the same for all mappings. What it is made of must outlive it.
class InterstellarSearch {
public:
    InterstellarSearch(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules);

    const PlacedSpace& placed() const { return placed_; }

    /// None when nothing fits.
    std::optional<Optimum> best(std::vector<Unrolling> among, const Limits& limits) const;

private:
    bool runs(const PlacedMapping& mapping) const;
    PlacedMapping place(const Mapping& mapping) const { return place_mapping(placed_, architecture_, mapping, rules_); }

    const Workload& workload_;
    const Architecture& architecture_;
    const Nest& rules_;
    Rules whose_;
    PlacedSpace placed_;
};

}  // namespace accelsim::search
