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
    free_.resize(ports_.size());
}

Arbiter::Pools Arbiter::add_memory(const Memory& memory) {
    const bool fixed = memory.arbitration == Arbitration::fixed;
    Pools pools;
    const auto add = [&](int ports) {
        ports_.push_back(ports);
        is_fixed_.push_back(fixed);
        return static_cast<int>(ports_.size()) - 1;
    };
    pools.read = add(memory.ports.reads);
    pools.write = memory.ports.shared ? pools.read : add(memory.ports.writes);
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
        if (taken < ports_[static_cast<std::size_t>(pool)]) client.needs.push_back(pool);
        client.fixed = client.fixed || is_fixed_[static_cast<std::size_t>(pool)];
    }
    // Fixed ones first; in the beginning nobody is older than others, so mover order decides.
    order_.clear();
    for (const bool fixed : {true, false}) {
        for (std::size_t m = 0; m < clients_.size(); ++m) {
            if (clients_[m].fixed == fixed) order_.push_back(static_cast<int>(m));
        }
        if (fixed) fixed_ = order_.size();
    }
}

void Arbiter::decide(const std::vector<char>& requests, std::vector<char>& granted) {
    open_ports();
    bool moves = false;  // somebody granted is not the youngest already, alone
    int grants = 0;
    for (const int mover : order_) {
        const auto m = static_cast<std::size_t>(mover);
        granted[m] = requests[m] && take(clients_[m]) ? 1 : 0;
        grants += granted[m];
        moves = moves || (granted[m] && mover != order_.back());
    }
    if (moves || grants > 1) move_back(granted);
}

void Arbiter::open_ports() {
    for (std::size_t p = 0; p < free_.size(); ++p) free_[p] = ports_[p];
}

bool Arbiter::take(const Client& client) {
    for (std::size_t i = 0; i < client.needs.size(); ++i) {
        if (--free_[static_cast<std::size_t>(client.needs[i])] >= 0) continue;
        for (std::size_t back = 0; back <= i; ++back) ++free_[static_cast<std::size_t>(client.needs[back])];
        return false;
    }
    return true;
}

/// Those granted become the youngest, in mover order; the order of the others stays.
void Arbiter::move_back(const std::vector<char>& granted) {
    std::size_t kept = fixed_;
    for (std::size_t i = fixed_; i < order_.size(); ++i) {
        if (!granted[static_cast<std::size_t>(order_[i])]) order_[kept++] = order_[i];
    }
    for (std::size_t m = 0; m < clients_.size() && kept < order_.size(); ++m) {
        if (granted[m] && !clients_[m].fixed) order_[kept++] = static_cast<int>(m);
    }
}

bool Arbiter::all_fit(const std::vector<char>& requests) {
    open_ports();
    for (std::size_t m = 0; m < clients_.size(); ++m) {
        if (requests[m] && !take(clients_[m])) return false;
    }
    return true;
}

}  // namespace accelsim
