// SPDX-License-Identifier: Apache-2.0
// What a mover has under way to or from a detailed DRAM (docs/microarchitecture.md, 8).
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/hardware/mover.hpp"

namespace accelsim {

/// A tile between its first burst and its last word (fill) or landing (drain), with the DRAM's box of it.
struct OpenTile {
    Tile tile;
    const Move* move = nullptr;
    std::int64_t first_burst = 0;  ///< address that the move's offsets count from
    std::int64_t left = 0;         ///< bursts not wholly sent (fill), not landed (drain)
    std::vector<std::int16_t> operands;
    std::vector<std::int32_t> sums;
};

struct Mover::Bursts {
    std::size_t client = 0;
    std::deque<OpenTile> open;    ///< in order
    std::int64_t begun = 0;       ///< bursts asked for and not wholly sent (fill); begun and not landed (drain)
    std::size_t next = 0;         ///< of the tile that is asked for (fill) or sent (drain): its next burst
    const Move* asked = nullptr;  ///< fill: of the tile whose bursts are asked for
    OpenTile* sending = nullptr;  ///< fill: null when nothing is sent
    struct Arrived {
        OpenTile* tile;
        std::int64_t burst;
    };
    std::deque<Arrived> arrived;  ///< fill: not yet sent
    Tile last_sent;               ///< fill: its number, for listeners

    OpenTile& tile(std::int64_t number) { return open[static_cast<std::size_t>(number - open.front().tile.number)]; }
    std::vector<unsigned char> data, enable;  ///< drain: of a burst
};

}  // namespace accelsim
