// SPDX-License-Identifier: Apache-2.0
// Grants and what they send (docs/microarchitecture.md, 4a and 5).
#include "tests/reference/tick_machine.hpp"

#include <stdexcept>

namespace accelsim::testing {

// Section 5: the ports that a group occupies for one cycle. FIFOs have ports of their own; memories of single tensors, too.
std::vector<TickModel::PortPool> TickModel::ports_needed(const Candidate& candidate) const {
    const LiteralBoundary& edge = boundary(candidate.boundary);
    std::vector<PortPool> ports;
    const auto need = [&](int level, bool writes) {
        const Memory& memory = nest_.memory(level, edge.tensor);
        const bool own = nest_.level(level).memories.count(nest_.tensor(edge.tensor).name) > 0;
        const PortPool pool{level, own ? edge.tensor : -1, writes && !memory.ports.shared};
        // An accumulating drain takes two ports of Nrw, but the one of 1rw.
        const int has = pool.writes ? memory.ports.writes : memory.ports.reads;
        if (std::count(ports.begin(), ports.end(), pool) < has) ports.push_back(pool);
    };
    need(edge.parent, candidate.up);
    if (candidate.up && edge.accumulates) need(edge.parent, false);
    if (!edge.stream) need(edge.child, !candidate.up);
    return ports;
}

const Memory& TickModel::memory_of(const PortPool& pool) const {
    if (pool.tensor < 0) return nest_.level(pool.level);
    return nest_.memory(pool.level, pool.tensor);
}

bool TickModel::needs_fixed_port(const Candidate& candidate) const {
    for (const PortPool& pool : ports_needed(candidate)) {
        if (memory_of(pool).arbitration == Arbitration::fixed) return true;
    }
    return false;
}

// Section 5: least recently granted first, ties in mover order; before them, in mover order, those at a fixed buffer.
std::vector<TickModel::Candidate> TickModel::requests_in_order() const {
    std::vector<Candidate> fixed, others;
    for (int b = 0; b < boundaries(); ++b) {
        for (bool up : {false, true}) {
            const LiteralPort& port = up ? state(b).drain : state(b).fill;
            if (!port.exists || !port.requesting) continue;
            (needs_fixed_port({b, up}) ? fixed : others).push_back({b, up});
        }
    }
    const auto last_grant = [this](const Candidate& c) {
        return (c.up ? state(c.boundary).drain : state(c.boundary).fill).last_grant;
    };
    std::stable_sort(others.begin(), others.end(),
                     [&](const Candidate& a, const Candidate& b) { return last_grant(a) < last_grant(b); });
    fixed.insert(fixed.end(), others.begin(), others.end());
    return fixed;
}

// Sections 4a and 5: each request in turn is granted if every pool that it needs has a free port.
void TickModel::grant_requests() {
    std::map<PortPool, int> taken;
    std::vector<Candidate> granted;
    for (const Candidate& candidate : requests_in_order()) {
        const auto ports = ports_needed(candidate);
        bool room = true;
        for (const PortPool& pool : ports) {
            const Ports& has = memory_of(pool).ports;
            const auto wants = std::count(ports.begin(), ports.end(), pool);
            room = room && taken[pool] + wants <= (pool.writes ? has.writes : has.reads);
        }
        if (!room) continue;
        for (const auto& pool : ports) ++taken[pool];
        granted.push_back(candidate);
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
    if (outer >= 0 && last_of_source) state(outer).complete.count_next_from(now_ + flight + 1);
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
