// SPDX-License-Identifier: Apache-2.0
// Who gets the ports of the buffers in a cycle (docs/microarchitecture.md, 5).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mappings/architecture.hpp"

namespace accelsim {

class Arbiter {
public:
    /// `movers`: number of movers, in mover order. Port pools follow from the architecture.
    Arbiter(const Architecture& architecture, int movers);

    /// A port of the memory that holds a tensor at a level.
    struct Port {
        int level;
        std::string tensor;
        bool write;
    };
    /// The mover takes these ports with each group: of a memory that is named twice two, or one when it has no more.
    void connect(int mover, const std::vector<Port>& ports);

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
    struct Pools {
        int read = -1;
        int write = -1;
    };
    Pools add_memory(const Memory& memory);
    std::map<std::pair<int, std::string>, Pools> memories_;  ///< by level and tensor; "": the level's shared memory
    mutable std::vector<int> free_;
    std::vector<int> order_;
};

}  // namespace accelsim
