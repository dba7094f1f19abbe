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

/// A port as wide as the device's peak, of which only a share brings words that were asked for, and the latency of a read that
/// finds its row open.
void make_ideal(Architecture& architecture, double useful) {
    Level& level = architecture.levels[0];
    const dram::Device& device = *level.bursts->device;
    const double core_ps = 1e6 / architecture.clock_mhz;
    const double clocks = core_ps / static_cast<double>(device.timing.tck_ps);
    level.width_bits = std::max(32, static_cast<int>(device.channels * device.bus_width * 2 * clocks * useful));
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

bool has_banks(const Architecture& architecture) {
    bool any = false;
    Architecture copy = architecture;
    for_each_memory(copy, [&](Memory& memory) { any = any || memory.interleave != Interleave::none; });
    return any;
}

/// The machine and the nest without a mechanism, and without those in front.
struct Rung {
    std::string cause;
    Architecture architecture;
    Nest nest;
};

/// `useful`: words asked for per word that the bursts could carry.
std::vector<Rung> rungs_of(const RunConfig& config, double useful, bool reusing) {
    std::vector<Rung> rungs;
    Rung now{"", config.architecture, config.nest};
    const auto add = [&](const char* cause, const std::function<void(Architecture&)>& change) {
        change(now.architecture);
        rungs.push_back({cause, now.architecture, now.nest});
    };
    if (config.architecture.levels[0].bursts) {
        add("refresh", never_refresh);
        add("dram_row", open_rows_for_nothing);
        const Architecture detailed = now.architecture;
        add("dram_controller", [&](Architecture& a) { make_ideal(a, useful); });
        add("over_fetch", [&](Architecture& a) {
            a = detailed;
            make_ideal(a, 1);
        });
    }
    if (has_banks(config.architecture)) add("bank", [](Architecture& a) { for_each_memory(a, remove_banks); });
    add("port", [](Architecture& a) { for_each_memory(a, give_ports); });
    if (reusing) {
        now.nest.halo = Halo::reuse;
        rungs.push_back({"halo", now.architecture, now.nest});
    }
    add("bandwidth", widen);
    return rungs;
}

/// Tiles are fetched whole although neighbours overlap, and need not be.
bool could_reuse(const RunConfig& config) {
    if (config.nest.halo == Halo::reuse) return false;
    bool windows = false;
    for (const Tensor& tensor : config.workload.tensors)
        for (const Axis& axis : tensor.axes) windows = windows || axis.terms.size() > 1;
    if (!windows) return false;
    Nest nest = config.nest;
    nest.halo = Halo::reuse;
    try {
        lower(config.workload, config.architecture, nest, config.name);
    } catch (const UserError&) {
        return false;  // a windowed memory gives back what would be used again
    }
    return true;
}

/// "cycles busy useful fetched cause cycles cause cycles ...", the words of the DRAM's bursts in the middle.
std::string run_text(const RunConfig& config, const Rung& rung) {
    const Design design = lower(config.workload, rung.architecture, rung.nest, config.name);
    SimulationOptions options;
    options.data = false;  // only cycles are of interest
    options.max_cycles = config.max_cycles;
    const SimulationResult result = simulate(design, {}, options);
    const DramResult dram = result.dram.value_or(DramResult{});
    std::string text = fmt::format("{} {} {} {}", result.cycles, result.busy, dram.useful_words, dram.fetched_words);
    for (const StallCount& stall : result.stalls) text += fmt::format(" {} {}", stall.cause, stall.cycles);
    return text;
}

/// What each printed, in their order.
std::vector<std::string> run_all(const RunConfig& config, const std::vector<Rung>& runs, int processes) {
    std::vector<std::function<std::string()>> jobs;
    for (const Rung& rung : runs) jobs.push_back([&] { return run_text(config, rung); });
    std::vector<std::string> texts;
    for (const JobOutcome& outcome : run_jobs(jobs, processes, [](std::size_t, const JobOutcome&) {})) {
        if (outcome.code == 1) throw InternalError(outcome.text);
        if (outcome.code != 0) throw SimulationError(outcome.text);
        texts.push_back(outcome.text);
    }
    return texts;
}

double useful_share(const std::string& run_text) {
    std::istringstream text(run_text);
    std::int64_t cycles = 0, busy = 0, useful = 0, fetched = 0;
    text >> cycles >> busy >> useful >> fetched;
    return fetched > 0 ? static_cast<double>(useful) / static_cast<double>(fetched) : 1;
}

/// From what the runs printed, the one as it is first.
Ladder make_ladder(const std::vector<Rung>& rungs, const std::vector<std::string>& outcomes) {
    Ladder ladder;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        std::istringstream text(outcomes[i]);
        std::int64_t cycles = 0, useful = 0, fetched = 0;
        text >> cycles >> ladder.busy >> useful >> fetched;
        if (i == 0)
            ladder.cycles = cycles;
        else
            ladder.removed.push_back({rungs[i - 1].cause, before - cycles});
        before = cycles;
        ladder.left.clear();
        std::string cause;
        for (std::int64_t stalled = 0; text >> cause >> stalled;)
            ladder.left.push_back({cause.find('@') == std::string::npos ? cause : "latency of " + cause, stalled});
    }
    return ladder;
}

}  // namespace

Ladders climb_down(const RunConfig& config, int processes) {
    std::vector<std::string> texts = run_all(config, {{"", config.architecture, config.nest}}, 1);
    const double useful = useful_share(texts[0]);
    const std::vector<Rung> rungs = rungs_of(config, useful, false);
    const std::vector<Rung> reusing = could_reuse(config) ? rungs_of(config, useful, true) : std::vector<Rung>();
    std::vector<Rung> runs = rungs;
    if (!reusing.empty()) runs.insert(runs.end(), reusing.end() - 2, reusing.end());  // the others are the same
    for (std::string& text : run_all(config, runs, processes)) texts.push_back(std::move(text));
    const auto own = texts.begin() + static_cast<std::ptrdiff_t>(rungs.size()) + 1;
    Ladders ladders{make_ladder(rungs, {texts.begin(), own}), {}};
    if (!reusing.empty()) {
        std::vector<std::string> reused(texts.begin(), own - 1);
        reused.insert(reused.end(), own, texts.end());
        ladders.reusing = make_ladder(reusing, reused);
    }
    return ladders;
}

std::vector<CycleShare> attribute(const Ladder& ladder, const ModelCycles& model) {
    std::vector<CycleShare> shares = ladder.removed;
    shares.insert(shares.end(), ladder.left.begin(), ladder.left.end());
    shares.push_back({"tail", ladder.busy - model.steps});
    for (const CycleShare& part : model.beyond) shares.push_back({part.cause, -part.cycles});
    std::erase_if(shares, [](const CycleShare& share) { return share.cycles == 0; });
    return shares;
}

}  // namespace accelsim
