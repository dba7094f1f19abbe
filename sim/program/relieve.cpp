// SPDX-License-Identifier: Apache-2.0
#include "sim/program/relieve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "mappings/lowering.hpp"
#include "sim/program/jobs.hpp"

namespace accelsim {

namespace {

struct Change {
    std::string text;
    Architecture architecture;
};

/// All single changes to the two ends of a boundary and what lies between.
class Changes {
public:
    Changes(const RunConfig& config, const Design& design) : config_(config), design_(design) {}

    void add_boundary(const Boundary& boundary) {
        const std::string& tensor = design_.tensor(boundary.tensor).name;
        add_memory(boundary.parent, tensor);
        if (!boundary.stream) {
            add_memory(boundary.child, tensor);
            add_depth(boundary, tensor);
        }
        for (int l = boundary.parent + 1; l < boundary.child; ++l) add_network(l, tensor);
    }

    std::vector<Change> take() { return std::move(changes_); }

private:
    void add(int level, const std::string& what, const std::function<void(Level&)>& change) {
        Change result{fmt::format("{}: {}", design_.level(level).name, what), config_.architecture};
        change(result.architecture.levels[static_cast<std::size_t>(level)]);
        const bool known = std::any_of(changes_.begin(), changes_.end(), [&](const Change& c) { return c.text == result.text; });
        if (!known) changes_.push_back(std::move(result));
    }

    /// The memory of a tensor, to be changed.
    static Memory& memory_of(Level& level, const std::string& tensor) {
        const auto own = level.memories.find(tensor);
        return own == level.memories.end() ? level : own->second;
    }

    void add_memory(int l, const std::string& tensor) {
        const Memory& memory = design_.level(l).memory(tensor);
        const std::string whose = design_.level(l).memories.count(tensor) > 0 ? " of " + tensor : "";
        add(l, fmt::format("width_bits{} {} instead of {}", whose, 2 * memory.width_bits, memory.width_bits),
            [&](Level& level) { memory_of(level, tensor).width_bits *= 2; });
        if (memory.port_sets.empty() && memory.ports.shared) {
            add(l, fmt::format("ports{} {}rw instead of {}rw", whose, memory.ports.reads + 1, memory.ports.reads),
                [&](Level& level) { ++memory_of(level, tensor).ports.reads; });
        } else if (memory.port_sets.empty()) {
            const Ports& p = memory.ports;
            add(l, fmt::format("ports{} {}r{}w instead of {}r{}w", whose, p.reads + 1, p.writes, p.reads, p.writes),
                [&](Level& level) { ++memory_of(level, tensor).ports.reads; });
            add(l, fmt::format("ports{} {}r{}w instead of {}r{}w", whose, p.reads, p.writes + 1, p.reads, p.writes),
                [&](Level& level) { ++memory_of(level, tensor).ports.writes; });
        }
        if (memory.interleave == Interleave::word && memory.banks <= 32) {
            add(l, fmt::format("banks{} {} instead of {}", whose, 2 * memory.banks, memory.banks),
                [&](Level& level) { memory_of(level, tensor).banks *= 2; });
        }
        if (memory.latency_cycles > 1) {
            add(l, fmt::format("latency_cycles{} {} instead of {}", whose, memory.latency_cycles / 2, memory.latency_cycles),
                [&](Level& level) { memory_of(level, tensor).latency_cycles /= 2; });
        }
        const auto& bursts = design_.level(l).bursts;
        if (bursts)
            add(l, fmt::format("outstanding {} instead of {}", 2 * bursts->outstanding, bursts->outstanding),
                [](Level& level) { level.bursts->outstanding *= 2; });
    }

    /// With a capacity that holds the further slots: what they cost is for the reader to weigh.
    void add_depth(const Boundary& boundary, const std::string& tensor) {
        const Memory& memory = design_.level(boundary.child).memory(tensor);
        if (memory.windowed) return;
        add(boundary.child, fmt::format("depth {} instead of {} (with the capacity for it)", memory.depth + 1, memory.depth),
            [&](Level& level) {
                Memory& changed = memory_of(level, tensor);
                ++changed.depth;
                changed.capacity_bytes *= 2;
                for (auto& [name, bytes] : level.partitions) bytes *= 2;
            });
    }

    void add_network(int l, const std::string& tensor) {
        const Level& level = design_.level(l);
        if (level.kind != LevelKind::array) return;
        const Network network = level.network(tensor);
        if (network.width_bits > 0)
            add(l, fmt::format("width_bits of {}'s network {} instead of {}", tensor, 2 * network.width_bits, network.width_bits),
                [&](Level& changed) { changed.networks[tensor].width_bits *= 2; });
    }

    const RunConfig& config_;
    const Design& design_;
    std::vector<Change> changes_;
};

/// Boundaries that a cause is about: "weight@GlobalBuffer" the one into GlobalBuffer; what holds outputs back, all of the
/// output's.
std::vector<Boundary> boundaries_of(const Design& design, const std::string& cause) {
    std::vector<Boundary> result;
    const std::size_t at = cause.find('@');
    for (const Boundary& boundary : design.boundaries) {
        const Tensor& tensor = design.tensor(boundary.tensor);
        const bool named = at != std::string::npos && tensor.name == cause.substr(0, at) &&
                           design.level(boundary.child).name == cause.substr(at + 1);
        if (named || (at == std::string::npos && tensor.is_output)) result.push_back(boundary);
    }
    return result;
}

}  // namespace

namespace {

/// Only cycles are of interest.
SimulationOptions without_data() {
    SimulationOptions options;
    options.data = false;
    return options;
}

}  // namespace

std::vector<Relief> find_relief(const RunConfig& config, int processes) {
    const Design design = lower(config.workload, config.architecture, config.nest, config.name);
    const auto base = run_jobs({[&] {
                                   const SimulationResult result = simulate(design, {}, without_data());
                                   return fmt::format("{} {}", result.cycles, bottleneck(result));
                               }},
                               1, [](std::size_t, const JobOutcome&) {});
    if (base[0].code != 0) return {};  // the run itself will say why
    const std::size_t space = base[0].text.find(' ');
    const std::int64_t cycles = std::stoll(base[0].text.substr(0, space));
    Changes changes(config, design);
    for (const Boundary& boundary : boundaries_of(design, base[0].text.substr(space + 1))) changes.add_boundary(boundary);
    const std::vector<Change> list = changes.take();
    std::vector<std::function<std::string()>> jobs;
    for (const Change& change : list) {
        jobs.push_back([&] {
            SimulationOptions options = without_data();
            options.max_cycles = cycles;  // whoever takes longer is of no interest
            const Design changed = lower(config.workload, change.architecture, config.nest, config.name);
            return std::to_string(simulate(changed, {}, options).cycles);
        });
    }
    const std::vector<JobOutcome> outcomes = run_jobs(jobs, processes, [](std::size_t, const JobOutcome&) {});
    std::vector<Relief> reliefs;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (outcomes[i].code != 0) continue;
        const std::int64_t now = std::stoll(outcomes[i].text);
        if (now < cycles) reliefs.push_back({list[i].text, now});
    }
    std::stable_sort(reliefs.begin(), reliefs.end(), [](const Relief& a, const Relief& b) { return a.cycles < b.cycles; });
    return reliefs;
}

}  // namespace accelsim
