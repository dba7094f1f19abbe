// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dram_traffic.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "tests/reference/dram_monitor.hpp"
#include "tests/reference/dram_ticked.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

constexpr std::int64_t patience = 1000000;  ///< clocks in which nothing more is done: a controller hangs

bool is_refresh(dram::Command c) { return c == dram::Command::prea || c == dram::Command::ref; }

std::string text(const dram::Issued& i) {
    std::ostringstream line;
    line << "clock " << i.clock << ": " << dram::name_of(i.command) << " channel " << i.place.channel << " rank " << i.place.rank;
    if (is_refresh(i.command)) return line.str();
    line << " group " << i.place.group << " bank " << i.place.bank;
    if (i.command == dram::Command::pre) return line.str();
    line << " row " << i.place.row;
    if (i.command != dram::Command::act) line << " column " << i.place.column;
    return line.str();
}

std::string text(const dram::Done& d) {
    return "tag " + std::to_string(d.tag) + (d.served ? " served, done at " : " accepted at ") + std::to_string(d.clock);
}

/// One controller's run.
struct Told {
    std::vector<dram::Issued> commands;
    std::vector<dram::Done> done;
    dram::Statistics statistics;
    std::int64_t active = 0;
    double energy_pj = 0;

    std::vector<std::string> lines(int channels) const {
        std::vector<std::string> result;
        for (int c = 0; c < channels; ++c)
            for (const dram::Issued& i : commands)
                if (i.place.channel == c) result.push_back(text(i));
        for (const dram::Done& d : done) result.push_back(text(d));
        const dram::Statistics& s = statistics;
        for (const auto& [name, value] : std::vector<std::pair<const char*, std::int64_t>>{{"reads", s.reads},
                                                                                           {"writes", s.writes},
                                                                                           {"activates", s.activates},
                                                                                           {"precharges", s.precharges},
                                                                                           {"refreshes", s.refreshes},
                                                                                           {"hits", s.row_hits},
                                                                                           {"misses", s.row_misses},
                                                                                           {"conflicts", s.row_conflicts},
                                                                                           {"last read", s.last_read_end},
                                                                                           {"last write", s.last_write_end}})
            result.push_back(std::string(name) + " " + std::to_string(value));
        return result;
    }
};

/// docs/dram.md, section 5.
double literal_energy(const dram::Device& d, const dram::Statistics& s, std::int64_t end) {
    const dram::Currents& i = d.currents;
    const dram::Timing& t = d.timing;
    const double tck = static_cast<double>(t.tck_ps) / 1000;
    const int burst = d.burst_length / 2;
    const double act = i.vdd * (i.idd0 * (t.tras + t.trp) - i.idd3n * t.tras - i.idd2n * t.trp) * tck;
    const double rd = i.vdd * (i.idd4r - i.idd3n) * burst * tck;
    const double wr = i.vdd * (i.idd4w - i.idd3n) * burst * tck;
    const double ref = i.vdd * (i.idd5ab - i.idd3n) * t.trfc * tck;
    const std::int64_t others = end * d.channels * d.ranks - s.active_clocks;
    const double background =
        i.vdd * i.idd3n * tck * static_cast<double>(s.active_clocks) + i.vdd * i.idd2n * tck * static_cast<double>(others);
    return (act * static_cast<double>(s.activates) + rd * static_cast<double>(s.reads) + wr * static_cast<double>(s.writes) +
            ref * static_cast<double>(s.refreshes) + background) *
           (static_cast<double>(d.bus_width) / d.device_width);
}

std::int64_t random_address(RandomNumbers& random, const dram::Device& device) {
    return random.between(0, 2 * device.capacity_bytes() - 1);
}

}  // namespace

