// SPDX-License-Identifier: Apache-2.0
// Mappings of any workload on any machine: lanes, trips per buffer, and the order of each buffer's loops.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"
#include "models/search/lane_choices.hpp"
#include "models/search/space.hpp"
#include "models/search_space.hpp"

namespace accelsim::search {

using Trips = std::vector<std::int64_t>;  ///< of one dimension, per buffer, innermost first

/// One mapping.
struct Choice {
    std::size_t lanes = 0;                 ///< index of the arrays' loops
    std::vector<Trips> trips;              ///< per dimension
    std::vector<std::vector<int>> orders;  ///< per buffer: all dimensions, innermost first
};

class DesignSpace {
public:
    /// Throws UserError when no choice of lanes keeps the hints.
    DesignSpace(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules);

    std::size_t lane_count() const { return lanes_.size(); }
    std::size_t buffer_count() const { return buffers_.size(); }
    std::size_t dimension_count() const { return workload_.dimensions.size(); }

    /// All trips of a dimension beside some lanes.
    std::vector<Trips> tilings(std::size_t lanes, std::size_t dimension) const;
    /// Lanes and trips, without orders; as a floating number because there may be many.
    double tiling_count() const;
    /// Whether tiles fit every buffer and hints of order hold; what else a machine asks for is left to lower().
    bool allows(const Choice& choice) const;
    bool fits(const Choice& choice) const;

    Nest nest(const Choice& choice) const;

    /// All orders of a buffer's loops that have more than one trip; the others stand outside them.
    void for_each_order(Choice& choice, std::size_t buffer, const std::function<void()>& use) const;

    Choice random(std::mt19937_64& random) const;
    /// One factor moved between buffers, one loop moved within its buffer, or other lanes.
    Choice neighbour(Choice choice, std::mt19937_64& random) const;
    /// The choice that a nest is; lanes that are none of the space's, or other trips than hinted, make it none.
    bool read(const Nest& nest, Choice& choice) const;

private:
    struct Lanes {
        std::vector<Loop> loops;                        ///< outermost first
        std::vector<std::int64_t> unrolled;             ///< per dimension
        std::vector<std::vector<std::int64_t>> inside;  ///< per buffer and dimension: lanes of the arrays inside it
    };

    void add_array(std::size_t level, const SearchSpace& search);
    void finish_lanes();
    bool order_holds(const Choice& choice, std::size_t buffer) const;

    const Workload& workload_;
    const Architecture& architecture_;
    const Nest& rules_;
    bool half_full_;
    std::vector<int> buffers_;                  ///< levels, innermost first
    std::vector<std::vector<LoopHint>> hints_;  ///< per buffer and dimension
    std::vector<std::vector<Room>> rooms_;      ///< per buffer below the DRAM
    std::vector<Lanes> lanes_;
};

}  // namespace accelsim::search
