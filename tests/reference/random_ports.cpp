// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_parts.hpp"

#include <algorithm>

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

Ports random_ports(RandomNumbers& random) {
    return random.one_of<Ports>({{1, 1, false}, {1, 1, false}, {2, 1, false}, {1, 2, false}, {1, 1, true}, {2, 1, true}});
}

/// Deals the tensors to two or more sets with ports of their own.
void random_port_sets(RandomNumbers& random, Memory& memory, std::vector<std::string> tensors) {
    shuffle(tensors, random);
    for (const std::string& tensor : tensors) {
        if (memory.port_sets.size() < 2 || random.chance(30)) memory.port_sets.push_back({{}, random_ports(random)});
        memory.port_sets.back().tensors.push_back(tensor);
    }
}

/// As many ports as a step needs of these tensors: a read per operand, a read and a write of the output.
void grow_for_mac(const std::vector<const Tensor*>& direct, Ports& ports) {
    int reads = 0, writes = 0;
    for (const Tensor* tensor : direct) {
        ++reads;
        writes += tensor->is_output ? 1 : 0;
    }
    if (!ports.shared) {
        ports.reads = std::max(ports.reads, reads);
        ports.writes = std::max(ports.writes, writes);
    } else if (reads > 1 || ports.reads > 1) {  // one port serves an output alone
        ports.reads = std::max(ports.reads, reads + writes);
    }
}

/// The MAC takes the ports of these tensors' memory; all of it is legal afterwards.
void share_with_mac(const RandomDesign& design, const std::vector<int>& tensors, Memory& memory) {
    memory.mac_shares_ports = true;
    const auto bank = [&](int t) { return memory.interleave == Interleave::tensor ? t % memory.banks : 0; };
    const auto grow = [&](Ports& ports, const std::vector<std::string>* members) {
        for (int b = 0; b < memory.banks; ++b) {
            std::vector<const Tensor*> direct;
            for (int t : tensors) {
                const Tensor& tensor = design.workload.tensors[at(t)];
                const bool member = members == nullptr || std::count(members->begin(), members->end(), tensor.name) > 0;
                if (member && bank(t) == b) direct.push_back(&tensor);
            }
            grow_for_mac(direct, ports);
        }
    };
    if (memory.port_sets.empty()) grow(memory.ports, nullptr);
    for (PortSet& set : memory.port_sets) grow(set.ports, &set.tensors);
}

/// Of the tensors of one memory; `kept` are those that the nest does not bypass.
void random_banks(RandomNumbers& random, const RandomDesign& design, std::size_t l, const std::vector<int>& kept, bool own,
                  Memory& memory) {
    if (random.chance(30)) {
        memory.banks = static_cast<int>(random.between(2, 8));
        const bool by_tensor = !own && memory.port_sets.empty() && random.chance(50);
        memory.interleave = by_tensor ? Interleave::tensor : Interleave::word;
    }
    const bool direct = at(design.architecture.mac_level()) == l + 1;
    if (direct && memory.interleave != Interleave::word && random.chance(50)) share_with_mac(design, kept, memory);
}

/// A windowed operand's mover may stop in the middle of a tile and keep what others need for it to go on.
bool may_burst(const RandomDesign& design, std::size_t level, const std::string& memory_of) {
    for (int t = 0; at(t) < design.workload.tensors.size(); ++t) {
        const Tensor& tensor = design.workload.tensors[at(t)];
        const auto uses = [&](std::size_t l) {
            const Level& here = design.architecture.levels[l];
            return l == level && (here.memories.count(tensor.name) > 0 ? tensor.name : std::string()) == memory_of;
        };
        std::size_t parent = 0;
        for (std::size_t l = 1; l < design.architecture.levels.size() && !tensor.is_output; ++l) {
            if (!is_kept(design, l, t)) continue;
            const bool windowed = design.architecture.levels[l].memory(tensor.name).windowed;
            if (windowed && (uses(parent) || uses(l))) return false;
            parent = l;
        }
    }
    return true;
}

}  // namespace

void add_random_ports(RandomNumbers& random, RandomDesign& design) {
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        Level& level = design.architecture.levels[l];
        if (!level.is_buffer()) continue;
        const bool bursts = random.chance(40);
        level.burst_grants = bursts && may_burst(design, l, "");
        if (level.kind == LevelKind::dram) continue;
        std::vector<int> kept;
        std::vector<std::string> shared;
        for (int t = 0; at(t) < design.workload.tensors.size(); ++t) {
            const std::string& name = design.workload.tensors[at(t)].name;
            const auto own = level.memories.find(name);
            if (own != level.memories.end()) {
                random_banks(random, design, l, {t}, true, own->second);
                own->second.burst_grants = bursts && may_burst(design, l, name);
            } else if (can_keep(level, name)) {
                shared.push_back(name);
                if (is_kept(design, l, t)) kept.push_back(t);
            }
        }
        if (random.chance(30)) random_port_sets(random, level, shared);
        random_banks(random, design, l, kept, false, level);
    }
}

}  // namespace accelsim::testing
