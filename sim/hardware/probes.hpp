// SPDX-License-Identifier: Apache-2.0
// What a waveform shows: plain variables that sc_trace watches, sampled once per cycle inside a window, and the view
// that opens GTKWave on them.
#pragma once

#include <systemc>

#include <cstdint>
#include <deque>
#include <iosfwd>
#include <string>
#include <vector>

#include "sim/hardware/array.hpp"
#include "sim/hardware/channel.hpp"
#include "sim/hardware/mover.hpp"
#include "sim/hardware/pe.hpp"
#include "sim/hardware/simulate.hpp"

namespace accelsim {

/// Path of a lane's PE below the machine, from the positions of the spatial loops: "PEs_0_3".
std::string lane_path(const Design& design, std::int64_t lane);

class Probes {
public:
    Probes(const Design& design, const VcdOptions& options, std::vector<Channel>& channels, const std::vector<Mover*>& movers,
           Array& array, const sc_core::sc_time& period);
    ~Probes();  ///< without finish() there is no file
    Probes(const Probes&) = delete;
    Probes& operator=(const Probes&) = delete;

    /// Ends the waveform; it and its view appear under their names. UserError when they cannot be written.
    void finish();

    /// This cycle is inside the window: it must be single-stepped.
    bool open(std::int64_t cycle) const { return cycle >= options_.from && (options_.to < 0 || cycle <= options_.to); }
    /// First cycle of the window at or after `cycle`, or never.
    std::int64_t opens(std::int64_t cycle) const;
    /// Takes over the state of a cycle: per mover whether it requested and what it was granted (words).
    void sample(std::int64_t cycle, const std::vector<char>& requests, const std::vector<std::int64_t>& words);

private:
    struct MoverProbe {
        std::size_t mover;
        std::string scope;
        bool valid = false;
        bool ready = false;
        int words = 0;
        int tile = 0;
    };
    struct ChannelProbe {
        std::size_t channel;
        std::string scope;
        int occupied = 0;
        int usable = 0;
    };
    struct LaneProbe {
        std::int64_t lane;
        const Pe* pe;  ///< null where the machine has no fan-out
        std::string scope;
        std::int16_t left = 0;
        std::int16_t right = 0;
        std::int32_t sum = 0;
    };
    struct LoopProbe {
        std::string scope;
        std::string label;
        int value = 0;
    };

    void trace_all();
    std::string waveform() const;  ///< where it grows
    std::string view() const;
    void write_groups(std::ostream& out, const std::string& name) const;
    std::string states() const;

    const Design& design_;
    VcdOptions options_;
    sc_core::sc_time period_;
    std::vector<Channel>& channels_;
    const std::vector<Mover*>& movers_;
    Array& array_;
    sc_core::sc_trace_file* file_ = nullptr;
    int state_ = 0;
    int cycle_ = 0;
    int step_ = 0;
    std::deque<LoopProbe> loops_;  ///< deques: the traced variables must not move
    std::deque<MoverProbe> mover_probes_;
    std::deque<ChannelProbe> channel_probes_;
    std::deque<LaneProbe> lane_probes_;
};

}  // namespace accelsim
