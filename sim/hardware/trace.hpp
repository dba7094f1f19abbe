// SPDX-License-Identifier: Apache-2.0
// What the machine tells whoever listens. Nothing is computed for a sink that is not there.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"
#include "mappings/move.hpp"

namespace accelsim {

/// A group of words granted in one cycle (docs/microarchitecture.md, 2).
struct GroupEvent {
    std::int64_t cycle = 0;  ///< of the grant
    int boundary = 0;        ///< index into Design::boundaries
    bool up = false;         ///< a drain (towards the parent)
    std::int64_t tile = 0;
    std::int64_t group = 0;
    std::vector<std::int64_t> origin;      ///< of the tile, per axis
    std::vector<std::vector<Copy>> words;  ///< live copies per word, in order
    bool operator==(const GroupEvent&) const = default;
};

/// The array's state over `count` cycles from `cycle` on: busy, or stalled with one cause.
struct ArrayEvent {
    std::int64_t cycle = 0;
    std::int64_t count = 0;
    bool busy = false;
    int cause = -1;         ///< index into SimulationResult::stalls when not busy
    std::int64_t step = 0;  ///< first step issued, or the step that waits
    const char* name = "";  ///< "busy" or the cause's; valid as long as the run
};

class TraceSink {
public:
    virtual ~TraceSink() = default;
    virtual void group(const GroupEvent&) {}
    virtual void array(const ArrayEvent&) {}
    /// From this cycle on, so many slots of the boundary's child are taken (none before the first call). Windowed memories: tiles
    /// that are there in part or whole.
    virtual void slots(std::int64_t, int, std::int64_t) {}
};

}  // namespace accelsim
