// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_parts.hpp"

#include <algorithm>

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

int widest(const Workload& workload) {
    int bits = 0;
    for (const Tensor& tensor : workload.tensors) bits = std::max(bits, tensor.bits);
    return bits;
}

int random_width(RandomNumbers& random, int least) {
    return random.one_of<int>({least, least, least + 8, 2 * least, 3 * least, 4 * least, 8 * least});
}

Level random_buffer(RandomNumbers& random, const Workload& workload, const std::string& name) {
    Level level;
    level.name = name;
    level.kind = LevelKind::buffer;
    level.capacity_bytes = 1 << 20;
    level.depth = random.one_of<int>({1, 2, 2, 3});
    level.width_bits = random_width(random, widest(workload));
    level.latency_cycles = static_cast<int>(random.between(0, 4));
    level.ports = random.one_of<Ports>({{1, 1, false}, {1, 1, false}, {2, 1, false}, {1, 1, true}, {2, 1, true}});
    level.arbitration = random.chance(30) ? Arbitration::fixed : Arbitration::round_robin;
    if (random.chance(40)) {
        level.keeps_all = false;
        while (level.keeps.empty()) {
            for (const Tensor& tensor : workload.tensors) {
                if (random.chance(60)) level.keeps.push_back(tensor.name);
            }
        }
    }
    return level;
}

Level random_array(RandomNumbers& random, const Workload& workload, const std::string& name, std::int64_t arrays) {
    Level level;
    level.name = name;
    level.kind = LevelKind::array;
    const std::int64_t most = arrays == 1 ? 6 : arrays == 2 ? 4 : 2;
    level.rows = random.chance(20) ? 1 : static_cast<int>(random.between(2, most));
    level.columns = random.chance(20) ? 1 : static_cast<int>(random.between(2, most));
    for (const Tensor& tensor : workload.tensors) {
        if (random.chance(15)) continue;  // the defaults
        Network network;
        network.latency_cycles = static_cast<int>(random.between(0, 4));
        network.width_bits = random.chance(60) ? 0 : random_width(random, tensor.bits);
        if (tensor.is_output) {
            network.reduction = random.one_of<Reduction>({Reduction::systolic, Reduction::tree, Reduction::none});
        } else {
            network.transport =
                random.one_of<Transport>({Transport::systolic, Transport::systolic, Transport::multicast, Transport::unicast});
        }
        level.networks[tensor.name] = network;
    }
    return level;
}

}  // namespace

Architecture make_random_architecture(RandomNumbers& random, const Workload& workload) {
    Architecture architecture;
    architecture.name = "random";
    Level dram = random_buffer(random, workload, "DRAM");
    dram.kind = LevelKind::dram;
    dram.capacity_bytes = 0;
    dram.keeps_all = true;
    dram.keeps.clear();
    dram.latency_cycles = static_cast<int>(random.between(0, 20));
    // One to five buffers below the DRAM: some shared, some inside the arrays.
    const std::int64_t buffers = random.one_of<int>({1, 1, 2, 2, 3, 3, 4, 5, 5}),
                       arrays = random.one_of<int>({0, 1, 1, 1, 2, 2, 3});
    const std::int64_t shared = random.between(0, buffers);
    std::vector<LevelKind> kinds(at(shared), LevelKind::buffer);
    kinds.insert(kinds.end(), at(arrays), LevelKind::array);
    kinds.insert(kinds.end(), at(buffers - shared), LevelKind::buffer);
    if (random.chance(35)) shuffle(kinds, random);
    const bool clusters = random.chance(30);  // arrays with tiles between them, so that sums pass several networks
    if (clusters) kinds = {LevelKind::array, LevelKind::buffer, LevelKind::array, LevelKind::buffer};
    if (clusters && random.chance(50)) kinds.insert(kinds.begin() + random.between(0, 3), LevelKind::buffer);
    architecture.levels.push_back(dram);
    int buffer = 0, array = 0;
    for (const LevelKind kind : kinds) {
        if (kind == LevelKind::array) {
            architecture.levels.push_back(random_array(random, workload, "PE" + std::to_string(array), clusters ? 2 : arrays));
            ++array;
        } else {
            architecture.levels.push_back(random_buffer(random, workload, "B" + std::to_string(buffer++)));
        }
    }
    Level mac;
    mac.name = "MAC";
    mac.kind = LevelKind::mac;
    mac.latency_cycles = static_cast<int>(random.between(1, 3));
    mac.operand_latch = random.chance(40);
    architecture.levels.push_back(mac);
    return architecture;
}

}  // namespace accelsim::testing
