// SPDX-License-Identifier: Apache-2.0
#include "models/latency.hpp"

#include <algorithm>
#include <cmath>

#include "mappings/port_pools.hpp"
#include "models/exact_counts.hpp"
#include "models/tile_times.hpp"

namespace accelsim {

namespace {

class Estimate {
public:
    Estimate(const Design& design, const Counts& counts) : design_(design), pools_(design), timing_(design, counts) {
        for (std::size_t l = 0; l < design.loops.size(); ++l)
            if (design.loops[l].is_temporal()) loops_.push_back(static_cast<int>(l));
        for (const Boundary& boundary : design.boundaries) times_.push_back(timing_.of(boundary));
        totals_.assign(design.loops.size(), 0);
        residency_.assign(design.boundaries.size(), 0);
    }

    LatencyParts parts() {
        double inside = 1;
        double streamed = 1;  // the same when only the busiest stream counts
        double steps = 1, ahead = 0;
        for (std::size_t b = 0; b < times_.size(); ++b) {
            const double cycles = std::max(times_[b].fill_groups, times_[b].drain_groups);
            if (!design_.boundaries[b].stream || cycles <= streamed) continue;
            streamed = cycles;
            ahead = static_cast<double>(design_.boundaries[b].depth);
        }
        for (std::size_t i = loops_.size(); i-- > 0;) {
            note_residency(loops_[i], inside);
            const auto trips = static_cast<double>(loop(loops_[i]).bound);
            streamed *= trips;
            steps *= trips;
            inside = trips * inside + (trips - 1) * stall(loops_[i]);
            if (steps > ahead) inside = std::max(inside, streamed);
            totals_[static_cast<std::size_t>(loops_[i])] = inside;
        }
        for (double& residency : residency_)
            if (residency == 0) residency = inside;
        const double one_after_another = startup() + inside * timing_.active() + last_drain();
        LatencyParts parts;
        parts.steps = design_.steps;
        parts.startup = std::llround(startup());
        parts.drain = std::llround(last_drain());
        parts.waits = std::llround(one_after_another) - parts.startup - parts.drain - parts.steps;
        parts.ports = std::llround(std::max(one_after_another, port_occupancy())) - std::llround(one_after_another);
        return parts;
    }

private:
    const LoweredLoop& loop(int index) const { return design_.loops[static_cast<std::size_t>(index)]; }
    bool moves(const Boundary& boundary, int advancing) const { return timing_.moves(boundary, advancing); }

    /// The time that a tile stays is what is inside the innermost loop that moves it.
    void note_residency(int advancing, double inside) {
        for (std::size_t b = 0; b < residency_.size(); ++b)
            if (residency_[b] == 0 && moves(design_.boundaries[b], advancing)) residency_[b] = inside;
    }

    /// A window holds parts of tiles, too.
    static double slots(const Boundary& boundary) {
        if (boundary.window_words == 0) return static_cast<double>(boundary.depth);
        return std::max(1.0, static_cast<double>(boundary.window_words) / static_cast<double>(boundary.tile_words));
    }

    /// What a moving tile adds to the time of its loop. `work`: from the release of a slot to the tile's use, `busy`: the mover's
    /// part of it. One slot: all of it; D slots go round in residency + work. Outside the innermost level, the next tile comes
    /// while the last one inside is still used.
    double wait(std::size_t b, double work, double busy) const {
        const Boundary& boundary = design_.boundaries[b];
        const double depth = slots(boundary);
        double hidden = (depth - 1) * residency_[b];
        const std::vector<int> chain = design_.boundaries_of(boundary.tensor);
        const auto next = std::find(chain.begin(), chain.end(), static_cast<int>(b)) + 1;
        if (next != chain.end() && !design_.boundaries[static_cast<std::size_t>(*next)].stream)
            hidden += residency_[static_cast<std::size_t>(*next)];
        return std::max({0.0, (work - hidden) / depth, busy - residency_[b]});
    }

    /// A sum that is needed again: it must have landed before it is read back. `meanwhile`: time spent on other tiles.
    double hazard(const Boundary& boundary, const TileTimes& times, double meanwhile) const {
        if (boundary.accumulates) return 0;
        const double round_trip =
            times.drain + static_cast<double>(boundary.flight_up) + times.fill_groups + static_cast<double>(boundary.flight_down);
        return std::max(0.0, round_trip - meanwhile);
    }

    double operand_wait(std::size_t b, int advancing) const {
        const Boundary& boundary = design_.boundaries[b];
        if (boundary.stream || !moves(boundary, advancing)) return 0;
        return wait(b, times_[b].fill + shared_port(b, advancing), times_[b].fill_groups);
    }

    /// What others that move at the same time add to a fill: they take their turns at the parent's port.
    double shared_port(std::size_t b, int advancing) const {
        const Boundary& boundary = design_.boundaries[b];
        const std::size_t own = pool(boundary.parent, boundary.tensor, false);
        double turns = 0;
        for (std::size_t other = 0; other < times_.size(); ++other) {
            const Boundary& o = design_.boundaries[other];
            if (other == b || o.stream || !moves(o, advancing) || pool(o.parent, o.tensor, false) != own) continue;
            turns += std::min(times_[b].fill_groups, times_[other].fill_groups);
        }
        return turns / pools_.pools()[own].ports;
    }

    /// Time spent on other tiles until the same one comes back: the outermost loop inside that moves it goes round, but for one
    /// iteration.
    double meanwhile(std::size_t b, int advancing) const {
        const Boundary& boundary = design_.boundaries[b];
        for (const int l : boundary.above)
            if (l > advancing && !design_.workload.is_reduction(loop(l).dimension) && loop(l).bound > 1) {
                const double total = totals_[static_cast<std::size_t>(l)];
                return total - total / static_cast<double>(loop(l).bound);
            }
        return 0;
    }