std::vector<DramArrival> random_dram_traffic(RandomNumbers& random, const dram::Device& device, int count) {
    std::vector<DramArrival> traffic;
    std::int64_t clock = 0;
    while (static_cast<int>(traffic.size()) < count) {
        const std::int64_t kind = random.between(0, 5);
        const std::int64_t base = random_address(random, device);
        const std::int64_t stride = kind == 0 ? device.burst_bytes() : random.between(1, 4 * device.row_bytes());
        const int writes = random.one_of<int>({0, 0, 20, 50, 100});
        const std::int64_t pause = random.one_of<std::int64_t>({0, 0, 1, 4, 20, 60});
        const std::int64_t length = random.between(1, 60);
        for (std::int64_t i = 0; i < length; ++i) {
            std::int64_t address = base + i * stride;                                                    // sequential, strided
            if (kind == 2) address = random_address(random, device);                                     // anywhere
            if (kind == 3) address = base + random.between(0, 3) * device.burst_bytes();                 // the same few bursts
            if (kind == 4 && random.chance(80)) address = base;                                          // one hot burst
            if (kind == 5) address = base + random.between(0, 2 * device.row_bytes() * device.banks());  // few rows
            traffic.push_back({clock, {address, random.chance(writes), static_cast<std::int64_t>(traffic.size())}});
            clock += random.between(0, pause);
        }
        if (random.chance(20)) clock += random.between(0, 3 * device.timing.trefi);
    }
    return traffic;
}

std::string compare_dram(const dram::Device& device, const std::vector<DramArrival>& traffic, RandomNumbers& random) {
    Told model, literal;
    dram::Controller controller(device);
    controller.listen([&](const dram::Issued& issued) { model.commands.push_back(issued); });
    DramTicked ticked(device);
    std::size_t next = 0;
    std::int64_t now = 0;  ///< first clock not done
    const bool event_by_event = random.chance(30);
    const int steps = random.one_of<int>({1, 10, 200, 5000});
    while (next < traffic.size() || !controller.idle() || !ticked.idle()) {
        // What was told to come: some of it early, all of it in time.
        std::int64_t until = now + random.between(0, steps);
        if (event_by_event && !controller.idle()) until = std::max(now, controller.next());
        while (next < traffic.size() && (traffic[next].clock <= until || random.chance(5))) {
            const DramArrival& arrival = traffic[next++];
            controller.push(std::max(now, arrival.clock), arrival.request);
            ticked.push(std::max(now, arrival.clock), arrival.request);
        }
        if (event_by_event && !controller.idle()) until = std::min(until, std::max(now, controller.next()));
        const std::int64_t promised = controller.next();
        const std::size_t commands = model.commands.size(), done = model.done.size();
        controller.advance(until, model.done);
        ticked.advance(until, literal.done);
        for (std::size_t i = commands; i < model.commands.size(); ++i)
            if (model.commands[i].clock < promised && !is_refresh(model.commands[i].command))
                return "next() was " + std::to_string(promised) + ", but " + text(model.commands[i]);
        for (std::size_t i = done; i < model.done.size(); ++i)
            if (!model.done[i].served && model.done[i].clock < promised)
                return "next() was " + std::to_string(promised) + ", but " + text(model.done[i]);
        now = until + 1;
        if (now > traffic.back().clock + patience)
            return std::string(controller.idle() ? "" : "models/dram hangs; ") +
                   (ticked.idle() ? "" : "the literal controller hangs");
    }
    model.statistics = controller.statistics();
    literal.commands = ticked.commands();
    literal.statistics = ticked.statistics();
    const std::string difference =
        first_difference(model.lines(device.channels), "models/dram", literal.lines(device.channels), "literal");
    if (!difference.empty()) return difference;
    const double energy = controller.energy_pj(now), expected = literal_energy(device, literal.statistics, now);
    if (std::abs(energy - expected) > 1e-9 * std::abs(expected) + 1e-6)
        return "energy " + std::to_string(energy) + ", literal " + std::to_string(expected) + " pJ";
    DramMonitor monitor(device);
    for (const dram::Issued& issued : model.commands) monitor.command(issued);
    monitor.finish(now);
    return monitor.violations().empty() ? "" : monitor.violations()[0];
}

}  // namespace accelsim::testing
