// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_parts.hpp"

#include <algorithm>

#include "mappings/lowering.hpp"
#include "tests/support/dram_devices.hpp"

namespace accelsim::testing {

std::optional<RandomDesign> make_random_dram_design(std::uint64_t seed) {
    RandomDesign design = make_random_design(seed);
    RandomNumbers random(seed * 0x9e3779b97f4a7c15u + 54321);
    const Design lowered = lower(design.workload, design.architecture, design.nest);
    for (const Boundary& boundary : lowered.boundaries) {
        if (boundary.parent == 0 && boundary.accumulates) return std::nullopt;
    }
    design.architecture.clock_mhz = random.one_of<int>({200, 500, 700, 1000, 1300});
    Level& level = design.architecture.levels[0];
    dram::Device device = random_dram_device(random);
    // A burst holds an output at least.
    while (device.burst_bytes() < 4) {
        device.burst_length *= 2;
        device.columns *= 2;
    }
    // Addresses wrap around beyond the capacity: a small device must hold the tensors.
    std::int64_t bytes = 0;
    for (const Tensor& tensor : design.workload.tensors) bytes += 4 * tensor.words() * 4 + device.row_bytes();
    while (device.capacity_bytes() < bytes) device.rows *= 2;
    BurstInterface bursts;
    bursts.burst_bytes = device.burst_bytes();
    bursts.row_bytes = device.row_bytes();
    bursts.device = std::make_shared<const dram::Device>(device);
    bursts.outstanding = random.one_of<int>({1, 2, 4, 16, 64});
    for (const Tensor& tensor : design.workload.tensors) {
        if (random.chance(40)) continue;
        Layout layout;
        for (std::size_t a = 0; a < tensor.axes.size(); ++a) layout.order.push_back(static_cast<int>(a));
        shuffle(layout.order, random);
        if (random.chance(30)) {
            const auto axis = static_cast<int>(random.between(0, static_cast<std::int64_t>(tensor.axes.size()) - 1));
            layout.blocks[axis] = random.between(2, 5);
        }
        bursts.layouts[tensor.name] = layout;
    }
    level.bursts = bursts;
    design.device = device;
    return design;
}

}  // namespace accelsim::testing
