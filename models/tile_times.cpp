// SPDX-License-Identifier: Apache-2.0
#include "models/tile_times.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "mappings/port_pools.hpp"
#include "mappings/tile_stream.hpp"
#include "models/dram/device.hpp"
#include "models/exact_counts.hpp"

namespace accelsim {

namespace {

/// Copies of words. Listing them takes about as long as the rest of an estimate does.
constexpr std::int64_t most_listed = 512;
constexpr std::int64_t most_listed_in_bursts = 4096;  // where more is at stake

}  // namespace

TileTiming::TileTiming(const Design& design, const Counts& counts) : design_(design), counts_(counts) {
    if (design.level(0).bursts) places_ = place_tensors(design);
    double iterations = 1;
    for (const LoweredLoop& each : design.loops) iterations *= each.is_temporal() ? static_cast<double>(each.bound) : 1;
    active_ = static_cast<double>(design.steps) / iterations;
}

bool TileTiming::moves(const Boundary& boundary, int advancing) const {
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

double TileTiming::visits(const Boundary& boundary) const {
    double count = 1;
    double outer = 1;
    for (const int l : boundary.above) {
        if (boundary.stream || moves(boundary, l)) count += outer * static_cast<double>(loop(l).bound - 1);
        outer *= static_cast<double>(loop(l).bound);
    }
    return boundary.stream ? outer : count;
}

/// Cycles that so many words of a tile take by the widths of ports and networks.
double TileTiming::width_groups(const Boundary& boundary, double words) const {
    const int bits = design_.tensor(boundary.tensor).bits;
    const auto at_width = [&](double count, int width) { return std::ceil(count / std::max(1, width / bits)); };
    double cycles = at_width(words, design_.memory(boundary.parent, boundary.tensor).width_bits);
    for (int l = boundary.parent + 1; l < boundary.child; ++l) {
        if (design_.level(l).kind != LevelKind::array) continue;
        const int width = design_.level(l).network(design_.tensor(boundary.tensor).name).width_bits;
        if (width > 0) cycles = std::max(cycles, at_width(words, width));
    }
    if (boundary.stream) return cycles;
    const auto lane_words = static_cast<double>(boundary.tile_words);
    return std::max(cycles, at_width(std::min(words, lane_words), design_.memory(boundary.child, boundary.tensor).width_bits));
}

/// Whether the copies of a tile's words are few enough to be listed for each estimate.
bool TileTiming::is_small(const Boundary& boundary) const {
    const std::int64_t lanes = design_.instances[static_cast<std::size_t>(boundary.child)] /
                               design_.instances[static_cast<std::size_t>(boundary.parent)];
    return boundary.tile_words * lanes <= (is_bursts(boundary) ? most_listed_in_bursts : most_listed);
}

/// Of a tile that is listed: as many words to a group, and to a burst, as in the first one.
double TileTiming::groups(const Boundary& boundary, MoveKind kind, double words) const {
    if (words <= 0) return 0;
    const bool banked = word_banks(design_.memory(boundary.parent, boundary.tensor)) > 1 ||
                        (!boundary.stream && word_banks(design_.memory(boundary.child, boundary.tensor)) > 1);
    if (!banked && !is_small(boundary)) {
        const double cycles = std::max(1.0, width_groups(boundary, words));
        return is_bursts(boundary) ? std::max(cycles, full_burst_cycles(boundary, words)) : cycles;
    }
    const int index = static_cast<int>(&boundary - design_.boundaries.data());
    const TensorPlace* place = is_bursts(boundary) ? &places_[static_cast<std::size_t>(boundary.tensor)] : nullptr;
    const Move move = MoveTable(design_, index, place).move(TileStream(design_, index).current(), kind);
    if (move.words() == 0) return 1;
    const double share = words / static_cast<double>(move.words());
    const double cycles = std::max(1.0, share * static_cast<double>(move.groups()));
    return place == nullptr ? cycles : std::max(cycles, share * burst_cycles(move));
}

/// As if no burst brought a word that is not asked for, as is nearly so for large tiles.
double TileTiming::full_burst_cycles(const Boundary& boundary, double words) const {
    const dram::Device& device = *design_.level(0).bursts->device;
    const double bursts = words * design_.tensor(boundary.tensor).bits / 8 / static_cast<double>(device.burst_bytes());
    return core_cycles(bursts * device.burst_clocks() / device.channels) * refreshing();
}

/// What refreshes make of a time.
double TileTiming::refreshing() const {
    const dram::Timing& timing = design_.level(0).bursts->device->timing;
    return static_cast<double>(timing.trefi) / std::max(1, timing.trefi - timing.trfc);
}

/// Bursts of a move on the busses of all channels, no more under way than may be, their rows opened bank by bank; with their part
/// of the refreshes, in cycles of the core.
double TileTiming::burst_cycles(const Move& move) const {
    const BurstInterface& interface = *design_.level(0).bursts;
    const dram::Device& device = *interface.device;
    const dram::Timing& timing = device.timing;
    std::set<std::int64_t> rows;
    for (const Burst& burst : move.bursts) rows.insert(burst.offset / interface.row_bytes);
    const auto bursts = static_cast<double>(move.bursts.size());
    const double bus = bursts * std::max(device.burst_clocks(), timing.tccd_s) / device.channels;
    const double waiting = bursts * (timing.trcd_rd + timing.rl + device.burst_clocks()) / interface.outstanding;
    const double opened = device.pages == dram::PagePolicy::closed ? bursts : static_cast<double>(rows.size());
    const double opening = opened * timing.trc() / (device.banks() * device.ranks * device.channels);
    return core_cycles(std::max({bus, waiting, opening})) * refreshing();
}

/// From a request to the first word of a closed row, beyond the level's own latency.
double TileTiming::row_cycles() const {
    const dram::Timing& timing = design_.level(0).bursts->device->timing;
    return core_cycles(timing.trcd_rd + timing.rl);
}

double TileTiming::core_cycles(double clocks) const {
    const dram::Device& device = *design_.level(0).bursts->device;
    return clocks * static_cast<double>(device.timing.tck_ps) * design_.architecture.clock_mhz / 1e6;
}

/// Of an instance of the parent, when so large a share of the tiles moves words.
double TileTiming::words_per_tile(const Boundary& boundary, std::int64_t words, double share) const {
    const auto instances = static_cast<double>(design_.instances[static_cast<std::size_t>(boundary.parent)]);
    return share > 0 ? static_cast<double>(words) / instances / (visits(boundary) * active_ * share) : 0;
}

/// A reduction loop inside of which nothing moves the output adds to a tile that stays.
double TileTiming::first_share(const Boundary& boundary) const {
    if (boundary.accumulates) return 1;
    double trips = 1;
    for (const int reduction : boundary.above) {
        const bool moved = std::any_of(boundary.above.begin(), boundary.above.end(),
                                       [&](int l) { return l >= reduction && moves(boundary, l); });
        if (design_.workload.is_reduction(loop(reduction).dimension) && moved)
            trips *= static_cast<double>(loop(reduction).bound);
    }
    return 1 / trips;
}

TileTimes TileTiming::of(const Boundary& boundary) {
    TileTimes times;
    const TensorCounts& parent = tensor_counts(counts_, design_, boundary.parent, boundary.tensor);
    const double flight = static_cast<double>(boundary.flight_down) + (is_bursts(boundary) ? row_cycles() : 0);
    if (!design_.tensor(boundary.tensor).is_output) {
        times.fill_groups = groups(boundary, MoveKind::operand_fill, words_per_tile(boundary, parent.reads_to_child, 1));
        times.fill = times.fill_groups + flight + 1;
        return times;
    }
    times.first_share = first_share(boundary);
    times.drain_groups = groups(boundary, MoveKind::write_back, words_per_tile(boundary, parent.writes_from_child, 1));
    times.drain = static_cast<double>(design_.architecture.levels.back().latency_cycles) + times.drain_groups + 1;
    const double again = words_per_tile(boundary, parent.reads_to_child, 1 - times.first_share);
    times.fill_groups = boundary.accumulates ? 0 : groups(boundary, MoveKind::read_back, again);
    times.fill = times.fill_groups > 0 ? times.fill_groups + flight : 0;
    return times;
}

}  // namespace accelsim
