// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dram_devices.hpp"

#include <sstream>

#include "tests/reference/random_parts.hpp"

namespace accelsim::testing {

namespace {

int power(RandomNumbers& random, int low, int high) { return 1 << random.between(low, high); }
int any(RandomNumbers& random, int low, int high) { return static_cast<int>(random.between(low, high)); }

dram::Timing random_timing(RandomNumbers& random) {
    dram::Timing t;
    t.tck_ps = random.between(400, 2000);
    t.rl = any(random, 1, 16);
    t.wl = any(random, 1, 16);
    t.trcd_rd = any(random, 1, 14);
    t.trcd_wr = any(random, 1, 14);
    t.trp = any(random, 1, 14);
    t.trp_ab = random.chance(50) ? t.trp : t.trp + any(random, 0, 5);
    t.tras = any(random, 1, 30);
    t.trfc = any(random, 1, 60);
    t.trrd_s = any(random, 1, 5);
    t.trrd_l = t.trrd_s + any(random, 0, 4);
    t.tfaw = random.chance(50) ? any(random, 1, 40) : 4 * t.trrd_s;
    t.tccd_s = any(random, 1, 5);
    t.tccd_l = t.tccd_s + any(random, 0, 4);
    t.twtr_s = any(random, 0, 6);
    t.twtr_l = t.twtr_s + any(random, 0, 6);
    t.twr = any(random, 0, 16);
    t.trtp = any(random, 1, 10);
    t.trtrs = any(random, 0, 3);
    t.trpre = any(random, 0, 3);
    t.tppd = any(random, 1, 4);
    return t;
}

}  // namespace

dram::Device random_dram_device(RandomNumbers& random) {
    dram::Device d;
    d.name = "random";
    d.channels = power(random, 0, 1);
    d.ranks = power(random, 0, 2);
    d.bank_groups = power(random, 0, 2);
    d.banks_per_group = power(random, 0, 2);
    d.rows = power(random, 0, 5);
    d.burst_length = power(random, 1, 4);
    d.columns = d.burst_length * power(random, 0, 4);
    d.device_width = power(random, 2, 4);
    d.bus_width = std::max(8, d.device_width * power(random, 0, 2));
    d.timing = random_timing(random);
    const int longest =
        d.timing.tras + d.timing.rl + d.timing.wl + d.burst_length + d.timing.twr + d.timing.trtp + 4 * d.timing.tppd;
    d.timing.trefi = 2 * (d.timing.trfc + d.timing.trp_ab + longest) + any(random, 0, random.chance(50) ? 100 : 3000);
    d.currents = {1.1, 60, 30, 40, 150, 160, 200};
    std::vector<std::string> fields = {"ro", "ra", "bg", "ba", "ch", "co"};
    shuffle(fields, random);
    d.mapping.clear();
    for (const std::string& field : fields) d.mapping += field;
    d.pages = random.chance(50) ? dram::PagePolicy::open : dram::PagePolicy::closed;
    d.read_queue = any(random, 1, 12);
    d.write_queue = any(random, 1, 12);
    d.write_high = any(random, 1, d.write_queue);
    d.write_low = any(random, 0, d.write_high - 1);
    d.row_hits = any(random, 1, 8);
    return d;
}

std::string describe(const dram::Device& d) {
    const dram::Timing& t = d.timing;
    std::ostringstream text;
    text << "channels " << d.channels << ", ranks " << d.ranks << ", groups " << d.bank_groups << " of " << d.banks_per_group
         << " banks, rows " << d.rows << ", columns " << d.columns << ", BL " << d.burst_length << ", bus " << d.bus_width
         << "\nRL " << t.rl << ", WL " << t.wl << ", tRCD " << t.trcd_rd << '/' << t.trcd_wr << ", tRP " << t.trp << ", tRPab "
         << t.trp_ab << ", tRAS " << t.tras << ", tRFC " << t.trfc << ", tREFI " << t.trefi << ", tRRD " << t.trrd_s << '/'
         << t.trrd_l << ", tFAW " << t.tfaw << ", tCCD " << t.tccd_s << '/' << t.tccd_l << ", tWTR " << t.twtr_s << '/'
         << t.twtr_l << ", tWR " << t.twr << ", tRTP " << t.trtp << ", tRTRS " << t.trtrs << ", tRPRE " << t.trpre << ", tPPD "
         << t.tppd << '\n'
         << d.mapping << (d.pages == dram::PagePolicy::open ? ", open" : ", closed") << ", queues " << d.read_queue << '/'
         << d.write_queue << ", watermarks " << d.write_high << '/' << d.write_low << ", row hits " << d.row_hits << '\n';
    return text.str();
}

}  // namespace accelsim::testing
