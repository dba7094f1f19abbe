// SPDX-License-Identifier: Apache-2.0
#include "models/search/rooms.hpp"

#include <algorithm>

namespace accelsim::search {

bool keeps_tensor(const Architecture& architecture, int level, const Workload& workload, int tensor, const Nest& rules) {
    const Level& buffer = architecture.levels[static_cast<std::size_t>(level)];
    if (buffer.kind == LevelKind::dram) return true;
    const auto bypassed = rules.bypass.find(level);
    if (bypassed != rules.bypass.end() &&
        std::find(bypassed->second.begin(), bypassed->second.end(), tensor) != bypassed->second.end())
        return false;
    const std::string& name = workload.tensors[static_cast<std::size_t>(tensor)].name;
    return buffer.keeps_all || std::find(buffer.keeps.begin(), buffer.keeps.end(), name) != buffer.keeps.end();
}

std::vector<Room> rooms_of(const Architecture& architecture, int level, const Workload& workload,
                           const std::array<int, tensor_count>& order, const Nest& rules) {
    const Level& buffer = architecture.levels[static_cast<std::size_t>(level)];
    std::vector<Room> rooms = {{buffer.capacity_bytes * 8, {}}};
    for (std::size_t t = 0; t < tensor_count; ++t) {
        if (!keeps_tensor(architecture, level, workload, order[t], rules)) continue;
        const Tensor& tensor = workload.tensors[static_cast<std::size_t>(order[t])];
        const Memory& memory = buffer.memory(tensor.name);
        const std::int64_t bits = std::int64_t{tensor.bits} * (memory.windowed ? 1 : memory.depth);
        if (buffer.memories.count(tensor.name) > 0) {
            rooms.push_back({memory.capacity_bytes * 8, {}});
            rooms.back().bits_per_element[t] = bits;
            continue;
        }
        rooms.front().bits_per_element[t] = bits;
        const auto partition = buffer.partitions.find(tensor.name);
        if (partition == buffer.partitions.end()) continue;
        rooms.push_back({partition->second * 8, {}});
        rooms.back().bits_per_element[t] = bits;
    }
    return rooms;
}

bool fits_rooms(const std::vector<Room>& rooms, const PerTensor& sizes, bool half_full) {
    for (const Room& room : rooms) {
        if (room.bits == 0) continue;
        std::int64_t bits = 0;
        for (std::size_t t = 0; t < tensor_count; ++t) bits += sizes[t] * room.bits_per_element[t];
        if (bits > room.bits || (half_full && 2 * bits < room.bits)) return false;
    }
    return true;
}

}  // namespace accelsim::search
