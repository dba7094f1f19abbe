// SPDX-License-Identifier: Apache-2.0
// Which ports of which banks are taken, by whom, in which order (docs/microarchitecture.md, 5).
#include "tests/reference/tick_machine.hpp"

#include <set>

namespace accelsim::testing {

// A memory's own ports for each tensor that has a memory of its own, for each set of tensors, bank and direction.
TickModel::PortPool TickModel::pool_of(int level, int tensor, std::int64_t bank, bool writes) const {
    const Memory& memory = nest_.memory(level, tensor);
    const std::string& name = nest_.tensor(tensor).name;
    int set = -1;
    for (std::size_t i = 0; i < memory.port_sets.size(); ++i) {
        for (const std::string& member : memory.port_sets[i].tensors) set = member == name ? static_cast<int>(i) : set;
    }
    const Ports& ports = set < 0 ? memory.ports : memory.port_sets[at(set)].ports;
    const bool own = nest_.level(level).memories.count(name) > 0;
    return {level, own ? tensor : -1, set, bank, writes && !ports.shared};
}

int TickModel::ports_in(const PortPool& pool) const {
    const Memory& memory = pool.tensor < 0 ? nest_.level(pool.level) : nest_.memory(pool.level, pool.tensor);
    const Ports& ports = pool.set < 0 ? memory.ports : memory.port_sets[at(pool.set)].ports;
    return pool.writes ? ports.writes : ports.reads;
}

/// A read, a write, or both as one access: two ports of Nrw, but the one of 1rw.
void TickModel::take_access(PortsTaken& taken, int level, int tensor, std::int64_t bank, bool reads, bool writes) const {
    const PortPool read = pool_of(level, tensor, bank, false), write = pool_of(level, tensor, bank, true);
    if (reads && writes && read == write && ports_in(read) == 1) {
        ++taken[read];
        return;
    }
    if (reads) ++taken[read];
    if (writes) ++taken[write];
}

// Banks: where the words of the mover's next group lie, at the parent or at the child.
std::vector<std::int64_t> TickModel::banks_of_group(const Candidate& candidate, bool at_parent) const {
    const LiteralBoundary& edge = boundary(candidate.boundary);
    const Memory& memory = nest_.memory(at_parent ? edge.parent : edge.child, edge.tensor);
    if (memory.interleave == Interleave::none) return {0};
    if (memory.interleave == Interleave::tensor) return {edge.tensor % memory.banks};
    std::set<std::int64_t> banks;
    if (memory.burst_grants) {  // all, for the whole burst
        for (std::int64_t bank = 0; bank < memory.banks; ++bank) banks.insert(bank);
        return {banks.begin(), banks.end()};
    }
    const LiteralPort& port = port_of(candidate);
    const LiteralMover& mover = state(candidate.boundary).mover;
    for (std::size_t w = port.group == 0 ? 0 : port.move.group_end[port.group - 1]; w < port.move.group_end[port.group]; ++w) {
        const std::vector<Copy>& word = port.move.words[w];
        if (at_parent) banks.insert(mover.source_address(tile(candidate.boundary, port.tile), word) % memory.banks);
        for (const Copy& copy : word) {
            if (!at_parent) banks.insert(copy.address % memory.banks);
        }
    }
    return {banks.begin(), banks.end()};
}

/// What a group takes for one cycle at one end of its boundary; FIFOs have ports of their own.
TickModel::PortsTaken TickModel::ports_at(const Candidate& candidate, bool at_parent) const {
    const LiteralBoundary& edge = boundary(candidate.boundary);
    PortsTaken taken;
    if (!at_parent && edge.stream) return taken;
    const bool writes = at_parent == candidate.up;
    const bool reads = !writes || (at_parent && edge.accumulates);
    for (std::int64_t bank : banks_of_group(candidate, at_parent))
        take_access(taken, at_parent ? edge.parent : edge.child, edge.tensor, bank, reads, writes);
    return taken;
}

bool TickModel::is_burst(const Candidate& candidate, bool at_parent) const {
    const LiteralBoundary& edge = boundary(candidate.boundary);
    if (!at_parent && edge.stream) return false;
    return nest_.memory(at_parent ? edge.parent : edge.child, edge.tensor).burst_grants;
}

// Grants: the first group of the tile was granted, the last was not.
bool TickModel::holds_ports(const Candidate& candidate) const {
    if (!is_burst(candidate, true) && !is_burst(candidate, false)) return false;
    const LiteralPort& port = port_of(candidate);
    return port.group > 0 && port.group < port.move.group_end.size();
}

// MAC: what a step takes of the memories that are accessed directly.
TickModel::PortsTaken TickModel::ports_of_mac() const {
    PortsTaken taken;
    for (int t = 0; at(t) < nest_.workload.tensors.size(); ++t) {
        const LiteralBoundary& edge = boundary(innermost(t));
        if (edge.stream) continue;
        const Memory& memory = nest_.memory(edge.child, t);
        if (!memory.mac_shares_ports) continue;
        const std::int64_t bank = memory.interleave == Interleave::tensor ? t % memory.banks : 0;
        take_access(taken, edge.child, t, bank, true, nest_.tensor(t).is_output);
    }
    return taken;
}

bool TickModel::needs_fixed_port(const Candidate& candidate) const {
    const LiteralBoundary& edge = boundary(candidate.boundary);
    if (nest_.memory(edge.parent, edge.tensor).arbitration == Arbitration::fixed) return true;
    return !edge.stream && nest_.memory(edge.child, edge.tensor).arbitration == Arbitration::fixed;
}

// Grants: least recently granted first, ties in mover order; before them, in mover order, those at a fixed memory.
std::vector<TickModel::Candidate> TickModel::in_order(const std::vector<Candidate>& candidates) const {
    std::vector<Candidate> fixed, others;
    for (const Candidate& candidate : candidates) (needs_fixed_port(candidate) ? fixed : others).push_back(candidate);
    std::stable_sort(others.begin(), others.end(),
                     [this](const Candidate& a, const Candidate& b) { return port_of(a).last_grant < port_of(b).last_grant; });
    fixed.insert(fixed.end(), others.begin(), others.end());
    return fixed;
}

/// What is held is taken whether it requests or not; it is granted when nothing that it needs is overdrawn.
bool TickModel::grant_holder(const Candidate& candidate, PortsTaken& taken) const {
    PortsTaken needs;
    for (bool at_parent : {true, false}) {
        if (!is_burst(candidate, at_parent)) continue;
        for (const auto& [pool, count] : ports_at(candidate, at_parent)) {
            taken[pool] += count;
            needs[pool] += 0;
        }
    }
    if (!port_of(candidate).requesting) return false;
    for (bool at_parent : {true, false}) {
        if (is_burst(candidate, at_parent)) continue;
        for (const auto& [pool, count] : ports_at(candidate, at_parent)) needs[pool] += count;
    }
    return grant(needs, taken);
}

/// Takes what is needed if all of it is free.
bool TickModel::grant(const PortsTaken& needs, PortsTaken& taken) const {
    for (const auto& [pool, count] : needs) {
        if (taken[pool] + count > ports_in(pool)) return false;
    }
    for (const auto& [pool, count] : needs) taken[pool] += count;
    return true;
}

}  // namespace accelsim::testing
