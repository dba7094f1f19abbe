// SPDX-License-Identifier: Apache-2.0
// How long the movers of each boundary need for a tile: a part of the latency model.
#pragma once

#include <vector>

#include "mappings/design.hpp"
#include "mappings/dram_layout.hpp"
#include "mappings/move.hpp"
#include "models/counts.hpp"

namespace accelsim {

/// What one boundary needs for one tile. Constants of the protocol: docs/microarchitecture.md, 4.
struct TileTimes {
    double fill_groups = 0;   ///< cycles in which words of a tile enter
    double fill = 0;          ///< from the release of a slot to the next use of it
    double drain_groups = 0;  ///< outputs
    double drain = 0;         ///< from the last update to the release of the slot
    double first_share = 1;   ///< outputs: part of the tiles that start at zero
};

class TileTiming {
public:
    /// Design and counts, which are the design's, must outlive it.
    TileTiming(const Design& design, const Counts& counts);

    TileTimes of(const Boundary& boundary);
    /// Whether the boundary's tile moves where this loop advances and those inside it wrap.
    bool moves(const Boundary& boundary, int advancing) const;
    /// Tiles of a run in which every loop goes round in full.
    double visits(const Boundary& boundary) const;
    /// Issued steps per iteration of the temporal loops: less than 1 with tails.
    double active() const { return active_; }

private:
    const LoweredLoop& loop(int index) const { return design_.loops[static_cast<std::size_t>(index)]; }
    bool is_bursts(const Boundary& boundary) const { return boundary.parent == 0 && !places_.empty(); }
    double width_groups(const Boundary& boundary, double words) const;
    double groups(const Boundary& boundary, MoveKind kind, double words) const;
    double words_per_tile(const Boundary& boundary, std::int64_t words, double share) const;
    double first_share(const Boundary& boundary) const;
    bool is_small(const Boundary& boundary) const;
    double full_burst_cycles(const Boundary& boundary, double words) const;
    double refreshing() const;
    double burst_cycles(const Move& move) const;
    double row_cycles() const;
    double core_cycles(double clocks) const;

    const Design& design_;
    const Counts& counts_;
    std::vector<TensorPlace> places_;  ///< in a detailed DRAM; else empty
    double active_ = 1;
};

}  // namespace accelsim
