// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_parts.hpp"

#include <algorithm>

#include "mappings/lowering.hpp"

namespace accelsim::testing {

namespace {

int power(RandomNumbers& random, int least, int most) { return 1 << random.between(least, most); }

dram::Timing random_timing(RandomNumbers& random) {
    const auto from_to = [&](int low, int high) { return static_cast<int>(random.between(low, high)); };
    dram::Timing t;
    t.tck_ps = random.one_of<int>({400, 500, 630, 750, 1000, 1000, 1300, 1900});
    t.rl = from_to(3, 12);
    t.wl = from_to(1, t.rl);
    t.trcd_rd = from_to(2, 10);
    t.trcd_wr = from_to(2, 10);
    t.trp = from_to(2, 10);
    t.trp_ab = t.trp + from_to(0, 3);
    t.tras = from_to(t.trcd_rd, 20);
    t.trfc = from_to(10, 60);
    t.trefi = t.trfc + t.trp_ab + from_to(100, 1500);
    t.trrd_s = from_to(1, 4);
    t.trrd_l = t.trrd_s + from_to(0, 4);
    t.tfaw = from_to(4, 24);
    t.tccd_s = from_to(1, 4);
    t.tccd_l = t.tccd_s + from_to(0, 4);
    t.twtr_s = from_to(1, 5);
    t.twtr_l = t.twtr_s + from_to(0, 5);
    t.twr = from_to(2, 12);
    t.trtp = from_to(2, 8);
    t.trtrs = from_to(1, 3);
    t.trpre = from_to(1, 2);
    t.tppd = from_to(1, 4);
    return t;
}

dram::Device random_device(RandomNumbers& random) {
    dram::Device d;
    d.name = "random";
    d.channels = power(random, 0, 2);
    d.ranks = power(random, 0, 1);
    d.bank_groups = power(random, 0, 2);
    d.banks_per_group = power(random, 0, 2);
    d.device_width = 8;
    d.bus_width = power(random, 3, 6);
    d.burst_length = power(random, d.bus_width < 16 ? 2 : 1, 3);  // bursts of four bytes and more hold an output
    d.columns = d.burst_length * power(random, 0, 4);
    d.rows = power(random, 4, 12);
    d.timing = random_timing(random);
    d.currents = {1.2, 50, 30, 40, 150, 140, 250};
    d.mapping.clear();
    std::vector<std::string> fields = {"ro", "ra", "bg", "ba", "ch", "co"};
    shuffle(fields, random);
    for (const std::string& field : fields) d.mapping += field;
    d.pages = random.chance(30) ? dram::PagePolicy::closed : dram::PagePolicy::open;
    d.read_queue = static_cast<int>(random.between(1, 16));
    d.write_queue = static_cast<int>(random.between(1, 16));
    d.write_high = static_cast<int>(random.between(1, d.write_queue));
    d.write_low = static_cast<int>(random.between(0, d.write_high - 1));
    d.row_hits = random.one_of<int>({1, 2, 4, 32});
    return d;
}

}  // namespace

std::optional<RandomDesign> make_random_dram_design(std::uint64_t seed) {
    RandomDesign design = make_random_design(seed);
    RandomNumbers random(seed * 0x9e3779b97f4a7c15u + 54321);
    const Design lowered = lower(design.workload, design.architecture, design.nest);
    for (const Boundary& boundary : lowered.boundaries) {
        if (boundary.parent == 0 && boundary.accumulates) return std::nullopt;
    }
    design.architecture.clock_mhz = random.one_of<int>({200, 500, 700, 1000, 1300});
    Level& level = design.architecture.levels[0];
    dram::Device device = random_device(random);
    // Addresses wrap around beyond the capacity: a small device must hold the tensors.
    std::int64_t bytes = 0;
    for (const Tensor& tensor : design.workload.tensors) bytes += 4 * tensor.words() * 4 + device.row_bytes();
    while (device.capacity_bytes() < bytes) device.rows *= 2;
    BurstInterface bursts;
    bursts.burst_bytes = device.burst_bytes();
    bursts.row_bytes = device.row_bytes();
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
