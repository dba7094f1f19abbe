// SPDX-License-Identifier: Apache-2.0
// A blocking of a workload on a machine, from a few small choices per level: how its tiles grow, and the order of its loops
// (docs/networks.md, "The default mapping").
#pragma once

#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"

namespace accelsim {

/// The choices at one level of memory, indices below growth_count(), order_count() and room_count().
struct LevelChoice {
    int growth = 0;
    int order = 0;
    int room = 0;
};

/// Ways in which a tile grows: which kinds of dimensions first, and how much of the memory the first of them may take.
int growth_count();
/// So many growths in a row differ only in how much that is; the first of them sets no limit. The last growth of all is none.
int growth_shares();
/// Orders of the loops of a level: which kinds of dimensions innermost, so that the tensor they leave alone stays.
int order_count();
/// Whose room a tile that grows must leave: 0, that of every memory further out, which holds the tile, too; 1, none but its own.
int room_count();

/// Temporal loops around the spatial ones (`spatial`, in a nest's order), innermost memory first: each level's tiles grow as far
/// as they fit with all their slots; what is left stands at the DRAM. `choices`: one per level of the architecture, those of
/// levels other than memories mean nothing, as does the DRAM's growth. Never throws: when not even the smallest tile fits, that
/// is what comes out, and lower() says so. `rules` gives everything that is not a loop (bypass, halo...).
Nest block(const Workload& workload, const Architecture& architecture, const std::vector<Loop>& spatial,
           const std::vector<LevelChoice>& choices, const Nest& rules);

}  // namespace accelsim
