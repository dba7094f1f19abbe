// SPDX-License-Identifier: Apache-2.0
// Timeloop's cycles and energy, from its counts.
#include <algorithm>
#include <cmath>

#include "tests/reference/timeloop_model.hpp"

namespace accelsim::testing {

std::int64_t timeloop_cycles(const Nest& nest, const std::vector<TimeloopLevelCount>& counts,
                             const std::map<std::string, TimeloopBandwidth>& bandwidths, std::int64_t network_latency) {
    std::int64_t steps = 1;
    for (const Loop& loop : nest.loops) steps *= loop.kind == LoopKind::temporal ? loop.bound : 1;
    std::int64_t cycles = steps;
    for (const TimeloopLevelCount& level : counts) {
        const auto limit = bandwidths.find(level.name);
        if (limit == bandwidths.end()) continue;
        double reads = 0;
        double writes = 0;
        for (const auto& [name, count] : level.tensors) {
            reads += static_cast<double>(count.reads) / static_cast<double>(level.instances);
            writes += static_cast<double>(count.fills + count.updates) / static_cast<double>(level.instances);
        }
        double slowdown = 1;
        const auto need = [&](double words, double bandwidth) {
            if (bandwidth > 0 && words > 0) slowdown = std::min(slowdown, bandwidth / (words / static_cast<double>(steps)));
        };
        need(reads, limit->second.read);
        need(writes, limit->second.write);
        need(reads + writes, limit->second.shared);
        cycles = std::max(cycles, static_cast<std::int64_t>(std::ceil(static_cast<double>(steps) / slowdown)));
    }
    return cycles + network_latency;
}

double timeloop_energy(const Workload& workload, const Architecture& architecture,
                       const std::vector<TimeloopLevelCount>& counts) {
    double energy = static_cast<double>(workload.macs()) * architecture.levels.back().mac_pj;
    for (std::size_t l = 0; l < counts.size(); ++l) {
        const Level& level = architecture.levels[l];
        const auto instances = static_cast<double>(counts[l].instances);
        for (const auto& [name, count] : counts[l].tensors) {
            const int bits = workload.tensors[static_cast<std::size_t>(workload.find_tensor(name))].bits;
            const auto blocks = [&](std::int64_t words) {
                return std::ceil(static_cast<double>(words) / instances * bits / level.energy.reference_bits);
            };
            energy += instances * (blocks(count.reads) * level.energy.read_pj +
                                   (blocks(count.fills) + blocks(count.updates)) * level.energy.write_pj);
        }
    }
    return energy;
}

}  // namespace accelsim::testing