    double output_wait(std::size_t b, int advancing) const {
        const Boundary& boundary = design_.boundaries[b];
        const TileTimes& times = times_[b];
        const bool again = design_.workload.is_reduction(loop(advancing).dimension);
        const bool above = std::find(boundary.above.begin(), boundary.above.end(), advancing) != boundary.above.end();
        if (boundary.stream) return again && above ? hazard(boundary, times, meanwhile(b, advancing)) : 0;
        if (!moves(boundary, advancing)) return 0;
        const double share = again ? 1 : 1 - times.first_share;
        const double waits = wait(b, times.drain + share * times.fill, std::max(times.drain_groups, share * times.fill_groups));
        return again ? std::max(waits, hazard(boundary, times, meanwhile(b, advancing))) : waits;
    }

    /// Between two iterations of a loop: the tensors wait at the same time, each along its chain; ports carry everybody's words.
    double stall(int advancing) const {
        double longest = 0;
        std::vector<double> occupied(pools_.pools().size(), 0);
        for (std::size_t t = 0; t < design_.workload.tensors.size(); ++t) {
            const bool output = design_.workload.tensors[t].is_output;
            double chain = 0;
            for (const int index : design_.boundaries_of(static_cast<int>(t))) {
                const auto b = static_cast<std::size_t>(index);
                const Boundary& boundary = design_.boundaries[b];
                const double waits = output ? output_wait(b, advancing) : operand_wait(b, advancing);
                chain = std::max(chain, waits);
                if (waits == 0) continue;
                const std::size_t read = pool(boundary.parent, boundary.tensor, false);
                const bool both_ways = read == pool(boundary.parent, boundary.tensor, true);
                const double reads = times_[b].fill_groups * (output ? 1 - times_[b].first_share : 1);
                occupied[read] +=
                    (reads + (both_ways ? times_[b].drain_groups : 0)) / pools_.pools()[read].ports / slots(boundary);
            }
            longest = std::max(longest, chain);
        }
        return std::max(longest, *std::max_element(occupied.begin(), occupied.end()));
    }

    double startup() const {
        double longest = 0;
        for (std::size_t t = 0; t < design_.workload.tensors.size(); ++t) {
            double chain = 0;
            for (const int b : design_.boundaries_of(static_cast<int>(t))) {
                const bool output = design_.tensor(static_cast<int>(t)).is_output;
                chain += output ? 1 : times_[static_cast<std::size_t>(b)].fill + 1;
            }
            longest = std::max(longest, chain);
        }
        return longest;
    }

    double last_drain() const {
        double chain = 0;
        for (const int b : design_.boundaries_of(design_.workload.output_index()))
            chain += times_[static_cast<std::size_t>(b)].drain_groups +
                     static_cast<double>(design_.boundaries[static_cast<std::size_t>(b)].flight_up) + 1;
        return chain + static_cast<double>(design_.architecture.levels.back().latency_cycles) - 1;
    }

    /// The busiest memory's port cycles over the whole run.
    double port_occupancy() const {
        std::vector<double> busy(pools_.pools().size(), 0);
        for (std::size_t b = 0; b < times_.size(); ++b) {
            const Boundary& boundary = design_.boundaries[b];
            const double tiles = timing_.visits(boundary) * timing_.active();
            const bool output = design_.tensor(boundary.tensor).is_output;
            const double down = tiles * times_[b].fill_groups * (output ? 1 - times_[b].first_share : 1);
            const double up = tiles * times_[b].drain_groups;
            const std::size_t read = pool(boundary.parent, boundary.tensor, false);
            const std::size_t write = pool(boundary.parent, boundary.tensor, true);
            const bool once = !boundary.accumulates || (read == write && pools_.pools()[read].ports == 1);
            const bool one_bus = boundary.parent == 0 && design_.level(0).bursts.has_value();
            busy[read] += down + (once && !one_bus ? 0 : up);
            busy[write] += one_bus ? 0 : up;
            if (boundary.stream) continue;
            busy[pool(boundary.child, boundary.tensor, false)] += up;
            busy[pool(boundary.child, boundary.tensor, true)] += down;
        }
        for (const int needed : pools_.mac_needs()) busy[static_cast<std::size_t>(needed)] += static_cast<double>(design_.steps);
        double longest = 0;
        for (std::size_t p = 0; p < busy.size(); ++p) longest = std::max(longest, busy[p] / pools_.pools()[p].ports);
        return longest;
    }

    std::size_t pool(int level, int tensor, bool write) const {
        return static_cast<std::size_t>(pools_.find(level, tensor, write));
    }

    const Design& design_;
    PortPools pools_;
    TileTiming timing_;
    std::vector<int> loops_;  ///< temporal, outermost first
    std::vector<TileTimes> times_;
    std::vector<double> totals_;     ///< per loop: time of all its iterations
    std::vector<double> residency_;  ///< per boundary: how long a tile is used
};

}  // namespace

LatencyParts latency_parts(const Design& design, const Counts& counts) { return Estimate(design, counts).parts(); }

std::int64_t estimate_latency(const Design& design) { return estimate_latency(design, count_exactly(design)); }

std::int64_t estimate_latency(const Design& design, const Counts& counts) {
    const LatencyParts parts = latency_parts(design, counts);
    return parts.steps + parts.startup + parts.waits + parts.drain + parts.ports;
}

}  // namespace accelsim
