// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/random_structure.hpp"

#include <algorithm>

#include "tests/reference/random_parts.hpp"
#include "tests/rtl/random_nest.hpp"

namespace accelsim::testing {

namespace {

constexpr std::int64_t most_steps = 250;  // Icarus runs it

/// What stands between DRAM and MAC: b buffer, a fan-out, r register file. The first is the plainest.
const std::vector<std::string> shapes = {"bar",  "bar",   "bar",   "bbar", "ar", "barr", "bbarr",
                                         "baba", "babar", "babar", "baar", "br", "abar", "ba"};

class Builder {
public:
    explicit Builder(std::uint64_t seed) : random_(seed * 0x9e3779b97f4a7c15u + 4242) {
        design_.workload = make_gemm(4, 4, 4, random_.one_of<int>({8, 16}), random_.one_of<int>({8, 16}),
                                     random_.one_of<int>({8, 16, 32, 32, 32}));
    }

    Architecture architecture() {
        const std::string kinds = random_.one_of<std::string>(shapes);
        Architecture& made = design_.architecture;
        made.name = "random";
        made.levels.push_back(memory("DRAM", LevelKind::dram));
        made.levels[0].capacity_bytes = 0;
        fan_outs_ = std::count(kinds.begin(), kinds.end(), 'a');
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            const std::string number = std::to_string(i);
            if (kinds[i] == 'a') {
                made.levels.push_back(array("PE" + number));
                continue;
            }
            Level level = memory((kinds[i] == 'b' ? "GB" : "RF") + number, LevelKind::buffer);
            if (kinds[i] == 'r') {
                level.capacity_bytes = random_.one_of<std::int64_t>({32, 64, 128});
                level.latency_cycles = i + 1 == kinds.size() ? 0 : level.latency_cycles;
                choose_kept(level, 40);
            } else {
                add_own_memories(level);
                if (kinds != "bar") choose_kept(level, 60);
            }
            made.levels.push_back(level);
        }
        Level mac;
        mac.name = "MAC";
        mac.kind = LevelKind::mac;
        mac.latency_cycles = static_cast<int>(random_.between(1, 4));
        made.levels.push_back(mac);
        // Before the ports: a burst into a window may wait for itself.
        const bool windows = random_.chance(40);
        for (Level& level : made.levels) {
            if (windows && level.kind == LevelKind::buffer && random_.chance(60)) make_windowed(level);
        }
        if (random_.chance(70)) add_random_ports(random_, design_);
        return made;
    }

    const Workload& workload() const { return design_.workload; }

    Unrolling unrolling() {
        Unrolling result;
        std::vector<std::string> names = {"N", "K", "C", "Y", "X", "FY"};
        shuffle(names, random_);
        for (std::int64_t f = 0; f < fan_outs_; ++f) {
            Unrolling::Axes axes;
            for (std::int64_t i = random_.between(1, fan_outs_ > 1 ? 1 : 2); i > 0; --i) take(names, axes.rows);
            for (std::int64_t i = random_.between(1, fan_outs_ > 1 ? 1 : 2); i > 0; --i) take(names, axes.columns);
            result.fan_outs.push_back(axes);
        }
        result.convolution = random_.chance(70);
        return result;
    }

private:
    static void take(std::vector<std::string>& names, std::vector<std::string>& to) {
        if (names.empty()) return;
        to.push_back(names.back());
        if (names.size() > 1) names.pop_back();  // the last one is left for all others
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

    void choose_kept(Level& files, int all) {
        files.keeps_all = random_.chance(all);
        if (files.keeps_all) return;
        for (const Tensor& tensor : design_.workload.tensors) {
            if (random_.chance(50)) files.keeps.push_back(tensor.name);
        }
        if (files.keeps.empty()) files.keeps.push_back(random_.one_of<std::string>({"input", "weight", "output"}));
    }

    /// Every tensor has a share of its own.
    void make_windowed(Level& level) {
        level.windowed = true;
        for (auto& [tensor, memory] : level.memories) memory.windowed = random_.chance(50);
        const std::int64_t share =
            level.name[0] == 'R' ? random_.one_of<std::int64_t>({16, 32, 64}) : random_.one_of<std::int64_t>({128, 256, 512});
        level.capacity_bytes = 0;
        for (const Tensor& tensor : design_.workload.tensors) {
            if (level.memories.contains(tensor.name) || !can_keep(level, tensor.name)) continue;
            level.partitions[tensor.name] = share;
            level.capacity_bytes += share;
        }
    }

    Level array(const std::string& name) {
        Level level;
        level.name = name;
        level.kind = LevelKind::array;
        level.rows = static_cast<int>(random_.between(1, fan_outs_ > 1 ? 3 : 4));
        level.columns = static_cast<int>(random_.between(1, fan_outs_ > 1 ? 2 : 4));
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
    std::int64_t fan_outs_ = 0;
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
