// SPDX-License-Identifier: Apache-2.0
// What a waveform shows: plain variables, sampled once per cycle inside a window, and the view that opens GTKWave on them.
#pragma once

#include <systemc>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/counts.hpp"
#include "sim/hardware/array.hpp"
#include "sim/hardware/channel.hpp"
#include "sim/hardware/mover.hpp"
#include "sim/hardware/pe.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/hardware/tile_marks.hpp"
#include "sim/hardware/wave_view.hpp"
#include "sim/hardware/waveform.hpp"

namespace accelsim {

/// Path of a lane's PE below the machine, from the positions of the spatial loops: "PEs_0_3".
std::string lane_path(const Design& design, std::int64_t lane);

class Probes {
public:
    Probes(const Design& design, const WaveformOptions& options, const Counts& counts, std::vector<Channel>& channels,
           const std::vector<Mover*>& movers, Array& array, const sc_core::sc_time& period);
    Probes(const Probes&) = delete;
    Probes& operator=(const Probes&) = delete;

    /// Ends the waveform; it and its view appear under their names. Without this there is no file. UserError when they cannot be
    /// written.
    void finish();

    /// This cycle is inside the window: it must be single-stepped.
    bool open(std::int64_t cycle) const { return cycle >= options_.from && (options_.to < 0 || cycle <= options_.to); }
    /// First cycle of the window at or after `cycle`, or never.
    std::int64_t opens(std::int64_t cycle) const;
    /// In each cycle, before grants: per mover whether it requests.
    void requests(std::int64_t cycle, const std::vector<char>& requests);
    /// At the end of a cycle: takes over its state, and per mover what it was granted (words).
    void sample(std::int64_t cycle, const std::vector<std::int64_t>& words);

private:
    struct MoverProbe {
        std::size_t mover;
        std::string scope;
        bool valid = false;
        bool ready = false;
        std::int32_t words = 0;
        std::int32_t tile = 0;
    };
    struct ChannelProbe {
        std::size_t channel;
        std::string scope;
        std::int32_t occupied = 0;
        std::int32_t usable = 0;
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
        std::int32_t value = 0;
    };
    /// Words that the slots taken in one instance of a buffer hold.
    struct BufferProbe {
        int level;
        std::string scope;
        std::int32_t words = 0;
    };
    /// What has been counted so far, priced.
    struct EnergyProbe {
        std::string scope;
        std::string label;
        double pj = 0;
    };

    void find_energy();
    void trace_all();
    void price_counts();
    std::string states() const;
    WaveView view() const;
    void show_channels(WaveView& view) const;

    const Design& design_;
    WaveformOptions options_;
    const Counts& counts_;
    sc_core::sc_time period_;
    std::vector<Channel>& channels_;
    const std::vector<Mover*>& movers_;
    Array& array_;
    std::int32_t state_ = 0;
    std::int32_t cycle_ = 0;
    std::int32_t step_ = 0;
    std::deque<LoopProbe> loops_;  ///< deques: the traced variables must not move
    std::deque<MoverProbe> mover_probes_;
    std::deque<ChannelProbe> channel_probes_;
    std::deque<LaneProbe> lane_probes_;
    std::deque<BufferProbe> buffer_probes_;
    std::deque<EnergyProbe> energy_probes_;  ///< levels, networks, MACs, all together; none where nothing has a price
    Counts counts_before_;
    std::int64_t priced_macs_ = -1;
    TileMarks marks_;
    std::unique_ptr<Waveform> waveform_;  ///< last: it reads the others
};

}  // namespace accelsim
