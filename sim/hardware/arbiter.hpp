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

    /// Grants of one cycle among the movers whose `requests` entry is set; sets `granted`.
    void decide(const std::vector<char>& requests, std::vector<char>& granted);
    /// True when all of these requests can be granted together, cycle after cycle.
    bool all_fit(const std::vector<char>& requests);

private:
    struct Client {
        std::vector<int> needs;  ///< pools; one named twice gives two ports
        bool fixed = false;
    };
    void open_ports();
    bool take(const Client& client);
    void move_back(const std::vector<char>& granted);

    struct Pools {
        int read = -1;
        int write = -1;
    };
    Pools add_memory(const Memory& memory);
    std::map<std::pair<int, std::string>, Pools> memories_;  ///< by level and tensor; "": the level's shared memory
    std::vector<int> ports_;                                 ///< per pool
    std::vector<bool> is_fixed_;                             ///< per pool
    std::vector<int> free_;                                  ///< per pool, in the cycle that is decided
    std::vector<Client> clients_;                            ///< per mover
    std::vector<int> order_;  ///< movers: fixed ones, then the others by their last grant, oldest first
    std::size_t fixed_ = 0;   ///< how many are fixed
};

}  // namespace accelsim
