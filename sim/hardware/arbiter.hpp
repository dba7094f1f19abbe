// SPDX-License-Identifier: Apache-2.0
// Who gets the ports of the buffers in a cycle (docs/microarchitecture.md, 5).
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/architecture.hpp"

namespace accelsim {

class Arbiter {
public:
    /// `movers`: number of movers, in mover order. Port pools follow from the architecture.
    Arbiter(const Architecture& architecture, int movers);

    /// The mover takes these ports (read port of one level, write port of another; -1: none) with each group.
    void connect(int mover, int read_level, int write_level);

    /// Grants in `cycle` among the movers whose `requests` entry is set; sets `granted`.
    void decide(std::int64_t cycle, const std::vector<char>& requests, std::vector<char>& granted);
    /// True when all of these requests can be granted together, cycle after cycle.
    bool all_fit(const std::vector<char>& requests) const;

private:
    struct Pool {
        int ports = 1;
        bool fixed = false;
    };
    struct Client {
        std::vector<int> needs;  ///< pools
        bool fixed = false;
        std::int64_t last_grant = -1;
    };
    std::vector<Pool> pools_;
    std::vector<Client> clients_;
    std::vector<int> read_pool_, write_pool_;  ///< per level, -1: none
    mutable std::vector<int> free_;
    std::vector<int> order_;
};

}  // namespace accelsim
