// SPDX-License-Identifier: Apache-2.0
// A boundary at run time: its tokens, its tiles and its wiring (docs/microarchitecture.md, 4).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "mappings/design.hpp"
#include "mappings/move.hpp"
#include "models/counts.hpp"
#include "sim/hardware/burst_port.hpp"
#include "sim/hardware/distribution.hpp"
#include "sim/hardware/dram_port.hpp"
#include "sim/hardware/tile_layout.hpp"
#include "sim/hardware/tile_store.hpp"
#include "sim/hardware/token.hpp"

namespace accelsim {

class FillMover;

struct Channel {
    const Design* design = nullptr;
    int index = 0;  ///< of the boundary
    const Boundary* boundary = nullptr;
    const Tensor* tensor = nullptr;
    Channel* parent = nullptr;           ///< the parent's own boundary; null: the parent is the DRAM
    DramPort* dram = nullptr;            ///< set when the parent is an ideal DRAM
    BurstPort* bursts = nullptr;         ///< set when the parent is a detailed DRAM
    const TensorPlace* place = nullptr;  ///< with bursts: of the tensor
    bool data = true;                    ///< words have values
    bool last = false;                   ///< the array takes its operands from (gives its sums to) this one

    Token reserved, usable, released;  ///< tiles
    Token complete, landed;            ///< outputs only
    Token given_back;                  ///< windowed memories only: positions
    TileLayout layout;                 ///< of the words in a slot
    TileStore tiles;
    std::vector<std::vector<std::int64_t>> origins;  ///< of the tile in each slot
    std::unique_ptr<MoveTable> moves;
    const Distribution* wiring = nullptr;  ///< of the network
    FillMover* fill = nullptr;

    TensorCounts* parent_counts = nullptr;
    TensorCounts* child_counts = nullptr;  ///< null for streams
    LinkCounts* link = nullptr;

    bool is_output() const { return tensor->is_output; }
    bool windowed() const { return boundary->window_words > 0; }
    bool slot_free(std::int64_t cycle) { return reserved.at(cycle) - released.at(cycle) < boundary->depth; }
    /// Tile k of a windowed memory stands at this address from `cycle` on: everything before it is given back.
    void give_back(std::int64_t cycle, std::int64_t tile, std::int64_t address) {
        if (windowed()) given_back.set(cycle, tile * boundary->tile_words + address);
    }
    /// Gives a whole tile back, windowed or not.
    void release(std::int64_t cycle, std::int64_t tile) {
        released.set(cycle, tile + 1);
        give_back(cycle, tile, boundary->tile_words);
    }
    std::vector<std::int64_t>& origin(std::int64_t tile) { return origins[static_cast<std::size_t>(tile % boundary->depth)]; }
    std::int64_t next_change(std::int64_t cycle) {
        std::int64_t next = std::min({reserved.next_change(cycle), usable.next_change(cycle), released.next_change(cycle)});
        if (windowed()) next = std::min(next, given_back.next_change(cycle));
        return is_output() ? std::min({next, complete.next_change(cycle), landed.next_change(cycle)}) : next;
    }
};

}  // namespace accelsim
