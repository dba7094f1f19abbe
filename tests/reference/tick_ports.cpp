// SPDX-License-Identifier: Apache-2.0
// Grants and what they send (docs/microarchitecture.md, 4a and 5).
#include "tests/reference/tick_machine.hpp"

#include <stdexcept>

namespace accelsim::testing {

// Sections 4a and 5: after the MAC those that hold ports, then the others, each request in turn.
void TickModel::grant_requests() {
    PortsTaken taken;
    if (step_is_ready()) taken = ports_of_mac();
    std::vector<Candidate> holders, others, granted;
    for (int b = 0; b < boundaries(); ++b) {
        for (bool up : {false, true}) {
            const Candidate candidate{b, up};
            if (!port_of(candidate).exists) continue;
            if (holds_ports(candidate))
                holders.push_back(candidate);
            else if (port_of(candidate).requesting)
                others.push_back(candidate);
        }
    }
    for (const Candidate& candidate : in_order(holders)) {
        if (grant_holder(candidate, taken)) granted.push_back(candidate);
    }
    for (const Candidate& candidate : in_order(others)) {
        PortsTaken needs = ports_at(candidate, true);
        for (const auto& [pool, count] : ports_at(candidate, false)) needs[pool] += count;
        if (grant(needs, taken)) granted.push_back(candidate);
    }
    for (const Candidate& candidate : granted) candidate.up ? send_drain(candidate.boundary) : send_fill(candidate.boundary);
    if (!granted.empty()) acted();
}

// Section 4a, fill: the words leave now; with the last group the tile is usable after the flight.
void TickModel::send_fill(int b) {
    LiteralPort& port = state(b).fill;
    const std::int64_t k = port.tile;
    record_group(b, false);
    const std::size_t begin = port.group == 0 ? 0 : port.move.group_end[port.group - 1];
    for (std::size_t w = begin; w < port.move.group_end[port.group]; ++w) move_down(b, port.move.words[w]);
    port.last_grant = now_;
    ++port.group;
    give_back_source(b);
    port.requesting = false;  // until the mover looks
    if (port.group < port.move.group_end.size()) return;
    counts_.sent(boundary(b), tile(b, k), false, port.move.counts);
    state(b).usable.count_next_from(now_ + state(b).flight_down + 1);
    finish_fill_source(b, k);
    finish_data(b);
    port.started = false;
    ++port.tile;
}

// Section 4a: with the last child tile of a source, the parent's operand tile is released.
void TickModel::finish_fill_source(int b, std::int64_t k) {
    const int outer = boundary(b).outer;
    if (is_output(b) || outer < 0) return;
    if (k + 1 < tiles(b) && tile(b, k + 1).source == tile(b, k).source) return;
    if (state(outer).released.announced() != tile(b, k).source) throw std::runtime_error("reference: release out of order");
    release(outer, tile(b, k).source);
}

// Section 4a, drain: with the last group the slot is released, and the tile lands after the flight.
void TickModel::send_drain(int b) {
    LiteralPort& port = state(b).drain;
    const std::int64_t k = port.tile;
    record_group(b, true);
    const std::size_t begin = port.group == 0 ? 0 : port.move.group_end[port.group - 1];
    for (std::size_t w = begin; w < port.move.group_end[port.group]; ++w) move_up(b, port.move.words[w]);
    port.last_grant = now_;
    ++port.group;
    give_back_drained(b);
    if (port.group < port.move.group_end.size()) return;
    counts_.sent(boundary(b), tile(b, k), true, port.move.counts);
    finish_drain(b, state(b).flight_up);
}

/// The drain mover's tile has left; it lands after the flight.
void TickModel::finish_drain(int b, std::int64_t flight) {
    LiteralPort& port = state(b).drain;
    const std::int64_t k = port.tile;
    release(b, k);
    state(b).landed.count_next_from(now_ + flight + 1);
    const int outer = boundary(b).outer;
    const bool last_of_source = k + 1 == tiles(b) || tile(b, k + 1).source != tile(b, k).source;
    // Not before the tiles in front of it have landed.
    if (outer >= 0 && last_of_source) state(outer).complete.count_next_from(state(b).landed.from(k));
    port.requesting = false;
    ++port.tile;
}

/// Tile k of the boundary's child is given back whole, seen in the next cycle.
void TickModel::release(int b, std::int64_t k) {
    state(b).released.count_next_from(now_ + 1);
    if (boundary(b).window > 0) state(b).given_back.set(now_ + 1, (k + 1) * boundary(b).tile_words);
    state(b).slots.erase(k);
}

void TickModel::record_group(int b, bool up) {
    const LiteralPort& port = up ? state(b).drain : state(b).fill;
    GroupEvent event;
    event.cycle = now_;
    event.boundary = b;
    event.up = up;
    event.tile = port.tile;
    event.group = static_cast<std::int64_t>(port.group);
    event.origin = tile(b, port.tile).origin;
    const std::size_t begin = port.group == 0 ? 0 : port.move.group_end[port.group - 1];
    for (std::size_t w = begin; w < port.move.group_end[port.group]; ++w) event.words.push_back(port.move.words[w]);
    run_.events.push_back(std::move(event));
}

}  // namespace accelsim::testing
