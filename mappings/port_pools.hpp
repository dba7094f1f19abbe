// SPDX-License-Identifier: Apache-2.0
// The ports of all memories, numbered (docs/microarchitecture.md, 5).
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// Ports that stand for each other: of one direction, one set of tensors and, unless words are spread over the banks, one bank.
struct PortPool {
    int ports = 1;
    int banks = 1;       ///< more than 1: the pool is there once per bank, and a word's address says which
    int first = 0;       ///< number of its (first bank's) counter
    bool fixed = false;  ///< arbitration
    bool burst = false;  ///< grants last until the tile's last group
};

class PortPools {
public:
    explicit PortPools(const Design& design);

    const std::vector<PortPool>& pools() const { return pools_; }
    /// Index of the pool that a tensor's accesses take at a buffer level.
    int find(int level, int tensor, bool write) const;
    /// How many counters there are: pools times their banks.
    int counters() const { return counters_; }
    /// Pools that the MAC takes in each cycle with a step, one entry per port.
    const std::vector<int>& mac_needs() const { return mac_needs_; }

private:
    struct Pair {
        int read;
        int write;
    };
    Pair add(const Memory& memory, const Ports& ports);
    void add_level(const Design& design, int level);
    void find_mac_needs(const Design& design);

    std::vector<PortPool> pools_;
    std::map<std::pair<int, int>, Pair> of_;  ///< by level and tensor
    std::vector<int> mac_needs_;
    int counters_ = 0;
};

/// Words of a banked memory's tile lie in bank (address mod this); 1: any word may be taken with any other.
int word_banks(const Memory& memory);

}  // namespace accelsim
