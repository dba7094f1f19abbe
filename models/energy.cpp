// SPDX-License-Identifier: Apache-2.0
#include "models/energy.hpp"

namespace accelsim {

namespace {

LevelEnergy price_level(const Design& design, const LevelCounts& counts) {
    const Level& level = design.level(design.architecture.find_level(counts.name));
    LevelEnergy result{counts.name, {}, 0};
    for (const TensorCounts& t : counts.tensors) {
        const AccessEnergy& energy = level.memory(t.tensor).energy;
        const int bits = design.tensor(design.workload.find_tensor(t.tensor)).bits;
        const auto reads = static_cast<double>(t.reads_to_child + t.reads_to_parent);
        const auto writes = static_cast<double>(t.writes_from_parent + t.writes_from_child);
        const double pj = (reads * energy.read_pj + writes * energy.write_pj) * bits / energy.reference_bits;
        result.tensors.push_back({t.tensor, pj});
        result.pj += pj;
    }
    return result;
}

NetworkEnergy price_network(const Design& design, const NetworkCounts& counts) {
    NetworkEnergy result{counts.from, counts.to, 0};
    const Level* crossed = nullptr;
    for (int l = design.architecture.find_level(counts.from) + 1; l < design.architecture.find_level(counts.to); ++l) {
        if (design.level(l).kind == LevelKind::array) crossed = &design.level(l);
    }
    if (crossed == nullptr) return result;
    for (const LinkCounts& t : counts.tensors) {
        const int bits = design.tensor(design.workload.find_tensor(t.tensor)).bits;
        const double pj =
            static_cast<double>(t.hop_lengths) * crossed->hop_pj + static_cast<double>(t.delivered) * crossed->delivery_pj;
        result.pj += pj * bits / network_reference_bits;
    }
    return result;
}

}  // namespace

EnergyReport price(const Design& design, const Counts& counts) {
    EnergyReport report;
    for (const LevelCounts& level : counts.levels) {
        report.levels.push_back(price_level(design, level));
        report.total_pj += report.levels.back().pj;
    }
    for (const NetworkCounts& network : counts.networks) {
        report.networks.push_back(price_network(design, network));
        report.total_pj += report.networks.back().pj;
    }
    report.mac_pj = static_cast<double>(counts.mac_operations) * design.architecture.levels.back().mac_pj;
    report.total_pj += report.mac_pj;
    return report;
}

void price_commands(double dram_pj, EnergyReport& report) {
    LevelEnergy& dram = report.levels.front();
    report.total_pj += dram_pj - dram.pj;
    dram.pj = dram_pj;
    dram.tensors.clear();
}

}  // namespace accelsim
