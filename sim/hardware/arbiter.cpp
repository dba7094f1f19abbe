// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/arbiter.hpp"

#include <algorithm>

namespace accelsim {

Arbiter::Arbiter(const Architecture& architecture, int movers) : clients_(static_cast<std::size_t>(movers)) {
    for (const Level& level : architecture.levels) {
        const bool fixed = level.arbitration == Arbitration::fixed;
        int read = -1;
        int write = -1;
        if (level.is_buffer()) {
            read = write = static_cast<int>(pools_.size());
            pools_.push_back({level.ports.reads, fixed});
            if (!level.ports.shared) {
                write = static_cast<int>(pools_.size());
                pools_.push_back({level.ports.writes, fixed});
            }
        }
        read_pool_.push_back(read);
        write_pool_.push_back(write);
    }
    free_.resize(pools_.size());
}

void Arbiter::connect(int mover, int read_level, int write_level) {
    Client& client = clients_[static_cast<std::size_t>(mover)];
    client = Client{};
    if (read_level >= 0) client.needs.push_back(read_pool_[static_cast<std::size_t>(read_level)]);
    if (write_level >= 0) client.needs.push_back(write_pool_[static_cast<std::size_t>(write_level)]);
    for (int need : client.needs) client.fixed = client.fixed || pools_[static_cast<std::size_t>(need)].fixed;
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
        const bool fits = std::all_of(client.needs.begin(), client.needs.end(),
                                      [&](int need) { return free_[static_cast<std::size_t>(need)] > 0; });
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
