// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/random_structure.hpp"

#include "tests/reference/random_parts.hpp"
#include "tests/rtl/random_nest.hpp"

namespace accelsim::testing {

namespace {

constexpr std::int64_t most_steps = 250;  // Icarus runs it

class Builder {
public:
    explicit Builder(std::uint64_t seed) : random_(seed * 0x9e3779b97f4a7c15u + 4242) {
        design_.workload = make_gemm(4, 4, 4, random_.one_of<int>({8, 16}), random_.one_of<int>({8, 16}));
    }

    Architecture architecture() {
        Level dram = memory("DRAM", LevelKind::dram), buffer = memory("GB", LevelKind::buffer),
              files = memory("RF", LevelKind::buffer);
        dram.capacity_bytes = 0;
        files.capacity_bytes = random_.one_of<std::int64_t>({32, 64, 128});
        files.latency_cycles = 0;
        choose_kept(files);
        Level mac;
        mac.name = "MAC";
        mac.kind = LevelKind::mac;
        mac.latency_cycles = static_cast<int>(random_.between(1, 4));
        design_.architecture.name = "random";
        design_.architecture.levels = {dram, buffer, array(), files, mac};
        add_own_memories(design_.architecture.levels[1]);
        if (random_.chance(70)) add_random_ports(random_, design_);
        return design_.architecture;
    }

    const Workload& workload() const { return design_.workload; }

    Unrolling unrolling() {
        Unrolling result;
        std::vector<std::string> names = {"N", "K", "C", "Y", "X", "FY"};
        shuffle(names, random_);
        for (std::int64_t i = random_.between(1, 2); i > 0; --i) take(names, result.rows);
        for (std::int64_t i = random_.between(1, 2); i > 0; --i) take(names, result.columns);
        result.convolution = random_.chance(70);
        return result;
    }

private:
    static void take(std::vector<std::string>& names, std::vector<std::string>& to) {
        to.push_back(names.back());
        names.pop_back();
    }

    Ports ports() {
        return random_.one_of<Ports>({{1, 1, false}, {2, 1, false}, {1, 2, false}, {2, 2, false}, {1, 1, true}, {3, 1, true}});
    }

    Level memory(const std::string& name, LevelKind kind) {
        Level level;
        level.name = name;
        level.kind = kind;
        level.capacity_bytes = 8192;
        level.depth = static_cast<int>(random_.between(1, 3));
        level.width_bits = random_.one_of<int>({32, 64, 96});
        level.latency_cycles = static_cast<int>(random_.between(0, 4));
        level.ports = ports();
        if (random_.chance(25)) level.arbitration = Arbitration::fixed;
        return level;
    }

    void choose_kept(Level& files) {
        files.keeps_all = random_.chance(40);
        if (files.keeps_all) return;
        for (const Tensor& tensor : design_.workload.tensors) {
            if (random_.chance(50)) files.keeps.push_back(tensor.name);
        }
        if (files.keeps.empty()) files.keeps.push_back(random_.one_of<std::string>({"input", "weight", "output"}));
    }

    Level array() {
        Level level;
        level.name = "PE";
        level.kind = LevelKind::array;
        level.rows = static_cast<int>(random_.between(1, 4));
        level.columns = static_cast<int>(random_.between(1, 4));
        for (const Tensor& tensor : design_.workload.tensors) {
            Network network;
            network.transport = random_.one_of<Transport>({Transport::unicast, Transport::multicast, Transport::systolic});
            network.reduction = random_.one_of<Reduction>({Reduction::systolic, Reduction::tree});
            network.latency_cycles = static_cast<int>(random_.between(0, 3));
            network.width_bits = random_.one_of<int>({0, 0, 32, 64});
            level.networks[tensor.name] = network;
        }
        return level;
    }

    void add_own_memories(Level& buffer) {
        for (const Tensor& tensor : design_.workload.tensors) {
            if (!random_.chance(15)) continue;
            Memory own = memory("", LevelKind::buffer);
            own.capacity_bytes = 4096;
            buffer.memories[tensor.name] = own;
        }
        if (buffer.memories.size() == design_.workload.tensors.size()) buffer.memories.erase("input");
    }

    RandomNumbers random_;
    RandomDesign design_;
};

}  // namespace

std::optional<Design> random_structure(std::uint64_t seed) {
    Builder builder(seed);
    const Architecture architecture = builder.architecture();
    std::optional<Design> design = random_nest(architecture, builder.workload(), builder.unrolling(), seed);
    if (design && design->steps > most_steps) return std::nullopt;
    return design;
}

}  // namespace accelsim::testing
