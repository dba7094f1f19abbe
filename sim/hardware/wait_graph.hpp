// SPDX-License-Identifier: Apache-2.0
// Who waits for whom when nothing moves any more.
#pragma once

#include <string>
#include <vector>

#include "sim/hardware/arbiter.hpp"
#include "sim/hardware/array.hpp"
#include "sim/hardware/mover.hpp"

namespace accelsim {

/// The movers and the array of a machine that is stuck in `cycle`, each with what it waits for and who would have to act.
class WaitGraph {
public:
    /// `movers`: in mover order, null where there is none.
    WaitGraph(const std::vector<Mover*>& movers, Array& array, const Arbiter& arbiter, std::int64_t cycle);

    /// The waits of a cycle, one clause each, beginning with the first mover in mover order; all waits if there is no cycle.
    std::string text() const;

private:
    struct Wait {
        std::string clause;
        int on;  ///< who would have to act, -1: nobody is known
    };
    void look_at_fill(int mover, std::int64_t cycle);
    void look_at_drain(int mover);
    void look_at_ports(int mover, const Arbiter& arbiter);
    void look_at_array(Array& array, std::int64_t cycle);
    int consumer(const Channel& channel, bool up) const;
    std::string name(int who) const;
    void wait(int who, const std::string& what, int on, const char* link);
    bool find_cycle(int who, std::vector<int>& seen, std::vector<std::pair<int, const Wait*>>& path) const;

    const std::vector<Mover*>& movers_;
    std::vector<std::vector<Wait>> waits_;  ///< per mover, then of the array
};

}  // namespace accelsim
