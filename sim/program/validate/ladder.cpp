// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "sim/program/jobs.hpp"

namespace accelsim {

namespace {

constexpr int any_ports = 64;
constexpr int any_width = 1 << 20;

void change_device(Architecture& architecture, const std::function<void(dram::Device&)>& change) {
    BurstInterface& bursts = *architecture.levels[0].bursts;
    dram::Device device = *bursts.device;
    change(device);
    bursts.device = std::make_shared<const dram::Device>(device);
}

void never_refresh(Architecture& architecture) {
    change_device(architecture, [](dram::Device& device) { device.timing.trefi = 1 << 30; });
}

void open_rows_for_nothing(Architecture& architecture) {
    change_device(architecture, [](dram::Device& device) {
        dram::Timing& t = device.timing;
        t.trcd_rd = t.trcd_wr = t.trp = t.trp_ab = t.tras = t.trrd_s = t.trrd_l = t.tfaw = t.twr = t.trtp = t.tppd = 0;
    });
}

/// A port as wide as the device's peak, and the latency of a read that finds its row open.
void make_ideal(Architecture& architecture) {
    Level& level = architecture.levels[0];
    const dram::Device& device = *level.bursts->device;
    const double core_ps = 1e6 / architecture.clock_mhz;
    const double clocks = core_ps / static_cast<double>(device.timing.tck_ps);
    level.width_bits = std::max(32, static_cast<int>(device.channels * device.bus_width * 2 * clocks));
    level.latency_cycles += static_cast<int>((device.timing.rl + device.burst_clocks()) / clocks) + 1;
    level.bursts.reset();
}

void for_each_memory(Architecture& architecture, const std::function<void(Memory&)>& change) {
    for (Level& level : architecture.levels) {
        if (!level.is_buffer()) continue;
        change(level);
        for (auto& [tensor, memory] : level.memories) change(memory);
    }
}

void remove_banks(Memory& memory) {
    memory.interleave = Interleave::none;
    memory.banks = 1;
}

void give_ports(Memory& memory) {
    memory.ports = {any_ports, any_ports, false};
    memory.port_sets.clear();
    memory.burst_grants = memory.mac_shares_ports = false;
}

void widen(Architecture& architecture) {
    for_each_memory(architecture, [](Memory& memory) { memory.width_bits = any_width; });
    for (Level& level : architecture.levels)
        for (auto& [tensor, network] : level.networks) network.width_bits = 0;
}

struct Rung {
    std::string cause;
    Architecture architecture;  ///< without it, and without those in front
};

std::vector<Rung> rungs_of(const Architecture& given) {
    std::vector<Rung> rungs;
    Architecture now = given;
    const auto add = [&](const char* cause, const std::function<void(Architecture&)>& change) {
        change(now);
        rungs.push_back({cause, now});
    };
    if (given.levels[0].bursts) {
        add("refresh", never_refresh);
        add("dram_row", open_rows_for_nothing);
        add("dram_bursts", make_ideal);
    }
    add("bank", [](Architecture& a) { for_each_memory(a, remove_banks); });
    add("port", [](Architecture& a) { for_each_memory(a, give_ports); });
    add("bandwidth", widen);
    return rungs;
}

/// "cycles busy cause cycles cause cycles ...".
std::string run_text(const RunConfig& config, const Architecture& architecture, const Operands& operands) {
    const Design design = lower(config.workload, architecture, config.nest, config.name);
    SimulationOptions options;
    options.max_cycles = config.max_cycles;
    const SimulationResult result = simulate(design, operands, options);
    std::string text = fmt::format("{} {}", result.cycles, result.busy);
    for (const StallCount& stall : result.stalls) text += fmt::format(" {} {}", stall.cause, stall.cycles);
    return text;
}

}  // namespace

Ladder climb_down(const RunConfig& config, int processes) {
    const std::vector<Rung> rungs = rungs_of(config.architecture);
    const Operands operands = load_operands(config);
    std::vector<std::function<std::string()>> jobs{[&] { return run_text(config, config.architecture, operands); }};
    for (const Rung& rung : rungs) jobs.push_back([&] { return run_text(config, rung.architecture, operands); });
    const std::vector<JobOutcome> outcomes = run_jobs(jobs, processes, [](std::size_t) {});
    Ladder ladder;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].code != 0) throw SimulationError(outcomes[i].text);
        std::istringstream text(outcomes[i].text);
        std::int64_t cycles = 0;
        text >> cycles >> ladder.busy;
        if (i == 0) {
            ladder.cycles = cycles;
        } else {
            ladder.removed.push_back({rungs[i - 1].cause, before - cycles});
        }
        before = cycles;
        ladder.left.clear();
        std::string cause;
        for (std::int64_t stalled = 0; text >> cause >> stalled;)
            ladder.left.push_back({cause.find('@') == std::string::npos ? cause : "latency of " + cause, stalled});
    }
    return ladder;
}

std::vector<CycleShare> attribute(const Ladder& ladder, std::int64_t model_cycles, std::int64_t steps) {
    std::vector<CycleShare> shares;
    const auto add = [&](const std::string& cause, std::int64_t cycles) {
        if (cycles != 0) shares.push_back({cause, cycles});
    };
    for (const CycleShare& share : ladder.removed) add(share.cause, share.cycles);
    for (const CycleShare& share : ladder.left) add(share.cause, share.cycles);
    add("tail", ladder.busy - steps);
    add("waits_in_model", steps - model_cycles);
    return shares;
}

}  // namespace accelsim
