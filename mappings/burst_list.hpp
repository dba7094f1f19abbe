// SPDX-License-Identifier: Apache-2.0
// The words of a tile in a detailed DRAM, burst by burst (docs/microarchitecture.md, 8).
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/dram_layout.hpp"
#include "mappings/move.hpp"

namespace accelsim {

/// Of one boundary.
class BurstList {
public:
    /// `box`: extents of the DRAM's box of a tile.
    BurstList(const TensorPlace& place, std::int64_t burst_bytes, std::vector<std::int64_t> box);

    /// Where in its burst the whole address of an origin lies; what is left of the origin per axis.
    std::int64_t phase(const std::vector<std::int64_t>& origin, std::vector<std::int64_t>& left) const;
    /// Address of the burst in which it lies.
    std::int64_t first_burst(const std::vector<std::int64_t>& origin) const;

    /// Of each word: its byte, counted from that burst, and its element in the box.
    struct Spot {
        std::int64_t byte = 0;
        std::int64_t box = 0;
    };
    /// Where elements lie, seen from an origin: a sum over the axes.
    using Spots = std::vector<std::vector<Spot>>;
    Spots spots(const std::vector<std::int64_t>& origin) const;

    /// Lists words burst by burst: `spots` and, returned, which word stands where in the new order (empty: as it was).
    std::vector<std::int32_t> order(std::vector<Spot>& spots);
    bool same_burst(const Spot& one, const Spot& other) const { return one.byte / burst_bytes_ == other.byte / burst_bytes_; }
    /// Cuts a move's groups into bursts, and says where their words lie.
    void cut(const std::vector<Spot>& spots, Move& move) const;

private:
    void add_to_runs(const Spot& spot, const Burst& burst, Move& move) const;

    const TensorPlace& place_;
    std::int64_t burst_bytes_;
    std::vector<std::int64_t> box_, box_strides_;
    std::vector<std::int32_t> known_;  ///< per burst from the first: its place in the order, -1: not met. All -1 between calls
};

}  // namespace accelsim
