// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/arbiter.hpp"

#include <algorithm>

namespace accelsim {

Arbiter::Arbiter(const Architecture& architecture, int movers) : clients_(static_cast<std::size_t>(movers)) {
    for (std::size_t l = 0; l < architecture.levels.size(); ++l) {
        const Level& level = architecture.levels[l];
        if (!level.is_buffer()) continue;
        memories_[{static_cast<int>(l), ""}] = add_memory(level);
        for (const auto& [tensor, memory] : level.memories) memories_[{static_cast<int>(l), tensor}] = add_memory(memory);
    }
    free_.resize(pools_.size());
}

Arbiter::Pools Arbiter::add_memory(const Memory& memory) {
    const bool fixed = memory.arbitration == Arbitration::fixed;
    Pools pools;
    pools.read = pools.write = static_cast<int>(pools_.size());
    pools_.push_back({memory.ports.reads, fixed});
    if (memory.ports.shared) return pools;
    pools.write = static_cast<int>(pools_.size());
    pools_.push_back({memory.ports.writes, fixed});
    return pools;
}

void Arbiter::connect(int mover, const std::vector<Port>& ports) {
    Client& client = clients_[static_cast<std::size_t>(mover)];
    client = Client{};
    for (const Port& port : ports) {
        auto found = memories_.find({port.level, port.tensor});
        if (found == memories_.end()) found = memories_.find({port.level, ""});
        const int pool = port.write ? found->second.write : found->second.read;
        const auto taken = std::count(client.needs.begin(), client.needs.end(), pool);
        if (taken < pools_[static_cast<std::size_t>(pool)].ports) client.needs.push_back(pool);
        client.fixed = client.fixed || pools_[static_cast<std::size_t>(pool)].fixed;
    }
}

void Arbiter::decide(std::int64_t cycle, const std::vector<char>& requests, std::vector<char>& granted) {
    order_.clear();
    for (std::size_t m = 0; m < clients_.size(); ++m) {
        granted[m] = 0;
        if (requests[m]) order_.push_back(static_cast<int>(m));
    }
    if (order_.empty()) return;
    const auto age = [&](int m) {
        const Client& client = clients_[static_cast<std::size_t>(m)];
        return client.fixed ? std::int64_t{-2} : client.last_grant;
    };
    // Insertion sort: a handful of movers, nearly in order already, ties stay in mover order.
    for (std::size_t i = 1; i < order_.size(); ++i) {
        for (std::size_t j = i; j > 0 && age(order_[j]) < age(order_[j - 1]); --j) std::swap(order_[j], order_[j - 1]);
    }
    for (std::size_t p = 0; p < pools_.size(); ++p) free_[p] = pools_[p].ports;
    for (int mover : order_) {
        Client& client = clients_[static_cast<std::size_t>(mover)];
        const bool fits = std::all_of(client.needs.begin(), client.needs.end(), [&](int need) {
            return free_[static_cast<std::size_t>(need)] >= std::count(client.needs.begin(), client.needs.end(), need);
        });
        if (!fits) continue;
        for (int need : client.needs) --free_[static_cast<std::size_t>(need)];
        granted[static_cast<std::size_t>(mover)] = 1;
        client.last_grant = cycle;
    }
}

bool Arbiter::all_fit(const std::vector<char>& requests) const {
    for (std::size_t p = 0; p < pools_.size(); ++p) free_[p] = pools_[p].ports;
    for (std::size_t m = 0; m < clients_.size(); ++m) {
        if (!requests[m]) continue;
        for (int need : clients_[m].needs) {
            if (--free_[static_cast<std::size_t>(need)] < 0) return false;
        }
    }
    return true;
}

}  // namespace accelsim
