// SPDX-License-Identifier: Apache-2.0
#include "sim/program/see/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/dram/device.hpp"

namespace accelsim {

namespace {

constexpr int machine_process = 1, dram_process = 2;
constexpr int array_track = 0;

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

/// The format counts in microseconds.
std::string microseconds(std::int64_t ps) { return fmt::format("{}.{:06}", ps / 1'000'000, ps % 1'000'000); }

int track_of_mover(std::size_t mover) { return static_cast<int>(mover) + 1; }

}  // namespace

TimelineWriter::TimelineWriter(const std::string& file, const Design& design, CycleWindow window)
    : file_(file), design_(design), window_(window), tiles_(2 * design.boundaries.size()) {
    // As SystemC takes it: docs/microarchitecture.md, 8.
    period_ps_ = std::max<std::int64_t>(1, std::llround(1e6 / design.architecture.clock_mhz));
    std::fputs("{\"displayTimeUnit\": \"ns\", \"traceEvents\": [", file_.stream());
    put(fmt::format(R"({{"ph": "M", "name": "process_name", "pid": {}, "args": {{"name": {}}}}})", machine_process,
                    quoted(design.name)));
    name_track(machine_process, array_track, "array");
    for (std::size_t b = 0; b < design.boundaries.size(); ++b) {
        const Boundary& boundary = design.boundaries[b];
        const std::string place = fmt::format("{}>{}.{}", design.level(boundary.parent).name, design.level(boundary.child).name,
                                              design.tensor(boundary.tensor).name);
        name_track(machine_process, track_of_mover(2 * b), place + ".fill");
        if (boundary.tensor == design.workload.output_index())
            name_track(machine_process, track_of_mover(2 * b + 1), place + ".drain");
    }
    if (!design.level(0).bursts) return;
    const dram::Device& device = *design.level(0).bursts->device;
    put(fmt::format(R"({{"ph": "M", "name": "process_name", "pid": {}, "args": {{"name": {}}}}})", dram_process,
                    quoted(device.name)));
    for (int channel = 0; channel < device.channels; ++channel) {
        for (int rank = 0; rank < device.ranks; ++rank) {
            for (int bank = 0; bank < device.banks(); ++bank) {
                const dram::Place place{channel, rank, bank / device.banks_per_group, bank % device.banks_per_group, 0, 0};
                name_track(dram_process, bank_of(place),
                           fmt::format("channel {} rank {} group {} bank {}", channel, rank, place.group, place.bank));
            }
        }
    }
}

void TimelineWriter::listen(SimulationOptions& options) {
    options.sinks.push_back(this);
    if (!design_.level(0).bursts) return;
    options.dram_listener = [this, others = options.dram_listener](const dram::Issued& issued) {
        if (others) others(issued);
        command(issued);
    };
}

void TimelineWriter::finish(std::int64_t cycles) {
    state_.count = std::max<std::int64_t>(0, std::min(state_.count, cycles - state_.cycle));
    for (std::size_t mover = 0; mover < tiles_.size(); ++mover) end_tile(mover);
    end_array();
    while (!rows_.empty()) close_row(rows_.begin()->first, last_clock_);
    std::fputs("\n]}\n", file_.stream());
    file_.publish();
}

void TimelineWriter::group(const GroupEvent& event) {
    const auto mover = static_cast<std::size_t>(2 * event.boundary + (event.up ? 1 : 0));
    TileSlice& tile = tiles_[mover];
    if (tile.tile != event.tile) {
        end_tile(mover);
        tile = {event.tile, event.cycle, event.cycle, 0, 0};
    }
    tile.last = event.cycle;
    ++tile.groups;
    tile.words += static_cast<std::int64_t>(event.words.size());
}

void TimelineWriter::array(const ArrayEvent& event) {
    if (state_.count > 0 && state_.busy == event.busy && state_.cause == event.cause &&
        state_.cycle + state_.count == event.cycle) {
        state_.count += event.count;
        return;
    }
    end_array();
    state_ = event;
}

void TimelineWriter::end_tile(std::size_t mover) {
    const TileSlice& tile = tiles_[mover];
    if (tile.tile < 0 || !window_.holds(tile.first)) return;
    slice(machine_process, track_of_mover(mover), fmt::format("tile {}", tile.tile), tile.first * period_ps_,
          (tile.last + 1 - tile.first) * period_ps_,
          fmt::format(R"("cycle": {}, "cycles": {}, "groups": {}, "words": {})", tile.first, tile.last + 1 - tile.first,
                      tile.groups, tile.words));
}

void TimelineWriter::end_array() {
    if (state_.count == 0 || !window_.holds(state_.cycle)) return;
    slice(machine_process, array_track, state_.name, state_.cycle * period_ps_, state_.count * period_ps_,
          fmt::format(R"("cycle": {}, "cycles": {}, "step": {})", state_.cycle, state_.count, state_.step));
}

int TimelineWriter::bank_of(const dram::Place& place) const {
    const dram::Device& device = *design_.level(0).bursts->device;
    return ((place.channel * device.ranks + place.rank) * device.bank_groups + place.group) * device.banks_per_group + place.bank;
}

void TimelineWriter::command(const dram::Issued& issued) {
    const dram::Device& device = *design_.level(0).bursts->device;
    const int bank = bank_of(issued.place);
    const std::int64_t tck = device.timing.tck_ps, now = issued.clock * tck;
    last_clock_ = std::max(last_clock_, issued.clock + device.burst_clocks());
    const auto burst = [&](const char* name) {
        if (window_.holds(now / period_ps_))
            slice(dram_process, bank, fmt::format("{} {}", name, issued.place.column), now, device.burst_clocks() * tck);
    };
    switch (issued.command) {
        case dram::Command::act:
            rows_[bank] = {issued.place.row, issued.clock};
            return;
        case dram::Command::rd:
            return burst("RD");
        case dram::Command::wr:
            return burst("WR");
        case dram::Command::rda:
            burst("RD");
            return close_row(bank, issued.clock + device.burst_clocks());
        case dram::Command::wra:
            burst("WR");
            return close_row(bank, issued.clock + device.burst_clocks());
        case dram::Command::pre:
            return close_row(bank, issued.clock);
        case dram::Command::prea:
            for (int b = 0; b < device.banks(); ++b) close_row(bank - bank % device.banks() + b, issued.clock);
            return;
        case dram::Command::ref:
            if (window_.holds(now / period_ps_)) slice(dram_process, bank, "refresh", now, device.timing.trfc * tck);
    }
}

void TimelineWriter::close_row(int bank, std::int64_t clock) {
    const auto open = rows_.find(bank);
    if (open == rows_.end()) return;
    const std::int64_t tck = design_.level(0).bursts->device->timing.tck_ps;
    const OpenRow row = open->second;
    rows_.erase(open);
    if (window_.holds(row.since * tck / period_ps_))
        slice(dram_process, bank, fmt::format("row {}", row.row), row.since * tck, (clock - row.since) * tck);
}

void TimelineWriter::name_track(int process, int track, const std::string& name) {
    put(fmt::format(R"({{"ph": "M", "name": "thread_name", "pid": {}, "tid": {}, "args": {{"name": {}}}}})", process, track,
                    quoted(name)));
    put(fmt::format(R"({{"ph": "M", "name": "thread_sort_index", "pid": {}, "tid": {}, "args": {{"sort_index": {}}}}})", process,
                    track, track));
}

void TimelineWriter::slice(int process, int track, const std::string& name, std::int64_t from_ps, std::int64_t length_ps,
                           const std::string& arguments) {
    put(fmt::format(R"({{"ph": "X", "name": {}, "pid": {}, "tid": {}, "ts": {}, "dur": {}, "args": {{{}}}}})", quoted(name),
                    process, track, microseconds(from_ps), microseconds(length_ps), arguments));
}

void TimelineWriter::put(const std::string& event) {
    std::fputs(first_ ? "\n" : ",\n", file_.stream());
    std::fputs(event.c_str(), file_.stream());
    first_ = false;
}

}  // namespace accelsim
