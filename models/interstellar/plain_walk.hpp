// SPDX-License-Identifier: Apache-2.0
// One figure of Interstellar's model, with each of its habits as a switch; used by habits.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/interstellar/from_design.hpp"
#include "models/interstellar/habits.hpp"

namespace accelsim::interstellar {

/// By Cause; true: the model's way. Those from hop_arithmetic on are not the evaluator's.
struct Habits {
    std::array<bool, static_cast<std::size_t>(Cause::hop_arithmetic)> on;
    Habits() { on.fill(true); }
    bool operator[](Cause cause) const { return on[static_cast<std::size_t>(cause)]; }
};

/// Accesses at a memory level, or hops between the units of a memory level, of one tensor.
class PlainWalk {
public:
    PlainWalk(const ExpressedDesign& design, int level, TensorName tensor, Kind kind);

    std::int64_t value(const Habits& habits) const;

private:
    struct TemporalLoop {
        int name;
        std::int64_t trips;
        std::int64_t step;  ///< of the dimension's index
    };
    using Reach = std::array<std::int64_t, loop_count>;

    std::int64_t accesses(const Habits& habits, int level) const;
    std::int64_t at_macs(const Habits& habits) const;
    std::int64_t by_elements(const Habits& habits, int level) const;
    std::int64_t trips_by_level(const Habits& habits, int level) const;
    std::int64_t trips_across_levels(int level) const;
    std::int64_t by_tiles(const Habits& habits, int level) const;
    int child_of(int level) const;
    std::vector<TemporalLoop> loops_above(int child) const;
    std::int64_t visits(const Habits& habits, int child, bool every_step) const;
    bool moves_tile(const TemporalLoop& loop, const Reach& reach) const;
    std::int64_t span_inside(int child, int loop) const;
    std::int64_t spatial(int from, int to, const std::vector<LoopName>& loops) const;
    std::int64_t axis_words(int child, int end, bool overlap_shared, LoopName outer, LoopName window, std::int64_t stride) const;
    std::int64_t words(int child, int level, bool overlap_shared) const;
    std::int64_t first_reads(int level) const;
    std::int64_t hops_per_access() const;
    std::int64_t size() const { return design_.layer.tensor_sizes()[static_cast<std::size_t>(tensor_)]; }

    const ExpressedDesign& design_;
    int level_;
    TensorName tensor_;
    Kind kind_;
};

/// Hops of a tensor on a fan-out, by our closed form: between neighbours, or between replicas.
std::int64_t exact_hops(const Design& design, int fan_out, int tensor, bool near);

}  // namespace accelsim::interstellar
