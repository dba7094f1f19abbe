// SPDX-License-Identifier: Apache-2.0
#include "models/dram/controller.hpp"

#include <algorithm>

namespace accelsim::dram {

const char* name_of(Command command) {
    static const char* const names[] = {"ACT", "RD", "RDA", "WR", "WRA", "PRE", "PREA", "REF"};
    return names[static_cast<int>(command)];
}

Controller::Controller(const Device& device) : device_(device), map_(device_) {
    validate(device_);
    for (int c = 0; c < device_.channels; ++c) channels_.emplace_back(device_, map_, c);
}

void Controller::push(std::int64_t clock, const Request& request) {
    channels_[static_cast<std::size_t>(map_.place(request.address).channel)].push(clock, request);
}

std::int64_t Controller::next() const {
    std::int64_t next = never;
    for (const Channel& channel : channels_) {
        if (!channel.idle()) next = std::min(next, channel.next());
    }
    return next;
}

void Controller::advance(std::int64_t clock, std::vector<Done>& done) {
    for (Channel& channel : channels_) channel.advance(clock, done, listener_);
}

bool Controller::idle() const {
    return std::all_of(channels_.begin(), channels_.end(), [](const Channel& channel) { return channel.idle(); });
}

bool Controller::writes_pending() const {
    return std::any_of(channels_.begin(), channels_.end(), [](const Channel& channel) { return channel.writes_pending(); });
}

Statistics Controller::statistics() const {
    Statistics total;
    for (const Channel& channel : channels_) {
        const Statistics& s = channel.statistics();
        total.reads += s.reads;
        total.writes += s.writes;
        total.activates += s.activates;
        total.precharges += s.precharges;
        total.refreshes += s.refreshes;
        total.row_hits += s.row_hits;
        total.row_misses += s.row_misses;
        total.row_conflicts += s.row_conflicts;
        total.last_write_end = std::max(total.last_write_end, s.last_write_end);
        total.last_read_end = std::max(total.last_read_end, s.last_read_end);
    }
    return total;
}

double Controller::energy_pj(std::int64_t end) const {
    const Timing& t = device_.timing;
    const Currents& i = device_.currents;
    const Statistics s = statistics();
    const double per_clock = i.vdd * static_cast<double>(t.tck_ps) * 1e-3 * device_.devices();  // mA x V x ns = pJ
    std::int64_t active = 0;
    for (const Channel& channel : channels_) active += channel.active_clocks(end);
    const std::int64_t standby = end * device_.channels * device_.ranks - active;
    double clocks = static_cast<double>(s.activates) * (i.idd0 * t.trc() - i.idd3n * t.tras - i.idd2n * t.trp);
    clocks += static_cast<double>(s.reads) * (i.idd4r - i.idd3n) * device_.burst_clocks();
    clocks += static_cast<double>(s.writes) * (i.idd4w - i.idd3n) * device_.burst_clocks();
    clocks += static_cast<double>(s.refreshes) * (i.idd5ab - i.idd3n) * t.trfc;
    clocks += static_cast<double>(active) * i.idd3n + static_cast<double>(standby) * i.idd2n;
    return clocks * per_clock;
}

}  // namespace accelsim::dram
