// SPDX-License-Identifier: Apache-2.0
#include "mappings/port_pools.hpp"

#include <algorithm>

namespace accelsim {

int word_banks(const Memory& memory) { return memory.interleave == Interleave::word ? memory.banks : 1; }

PortPools::PortPools(const Design& design) {
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        if (design.architecture.levels[l].is_buffer()) add_level(design, static_cast<int>(l));
    }
    find_mac_needs(design);
}

PortPools::Pair PortPools::add(const Memory& memory, const Ports& ports) {
    const bool fixed = memory.arbitration == Arbitration::fixed;
    // A burst takes its ports in all banks, so that one counter says all.
    const int banks = memory.burst_grants ? 1 : word_banks(memory);
    const auto pool = [&](int count) {
        pools_.push_back({count, banks, counters_, fixed, memory.burst_grants});
        counters_ += banks;
        return static_cast<int>(pools_.size()) - 1;
    };
    Pair pair{};
    pair.read = pool(ports.reads);
    pair.write = ports.shared ? pair.read : pool(ports.writes);
    return pair;
}

void PortPools::add_level(const Design& design, int l) {
    const Level& level = design.level(l);
    std::map<int, Pair> shared;  // by set, or by the tensors' bank
    for (int t = 0; t < static_cast<int>(design.workload.tensors.size()); ++t) {
        const std::string& name = design.tensor(t).name;
        const auto own = level.memories.find(name);
        if (own != level.memories.end()) {
            of_[{l, t}] = add(own->second, own->second.ports);
            continue;
        }
        // Tensors that are not kept are in no set; they must not take the first one's place.
        int key = level.interleave == Interleave::tensor ? t % level.banks : -1;
        for (std::size_t s = 0; s < level.port_sets.size(); ++s) {
            const auto& tensors = level.port_sets[s].tensors;
            if (std::find(tensors.begin(), tensors.end(), name) != tensors.end()) key = static_cast<int>(s);
        }
        if (shared.count(key) == 0) shared[key] = add(level, level.ports_of(name));
        of_[{l, t}] = shared[key];
    }
}

int PortPools::find(int level, int tensor, bool write) const {
    const Pair& pair = of_.at({level, tensor});
    return write ? pair.write : pair.read;
}

void PortPools::find_mac_needs(const Design& design) {
    for (int t = 0; t < static_cast<int>(design.workload.tensors.size()); ++t) {
        const auto index = static_cast<std::size_t>(t);
        const int level = design.keepers[index].back();
        if (!design.direct[index] || !design.memory(level, t).mac_shares_ports) continue;
        mac_needs_.push_back(find(level, t, false));
        if (!design.tensor(t).is_output) continue;
        const int write = find(level, t, true);
        const bool only_one = write == mac_needs_.back() && pools_[static_cast<std::size_t>(write)].ports == 1;
        if (!only_one) mac_needs_.push_back(write);
    }
}

}  // namespace accelsim
