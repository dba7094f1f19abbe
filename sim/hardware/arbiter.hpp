// SPDX-License-Identifier: Apache-2.0
// Who gets the ports of the memories in a cycle (docs/microarchitecture.md, 5).
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/port_pools.hpp"

namespace accelsim {

class Arbiter {
public:
    /// `movers`: number of movers, in mover order.
    Arbiter(const Design& design, int movers);

    /// A port of the memory that holds a tensor at a level.
    struct Port {
        int level;
        int tensor;
        bool write;
        bool at_parent;    ///< the parent's end of the mover's boundary
        bool serves_both;  ///< of Nrw
    };
    /// The mover takes these ports with each group: of a pool that is named twice two, or one when it has no more.
    void connect(int mover, const std::vector<Port>& ports);

    /// Some mover's groups say which banks they take, with set_banks(), before each decision.
    bool has_banks(int mover) const { return clients_[static_cast<std::size_t>(mover)].banked; }
    void set_banks(int mover, std::uint64_t at_parent, std::uint64_t at_child) {
        clients_[static_cast<std::size_t>(mover)].banks[0] = at_child;
        clients_[static_cast<std::size_t>(mover)].banks[1] = at_parent;
    }
    /// Some memory grants whole bursts: set_holding() says after each grant whether the tile's last group is still to come.
    bool has_bursts() const { return has_bursts_; }
    void set_holding(int mover, bool holding) {
        clients_[static_cast<std::size_t>(mover)].holding = holding && clients_[static_cast<std::size_t>(mover)].bursts;
    }
    /// The MAC takes ports, too.
    bool serves_mac() const { return !pools_.mac_needs().empty(); }

    /// Grants of one cycle among the movers whose `requests` entry is set; sets `granted`. `mac`: a step is issued.
    void decide(const std::vector<char>& requests, bool mac, std::vector<char>& granted);
    /// All of these requests were granted, for one cycle or more.
    void all_granted(const std::vector<char>& requests) { move_back(requests); }
    /// True when all of these requests can be granted together, cycle after cycle, whatever the banks of their groups.
    bool all_fit(const std::vector<char>& requests, bool mac);
    /// Who comes first; with no banks and no bursts the next grants depend on nothing else.
    const std::vector<int>& turns() const { return order_; }
    /// True when at least one of these requests would be granted.
    bool any_fits(const std::vector<char>& requests, bool mac);

    /// A port that a mover needs and another one holds.
    struct Hold {
        int mover;
        Port port;
    };
    /// Of the ports that the mover's groups take, those that bursts of others leave too few of.
    std::vector<Hold> held_against(int mover) const;

private:
    struct Need {
        int pool;
        int first;  ///< counter
        int banks;  ///< more than 1: of the group's banks one each
        int side;   ///< 1: the banks at the parent, 0: at the child
        bool burst;
        Port port;
    };
    struct Client {
        std::vector<Need> needs;
        std::uint64_t banks[2] = {0, 0};
        bool fixed = false;
        bool banked = false;
        bool bursts = false;
        bool holding = false;
    };
    void open_ports(bool mac);
    bool add(const Client& client, int count, bool burst_only = false);
    bool take(const Client& client);
    bool take_held(const Client& client, bool requests);
    template <typename Visit>
    void for_each_in_order(Visit visit);
    void move_back(const std::vector<char>& granted);

    PortPools pools_;
    std::vector<int> ports_;       ///< per counter
    std::vector<int> free_;        ///< per counter, in the cycle that is decided
    std::vector<Client> clients_;  ///< per mover
    std::vector<int> order_;       ///< movers: fixed ones, then the others by their last grant, oldest first
    std::size_t fixed_ = 0;        ///< how many are fixed
    bool has_bursts_ = false;
    bool all_banks_ = false;  ///< a group may lie in any bank
};

}  // namespace accelsim
