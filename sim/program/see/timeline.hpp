// SPDX-License-Identifier: Apache-2.0
// --timeline: a run in the Chrome trace-event format, for ui.perfetto.dev.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/files/output_file.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/hardware/trace.hpp"

namespace accelsim {

/// Which cycles are shown.
struct CycleWindow {
    std::int64_t from = 0;
    std::int64_t to = -1;  ///< -1: to the end
    bool holds(std::int64_t cycle) const { return cycle >= from && (to < 0 || cycle <= to); }
};

/// Tracks: the array (busy, or the cause of its stall), each mover (a slice per tile, from its first granted group to its last),
/// and each bank of a detailed DRAM (open rows, in them the bursts; refreshes per rank). Times are those of the machine: a cycle
/// is 1 / clock. A slice is shown when it begins within the window. The file appears under its name only when finish() was
/// called. Throws UserError when it cannot be written.
class TimelineWriter : public TraceSink {
public:
    TimelineWriter(const std::string& file, const Design& design, CycleWindow window);

    /// Makes the run tell this writer what happens, whoever else listens.
    void listen(SimulationOptions& options);
    /// `cycles`: how long the run was.
    void finish(std::int64_t cycles);

    void group(const GroupEvent& event) override;
    void array(const ArrayEvent& event) override;

private:
    /// What a mover does for one tile.
    struct TileSlice {
        std::int64_t tile = -1, first = 0, last = 0, groups = 0, words = 0;
    };
    struct OpenRow {
        std::int64_t row = 0, since = 0;
    };

    void command(const dram::Issued& issued);
    void close_row(int bank, std::int64_t clock);
    int bank_of(const dram::Place& place) const;
    void name_track(int process, int track, const std::string& name);
    void slice(int process, int track, const std::string& name, std::int64_t from_ps, std::int64_t length_ps,
               const std::string& arguments = "");
    void end_tile(std::size_t mover);
    void end_array();
    void put(const std::string& event);

    GrowingFile file_;
    const Design& design_;
    CycleWindow window_;
    std::int64_t period_ps_ = 1;
    std::vector<TileSlice> tiles_;  ///< per mover: fill and drain of each boundary
    ArrayEvent state_;              ///< the array's, over consecutive events; count 0: none yet
    std::map<int, OpenRow> rows_;   ///< by bank of the whole DRAM
    std::int64_t last_clock_ = 0;
    bool first_ = true;
};

}  // namespace accelsim
