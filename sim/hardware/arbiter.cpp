// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/arbiter.hpp"

#include <algorithm>

namespace accelsim {

Arbiter::Arbiter(const Design& design, int movers) : pools_(design), clients_(static_cast<std::size_t>(movers)) {
    for (const PortPool& pool : pools_.pools()) ports_.insert(ports_.end(), static_cast<std::size_t>(pool.banks), pool.ports);
    free_.resize(ports_.size());
}

void Arbiter::connect(int mover, const std::vector<Port>& ports) {
    Client& client = clients_[static_cast<std::size_t>(mover)];
    client = Client{};
    for (const Port& port : ports) {
        const int index = pools_.find(port.level, port.tensor, port.write);
        const PortPool& pool = pools_.pools()[static_cast<std::size_t>(index)];
        const auto taken =
            std::count_if(client.needs.begin(), client.needs.end(), [&](const Need& need) { return need.pool == index; });
        if (taken < pool.ports) client.needs.push_back({index, pool.first, pool.banks, port.at_parent ? 1 : 0, pool.burst, port});
        client.fixed = client.fixed || pool.fixed;
        client.banked = client.banked || pool.banks > 1;
        client.bursts = client.bursts || pool.burst;
    }
    has_bursts_ = has_bursts_ || client.bursts;
    // Fixed ones first; in the beginning nobody is older than others, so mover order decides.
    order_.clear();
    for (const bool fixed : {true, false}) {
        for (std::size_t m = 0; m < clients_.size(); ++m) {
            if (!clients_[m].needs.empty() && clients_[m].fixed == fixed) order_.push_back(static_cast<int>(m));
        }
        if (fixed) fixed_ = order_.size();
    }
}

/// Adds to the counters that a client's group uses; true while none is below zero.
bool Arbiter::add(const Client& client, int count, bool burst_only) {
    bool enough = true;
    const auto change = [&](int counter) {
        int& free = free_[static_cast<std::size_t>(counter)];
        free += count;
        enough = enough && free >= 0;
    };
    for (const Need& need : client.needs) {
        if (burst_only && !need.burst) continue;
        if (need.banks == 1) {
            change(need.first);
            continue;
        }
        for (int bank = 0; bank < need.banks; ++bank) {
            if (all_banks_ || (client.banks[need.side] >> bank & 1) != 0) change(need.first + bank);
        }
    }
    return enough;
}

bool Arbiter::take(const Client& client) {
    if (add(client, -1)) return true;
    add(client, 1);
    return false;
}

/// What the client holds is gone, whether it sends or not.
bool Arbiter::take_held(const Client& client, bool requests) {
    if (requests && add(client, -1)) return true;
    if (requests) add(client, 1);
    add(client, -1, true);
    return false;
}

void Arbiter::open_ports(bool mac) {
    std::copy(ports_.begin(), ports_.end(), free_.begin());
    if (!mac) return;
    for (const int pool : pools_.mac_needs())
        --free_[static_cast<std::size_t>(pools_.pools()[static_cast<std::size_t>(pool)].first)];
}

/// Calls visit(mover, whether it holds ports): those that do come first.
template <typename Visit>
void Arbiter::for_each_in_order(Visit visit) {
    if (has_bursts_) {
        for (const int mover : order_) {
            if (clients_[static_cast<std::size_t>(mover)].holding) visit(static_cast<std::size_t>(mover), true);
        }
    }
    for (const int mover : order_) {
        if (!clients_[static_cast<std::size_t>(mover)].holding) visit(static_cast<std::size_t>(mover), false);
    }
}

void Arbiter::decide(const std::vector<char>& requests, bool mac, std::vector<char>& granted) {
    open_ports(mac);
    bool moves = false;  // somebody granted is not the youngest already, alone
    int grants = 0;
    for_each_in_order([&](std::size_t m, bool holds) {
        granted[m] = 0;
        if (!holds && !requests[m]) return;
        granted[m] = (holds ? take_held(clients_[m], requests[m] != 0) : take(clients_[m])) ? 1 : 0;
        grants += granted[m];
        moves = moves || (granted[m] && static_cast<int>(m) != order_.back());
    });
    if (moves || grants > 1) move_back(granted);
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

bool Arbiter::all_fit(const std::vector<char>& requests, bool mac) {
    open_ports(mac);
    all_banks_ = true;
    bool fit = true;
    for_each_in_order([&](std::size_t m, bool holds) {
        if (holds) {
            fit = take_held(clients_[m], requests[m] != 0) == (requests[m] != 0) && fit;
        } else if (requests[m]) {
            fit = take(clients_[m]) && fit;
        }
    });
    all_banks_ = false;
    return fit;
}

bool Arbiter::any_fits(const std::vector<char>& requests, bool mac) {
    open_ports(mac);
    bool any = false;
    for_each_in_order([&](std::size_t m, bool holds) {
        any = (holds ? take_held(clients_[m], requests[m] != 0) : requests[m] && take(clients_[m])) || any;
    });
    return any;
}

std::vector<Arbiter::Hold> Arbiter::held_against(int mover) const {
    std::vector<Hold> result;
    const auto& needs = clients_[static_cast<std::size_t>(mover)].needs;
    for (std::size_t i = 0; i < needs.size(); ++i) {
        const auto same = [&](const Need& need) { return need.pool == needs[i].pool; };
        if (std::any_of(needs.begin(), needs.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
        std::vector<Hold> holds;
        auto taken = std::count_if(needs.begin(), needs.end(), same);
        for (std::size_t m = 0; m < clients_.size(); ++m) {
            if (!clients_[m].holding || static_cast<int>(m) == mover || !needs[i].burst) continue;
            const auto held = std::count_if(clients_[m].needs.begin(), clients_[m].needs.end(), same);
            if (held > 0) holds.push_back({static_cast<int>(m), needs[i].port});
            taken += held;
        }
        if (taken > pools_.pools()[static_cast<std::size_t>(needs[i].pool)].ports)
            result.insert(result.end(), holds.begin(), holds.end());
    }
    return result;
}

}  // namespace accelsim
