// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_interstellar.hpp"

#include <algorithm>
#include <numeric>

namespace accelsim::testing {

namespace {

using namespace interstellar;

/// Sizes that the factors make, some a little smaller.
void make_layer(RandomNumbers& random, bool exact, InterstellarDesign& design) {
    for (std::size_t x = 0; x < loop_count; ++x) {
        std::int64_t size = 1;
        for (const LevelMapping& level : *design.mapping) size *= level.blocking[x] * level.partitioning[x];
        if (!exact && size > 2 && random.chance(30)) --size;
        design.layer.sizes[x] = size;
    }
    design.layer.stride_x = random.between(1, 3);
    design.layer.stride_y = random.between(1, 3);
}

void make_array(RandomNumbers& random, LevelMapping& mapping, MemoryLevel& level) {
    std::vector<LoopName> loops = {FX, FY, OX, OY, OC, IC, ON};
    level.parallel_mode = static_cast<int>(random.between(0, 2));
    level.parallel_cost = level.parallel_mode == 0 ? 0 : 0.25 * static_cast<double>(random.between(1, 4));
    level.array_dimensions = 2;
    for (int axis = 0; axis < 2; ++axis) {
        std::vector<LoopName> members;
        for (std::int64_t i = random.between(axis == 0 ? 1 : 0, 2); i > 0; --i) {
            const auto pick = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(loops.size()) - 1));
            members.push_back(loops[pick]);
            mapping.partitioning[static_cast<std::size_t>(loops[pick])] = random.between(2, 3);
            loops.erase(loops.begin() + static_cast<std::ptrdiff_t>(pick));
        }
        if (!members.empty()) mapping.array_loops.push_back(members);
    }
    level.parallel_count = mapping.spatial_product() * random.between(1, 3);
}

void make_temporal_loops(RandomNumbers& random, LevelMapping& mapping) {
    std::vector<std::size_t> loops(loop_count);
    std::iota(loops.begin(), loops.end(), std::size_t{0});
    int order = 0;
    while (order < 3 && random.chance(75)) {
        const auto pick = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(loops.size()) - 1));
        mapping.blocking[loops[pick]] = random.between(2, 4);
        mapping.order[loops[pick]] = order++;
        loops.erase(loops.begin() + static_cast<std::ptrdiff_t>(pick));
    }
}

std::int64_t macs_of(const Mapping& mapping) {
    std::int64_t macs = 1;
    for (const LevelMapping& level : mapping)
        for (std::size_t x = 0; x < loop_count; ++x) macs *= level.blocking[x] * level.partitioning[x];
    return macs;
}

/// A level keeps at least one tensor; now and then each in a memory of its own.
void make_memory(RandomNumbers& random, bool outermost, MemoryLevel& level) {
    const bool apart = !outermost && random.chance(25);
    level.capacities.assign(apart ? 3 : 1, 1 << 20);
    level.access_costs.assign(level.capacities.size(), 1.5);
    level.separate = apart;
    for (std::size_t t = 0; t < tensor_count; ++t) {
        level.memories[t] = apart ? static_cast<int>(t) : 0;
        if (!outermost && t > 0 && random.chance(15)) level.memories[t] = std::nullopt;
    }
}

}  // namespace

InterstellarDesign random_interstellar(RandomNumbers& random, std::int64_t most_macs, bool exact) {
    InterstellarDesign design;
    design.partitions_given = true;
    const auto levels = static_cast<std::size_t>(random.between(2, 4));
    do {
        design.machine.levels.assign(levels, {});
        design.mapping = Mapping(levels);
        for (std::size_t l = 0; l < levels; ++l) {
            make_memory(random, l + 1 == levels, design.machine.levels[l]);
            make_temporal_loops(random, (*design.mapping)[l]);
            if (l + 1 < levels && random.chance(60)) make_array(random, (*design.mapping)[l], design.machine.levels[l]);
        }
    } while (macs_of(*design.mapping) > most_macs);
    design.machine.mac_holds_operands = random.chance(30);
    design.machine.precision_bits = random.chance(30) ? 8 : 16;
    make_layer(random, exact, design);
    return design;
}

}  // namespace accelsim::testing
