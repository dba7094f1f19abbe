// SPDX-License-Identifier: Apache-2.0
#include "models/elementwise.hpp"

#include <algorithm>

namespace accelsim {

namespace {

double access_pj(double price, const AccessEnergy& energy, const Elementwise& layer, std::int64_t words) {
    return price * static_cast<double>(words) * layer.bits / energy.reference_bits;
}

double move_pj(const Memory& memory, const Elementwise& layer, std::int64_t reads, std::int64_t writes) {
    return access_pj(memory.energy.read_pj, memory.energy, layer, reads) +
           access_pj(memory.energy.write_pj, memory.energy, layer, writes);
}

std::int64_t port_cycles(std::int64_t words, int bits, std::int64_t width) { return (words * bits + width - 1) / width; }

}  // namespace

ElementwiseCost cost_elementwise(const Elementwise& layer, const Architecture& architecture) {
    const Level& dram = architecture.levels.front();
    const std::int64_t read_width = std::int64_t{dram.width_bits} * dram.ports.reads;
    ElementwiseCost cost;
    if (dram.ports.shared)
        cost.cycles = port_cycles(layer.read_words + layer.written_words, layer.bits, read_width);
    else
        cost.cycles = std::max(port_cycles(layer.read_words, layer.bits, read_width),
                               port_cycles(layer.written_words, layer.bits, std::int64_t{dram.width_bits} * dram.ports.writes));
    cost.dram_pj = move_pj(dram, layer, layer.read_words, layer.written_words);
    const Level& buffer = architecture.levels[1];
    if (buffer.kind == LevelKind::buffer) {
        cost.buffer_pj = move_pj(buffer.memory("input"), layer, layer.read_words, layer.read_words) +
                         move_pj(buffer.memory("output"), layer, layer.written_words, layer.written_words);
    }
    return cost;
}

}  // namespace accelsim
