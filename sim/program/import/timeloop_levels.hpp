// SPDX-License-Identifier: Apache-2.0
// From Timeloop's storages to this machine's levels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "sim/program/import/timeloop_parts.hpp"

namespace accelsim {

/// Width of every element: what all these storages say when that is 8 or 16, else 16 with a note.
int timeloop_element_bits(const std::vector<const TimeloopStorage*>& storages, std::vector<std::string>& notes);

/// The dram (outermost) or buffer for one storage: capacity, ports, prices.
Level timeloop_memory(const TimeloopStorage& storage, bool outermost, int bits, std::vector<std::string>& notes);

/// The fan-out between two components, 1 x 1 where they are as many. UserError when the meshes do not divide.
Level timeloop_fan_out(const TimeloopStorage& outer, const std::string& inner, std::int64_t mesh_x, std::int64_t mesh_y,
                       const Location& where, const Workload& workload);

}  // namespace accelsim
