// SPDX-License-Identifier: Apache-2.0
#include "models/latency.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "mappings/lowering.hpp"
#include "mappings/move.hpp"
#include "mappings/tile_stream.hpp"
#include "models/dram/device.hpp"
#include "models/exact_counts.hpp"

namespace accelsim {

namespace {

/// What one boundary needs for one tile. Constants of the protocol: docs/microarchitecture.md, 4.
struct TileTimes {
    double fill_groups = 0;   ///< cycles in which words of a tile enter
    double fill = 0;          ///< from the release of a slot to the next use of it
    double drain_groups = 0;  ///< outputs
    double drain = 0;         ///< from the last update to the release of the slot
    double first_share = 1;   ///< outputs: part of the tiles that start at zero
};

class Estimate {
public:
    explicit Estimate(const Design& design) : design_(design), counts_(count_exactly(design)) {
        if (design.level(0).bursts) places_ = place_tensors(design);
        for (std::size_t l = 0; l < design.loops.size(); ++l)
            if (design.loops[l].is_temporal()) loops_.push_back(static_cast<int>(l));
        double iterations = 1;
        for (const int l : loops_) iterations *= static_cast<double>(loop(l).bound);
        active_ = static_cast<double>(design.steps) / iterations;
        for (const Boundary& boundary : design.boundaries) times_.push_back(tile_times(boundary));
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
        const double one_after_another = startup() + inside * active_ + last_drain();
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

    /// Whether the boundary's tile moves where this loop advances and those inside it wrap.
    bool moves(const Boundary& boundary, int advancing) const {
        if (std::find(boundary.above.begin(), boundary.above.end(), advancing) == boundary.above.end()) return false;
        for (const Axis& axis : design_.tensor(boundary.tensor).axes) {
            std::int64_t delta = 0;
            for (const Term& term : axis.terms)
                for (const int l : boundary.above) {
                    if (loop(l).dimension != term.dimension || l < advancing) continue;
                    delta += term.coefficient * loop(l).stride * (l == advancing ? 1 : 1 - loop(l).bound);
                }
            if (delta != 0) return true;
        }
        return false;
    }

    double visits(const Boundary& boundary) const {
        double count = 1;
        double outer = 1;
        for (const int l : boundary.above) {
            if (boundary.stream || moves(boundary, l)) count += outer * static_cast<double>(loop(l).bound - 1);
            outer *= static_cast<double>(loop(l).bound);
        }
        return boundary.stream ? outer : count;
    }

    const TensorCounts& counts_at(int level, int tensor) { return tensor_counts(counts_, design_, level, tensor); }

    /// Cycles that so many words of a tile take: as many to a group, and to a burst, as in the first tile.
    double groups(const Boundary& boundary, MoveKind kind, double words) {
        if (words <= 0) return 0;
        const int index = static_cast<int>(&boundary - design_.boundaries.data());
        const bool bursts = boundary.parent == 0 && design_.level(0).bursts.has_value();
        const TensorPlace* place = bursts ? &places_[static_cast<std::size_t>(boundary.tensor)] : nullptr;
        const Move move = MoveTable(design_, index, place).move(TileStream(design_, index).current(), kind);
        if (move.words() == 0) return 1;
        const double share = words / static_cast<double>(move.words());
        const double cycles = std::max(1.0, share * static_cast<double>(move.groups()));
        return bursts ? std::max(cycles, share * static_cast<double>(move.bursts.size()) * burst_cycles()) : cycles;
    }

    /// A burst on the busses of all channels, with its part of the refreshes, in cycles of the core.
    double burst_cycles() const {
        const dram::Device& device = *design_.level(0).bursts->device;
        const double refreshing = static_cast<double>(device.timing.trefi) / (device.timing.trefi - device.timing.trfc);
        return core_cycles(device.burst_clocks()) * refreshing / device.channels;
    }

    /// From a request to the first word of a closed row, beyond the level's own latency.
    double row_cycles() const {
        const dram::Timing& timing = design_.level(0).bursts->device->timing;
        return core_cycles(timing.trcd_rd + timing.rl);
    }

    double core_cycles(int clocks) const {
        return clocks * static_cast<double>(design_.level(0).bursts->device->timing.tck_ps) * design_.architecture.clock_mhz /
               1e6;
    }

    TileTimes tile_times(const Boundary& boundary) {
        TileTimes times;
        const double tiles = visits(boundary) * active_;
        const auto instances = static_cast<double>(design_.instances[static_cast<std::size_t>(boundary.parent)]);
        const auto per_tile = [&](std::int64_t words, double share) {
            return share > 0 ? static_cast<double>(words) / instances / (tiles * share) : 0;
        };
        const TensorCounts& parent = counts_at(boundary.parent, boundary.tensor);
        const bool bursts = boundary.parent == 0 && design_.level(0).bursts.has_value();
        const double flight = static_cast<double>(boundary.flight_down) + (bursts ? row_cycles() : 0);
        if (!design_.tensor(boundary.tensor).is_output) {
            times.fill_groups = groups(boundary, MoveKind::operand_fill, per_tile(parent.reads_to_child, 1));
            times.fill = times.fill_groups + flight + 1;
            return times;
        }
        double reduction_trips = 1;
        for (const int l : boundary.above)
            if (design_.workload.is_reduction(loop(l).dimension) && visits_depend_on(boundary, l))
                reduction_trips *= static_cast<double>(loop(l).bound);
        times.first_share = boundary.accumulates ? 1 : 1 / reduction_trips;
        times.drain_groups = groups(boundary, MoveKind::write_back, per_tile(parent.writes_from_child, 1));
        times.drain = static_cast<double>(design_.architecture.levels.back().latency_cycles) + times.drain_groups + 1;
        const double again = 1 - times.first_share;
        times.fill_groups =
            boundary.accumulates ? 0 : groups(boundary, MoveKind::read_back, per_tile(parent.reads_to_child, again));
        times.fill = times.fill_groups > 0 ? times.fill_groups + flight : 0;
        return times;
    }

    /// A reduction loop inside of which nothing moves the output adds to a tile that stays.
    bool visits_depend_on(const Boundary& boundary, int reduction) const {
        for (const int l : boundary.above)
            if (l >= reduction && moves(boundary, l)) return true;
        return false;
    }

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
        const Memory& parent = design_.memory(boundary.parent, boundary.tensor);
        double turns = 0;
        for (std::size_t other = 0; other < times_.size(); ++other) {
            const Boundary& o = design_.boundaries[other];
            if (other == b || o.parent != boundary.parent || &design_.memory(o.parent, o.tensor) != &parent || o.stream ||
                !moves(o, advancing))
                continue;
            turns += std::min(times_[b].fill_groups, times_[other].fill_groups);
        }
        return turns / parent.ports.reads;
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
        std::map<std::pair<int, const Memory*>, double> occupied;
        for (std::size_t t = 0; t < design_.workload.tensors.size(); ++t) {
            const bool output = design_.workload.tensors[t].is_output;
            double chain = 0;
            for (const int index : design_.boundaries_of(static_cast<int>(t))) {
                const auto b = static_cast<std::size_t>(index);
                const Boundary& boundary = design_.boundaries[b];
                const double waits = output ? output_wait(b, advancing) : operand_wait(b, advancing);
                chain = std::max(chain, waits);
                if (waits == 0) continue;
                const Memory& parent = design_.memory(boundary.parent, boundary.tensor);
                const double reads = times_[b].fill_groups * (output ? 1 - times_[b].first_share : 1);
                occupied[{boundary.parent, &parent}] +=
                    (parent.ports.shared ? reads + times_[b].drain_groups : reads) / parent.ports.reads / slots(boundary);
            }
            longest = std::max(longest, chain);
        }
        for (const auto& [memory, cycles] : occupied) longest = std::max(longest, cycles);
        return longest;
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
        std::map<std::pair<int, const Memory*>, std::pair<double, double>> busy;  // reads, writes
        for (std::size_t b = 0; b < times_.size(); ++b) {
            const Boundary& boundary = design_.boundaries[b];
            const double tiles = visits(boundary) * active_;
            const bool output = design_.tensor(boundary.tensor).is_output;
            const double down = tiles * times_[b].fill_groups * (output ? 1 - times_[b].first_share : 1);
            const double up = tiles * times_[b].drain_groups;
            auto& parent = busy[{boundary.parent, &design_.memory(boundary.parent, boundary.tensor)}];
            const Ports& ports = design_.memory(boundary.parent, boundary.tensor).ports;
            const bool both_at_once = ports.shared && ports.reads == 1;  // an update takes the one port once
            parent.first += down + (boundary.accumulates && !both_at_once ? up : 0);
            parent.second += up;
            if (boundary.stream) continue;
            auto& child = busy[{boundary.child, &design_.memory(boundary.child, boundary.tensor)}];
            child.first += up;
            child.second += down;
        }
        double longest = 0;
        for (const auto& [key, cycles] : busy) {
            const Ports& ports = key.second->ports;
            longest = std::max(longest, ports.shared ? (cycles.first + cycles.second) / ports.reads
                                                     : std::max(cycles.first / ports.reads, cycles.second / ports.writes));
        }
        return longest;
    }

    const Design& design_;
    Counts counts_;
    std::vector<TensorPlace> places_;  ///< in a detailed DRAM
    std::vector<int> loops_;           ///< temporal, outermost first
    double active_ = 1;                ///< issued steps per iteration: less than 1 with tails
    std::vector<TileTimes> times_;
    std::vector<double> totals_;     ///< per loop: time of all its iterations
    std::vector<double> residency_;  ///< per boundary: how long a tile is used
};

}  // namespace

LatencyParts latency_parts(const Design& design) { return Estimate(design).parts(); }

std::int64_t estimate_latency(const Design& design) {
    const LatencyParts parts = latency_parts(design);
    return parts.steps + parts.startup + parts.waits + parts.drain + parts.ports;
}

}  // namespace accelsim
