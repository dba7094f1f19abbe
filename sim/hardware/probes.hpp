// SPDX-License-Identifier: Apache-2.0
// What a waveform shows: plain variables that sc_trace watches, sampled once per cycle inside a window.
#pragma once

#include <systemc>

#include <cstdint>
#include <string>
#include <vector>

#include "sim/hardware/array.hpp"
#include "sim/hardware/channel.hpp"
#include "sim/hardware/mover.hpp"
#include "sim/hardware/simulate.hpp"

namespace accelsim {

class Probes {
public:
    Probes(const Design& design, const VcdOptions& options, std::vector<Channel>& channels, const std::vector<Mover*>& movers, Array& array);
    ~Probes();
    Probes(const Probes&) = delete;
    Probes& operator=(const Probes&) = delete;

    /// This cycle is inside the window: it must be single-stepped.
    bool open(std::int64_t cycle) const { return cycle >= options_.from && (options_.to < 0 || cycle <= options_.to); }
    /// Takes over the state after a cycle.
    void sample(std::int64_t cycle, const std::vector<char>& granted);

private:
    VcdOptions options_;
};

}  // namespace accelsim
