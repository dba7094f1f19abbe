// SPDX-License-Identifier: Apache-2.0
// A boundary at run time: its tokens, its tiles and its wiring (docs/microarchitecture.md, 4).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "mappings/design.hpp"
#include "mappings/move.hpp"
#include "models/counts.hpp"
#include "sim/hardware/distribution.hpp"
#include "sim/hardware/dram_port.hpp"
#include "sim/hardware/tile_store.hpp"
#include "sim/hardware/token.hpp"

namespace accelsim {

struct Channel {
    const Design* design = nullptr;
    int index = 0;  ///< of the boundary
    const Boundary* boundary = nullptr;
    const Tensor* tensor = nullptr;
    Channel* parent = nullptr;  ///< the parent's own boundary; null: the parent is the DRAM
    DramPort* dram = nullptr;   ///< set when the parent is the DRAM
    bool last = false;          ///< the array takes its operands from (gives its sums to) this one

    Token reserved, usable, released;  ///< tiles
    Token complete, landed;            ///< outputs only
    TileStore tiles;
    std::vector<std::vector<std::int64_t>> origins;  ///< of the tile in each slot
    std::unique_ptr<MoveTable> moves;
    const Distribution* wiring = nullptr;  ///< of the network

    TensorCounts* parent_counts = nullptr;
    TensorCounts* child_counts = nullptr;  ///< null for streams
    LinkCounts* link = nullptr;

    bool is_output() const { return tensor->is_output; }
    bool slot_free(std::int64_t cycle) { return reserved.at(cycle) - released.at(cycle) < boundary->depth; }
    std::vector<std::int64_t>& origin(std::int64_t tile) { return origins[static_cast<std::size_t>(tile % boundary->depth)]; }
    std::int64_t next_change(std::int64_t cycle) {
        std::int64_t next = std::min({reserved.next_change(cycle), usable.next_change(cycle), released.next_change(cycle)});
        return is_output() ? std::min({next, complete.next_change(cycle), landed.next_change(cycle)}) : next;
    }
};

}  // namespace accelsim
