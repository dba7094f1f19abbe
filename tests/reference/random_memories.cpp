// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_parts.hpp"

#include <algorithm>

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// Bytes for a window of one to three tiles, not always whole ones.
std::int64_t window_bytes(RandomNumbers& random, const RandomDesign& design, int t, std::size_t level) {
    std::int64_t words = 1;
    for (std::int64_t extent : tile_extents(design, t, static_cast<int>(level))) words *= extent;
    if (random.chance(70)) words += random.between(0, 2 * words);
    return (words * design.workload.tensors[at(t)].bits + 7) / 8;
}

bool may_be_windowed(const RandomDesign& design, const Tensor& tensor) {
    if (design.nest.halo == Halo::refetch || tensor.is_output) return true;
    return std::all_of(tensor.axes.begin(), tensor.axes.end(), [](const Axis& axis) { return axis.terms.size() == 1; });
}

Memory own_memory(RandomNumbers& random, const RandomDesign& design, int t, std::size_t l) {
    const Tensor& tensor = design.workload.tensors[at(t)];
    Memory memory;
    memory.capacity_bytes = 1 << 20;
    memory.depth = static_cast<int>(random.between(1, 3));
    memory.width_bits = tensor.bits * random.one_of<int>({1, 1, 2, 3, 8});
    memory.latency_cycles = static_cast<int>(random.between(0, 4));
    memory.ports = random.one_of<Ports>({{1, 1, false}, {1, 1, false}, {2, 1, false}, {1, 1, true}, {2, 1, true}});
    if (random.chance(20)) memory.arbitration = Arbitration::fixed;
    if (random.chance(55) && may_be_windowed(design, tensor)) {
        memory.windowed = true;
        memory.capacity_bytes = window_bytes(random, design, t, l);
    }
    return memory;
}

/// All tensors of the shared memory get a part of it and, maybe, windows; those that the nest bypasses, too, as in a run file.
void partition(RandomNumbers& random, RandomDesign& design, std::size_t l) {
    Level& level = design.architecture.levels[l];
    bool windowed = random.chance(60);
    std::vector<int> kept;
    for (int t = 0; at(t) < design.workload.tensors.size(); ++t) {
        const Tensor& tensor = design.workload.tensors[at(t)];
        if (level.memories.count(tensor.name) > 0 || !can_keep(level, tensor.name)) continue;
        level.partitions[tensor.name] = 1 << 18;
        if (!is_kept(design, l, t)) continue;
        kept.push_back(t);
        windowed = windowed && may_be_windowed(design, tensor);
    }
    for (int t : kept) {
        if (windowed) level.partitions[design.workload.tensors[at(t)].name] = window_bytes(random, design, t, l);
    }
    level.windowed = windowed;
}

}  // namespace

void add_random_memories(RandomNumbers& random, RandomDesign& design) {
    for (std::size_t l = 1; l < design.architecture.levels.size(); ++l) {
        Level& level = design.architecture.levels[l];
        if (level.kind != LevelKind::buffer) continue;
        if (random.chance(45)) {
            for (int t = 0; at(t) < design.workload.tensors.size(); ++t) {
                if (is_kept(design, l, t) && random.chance(50))
                    level.memories[design.workload.tensors[at(t)].name] = own_memory(random, design, t, l);
            }
        }
        if (random.chance(20)) partition(random, design, l);
    }
}

}  // namespace accelsim::testing
