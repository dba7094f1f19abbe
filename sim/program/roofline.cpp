// SPDX-License-Identifier: Apache-2.0
#include "sim/program/roofline.hpp"

#include <algorithm>

#include "models/dram/device.hpp"

namespace accelsim {

namespace {

/// At the DRAM's peak, every byte of every burst being of use.
double dram_cycles(const Design& design, double bits) {
    const dram::Device& device = *design.level(0).bursts->device;
    const double bits_per_ps =
        static_cast<double>(device.channels * device.bus_width * 2) / static_cast<double>(device.timing.tck_ps);
    return bits / bits_per_ps * design.architecture.clock_mhz * 1e-6;
}

double port_cycles(const Level& dram, double read_bits, double write_bits) {
    const double width = dram.width_bits;
    if (dram.ports.shared) return (read_bits + write_bits) / width / dram.ports.reads;
    return std::max(read_bits / width / dram.ports.reads, write_bits / width / std::max(1, dram.ports.writes));
}

}  // namespace

Roofline roofline(const Design& design, const SimulationResult& simulated) {
    const Level& dram = design.architecture.levels.front();
    double read_bits = 0, write_bits = 0;
    for (const TensorCounts& t : simulated.counts.levels.front().tensors) {
        const int bits = design.tensor(design.workload.find_tensor(t.tensor)).bits;
        read_bits += static_cast<double>(t.reads_to_child * bits);
        write_bits += static_cast<double>(t.writes_from_child * bits);
    }
    Roofline result;
    result.memory_cycles = port_cycles(dram, read_bits, write_bits);
    if (dram.bursts) result.memory_cycles = std::max(result.memory_cycles, dram_cycles(design, read_bits + write_bits));
    result.compute_cycles = static_cast<double>(simulated.macs) / static_cast<double>(design.architecture.lanes());
    result.dram_bytes = (read_bits + write_bits) / 8;
    return result;
}

}  // namespace accelsim
