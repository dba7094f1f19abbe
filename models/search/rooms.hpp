// SPDX-License-Identifier: Apache-2.0
// What a level's memories hold, as lower() checks it.
#pragma once

#include <array>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"
#include "models/search/space.hpp"

namespace accelsim::search {

/// Whether a buffer keeps a tensor, under the nest's bypasses.
bool keeps_tensor(const Architecture& architecture, int level, const Workload& workload, int tensor, const Nest& rules);

/// The memories of a buffer with the tensors that share them; `order`: the workload's number of each tensor of a Room. The first
/// is the level's shared capacity.
std::vector<Room> rooms_of(const Architecture& architecture, int level, const Workload& workload,
                           const std::array<int, tensor_count>& order, const Nest& rules);

/// Whether tiles of so many elements fit; with `half_full` they must also fill half of every memory.
bool fits_rooms(const std::vector<Room>& rooms, const PerTensor& sizes, bool half_full);

}  // namespace accelsim::search
