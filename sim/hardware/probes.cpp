// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/probes.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "mappings/lowering.hpp"
#include "sim/files/output_file.hpp"

namespace accelsim {

namespace {

/// GTKWave's flags of a displayed line (its analyzer.h): 24 decimal, 28 binary, 420 signed, 2022 hexadecimal through a
/// translate file, 800200 / 1000200 a group's begin / end.
constexpr const char* decimal = "@24";
constexpr const char* binary = "@28";
constexpr const char* signed_decimal = "@420";
constexpr const char* translated = "@2022";

const char* state_colour(int cause) {
    switch (cause) {
        case Array::startup:
        case Array::drain:
            return "dark gray";
        case Array::output_space:
            return "dark orange";
        case Array::readback:
            return "purple";
        default:
            return "dark red";
    }
}

std::string without_suffix(const std::string& file) {
    const std::string suffix = ".vcd";
    const bool has = file.size() > suffix.size() && file.compare(file.size() - suffix.size(), suffix.size(), suffix) == 0;
    return has ? file.substr(0, file.size() - suffix.size()) : file;
}

}  // namespace

std::string lane_path(const Design& design, std::int64_t lane) {
    // Values of the spatial loops, the last one fastest; then positions on the axes of each fan-out, adjacent loop fastest.
    std::vector<std::int64_t> values(design.loops.size(), 0);
    for (std::size_t i = design.loops.size(); i-- > 0;) {
        if (design.loops[i].is_temporal()) continue;
        values[i] = lane % design.loops[i].bound;
        lane /= design.loops[i].bound;
    }
    std::string path;
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        const Level& level = design.architecture.levels[l];
        if (level.kind != LevelKind::array) continue;
        std::int64_t row = 0;
        std::int64_t column = 0;
        for (std::size_t i = 0; i < design.loops.size(); ++i) {
            if (design.loops[i].level != static_cast<int>(l)) continue;
            std::int64_t& position = design.loops[i].kind == LoopKind::rows ? row : column;
            position = position * design.loops[i].bound + values[i];
        }
        path += (path.empty() ? "" : ".") + level.name + "_" + std::to_string(row) + "_" + std::to_string(column);
    }
    return path.empty() ? design.architecture.levels.back().name : path;
}

Probes::Probes(const Design& design, const VcdOptions& options, std::vector<Channel>& channels, const std::vector<Mover*>& movers,
               Array& array, const sc_core::sc_time& period)
    : design_(design), options_(options), period_(period), channels_(channels), movers_(movers), array_(array) {
    for (std::size_t i = 0, n = 0; i < design.loops.size(); ++i) {
        const LoweredLoop& loop = design.loops[i];
        if (!loop.is_temporal()) continue;
        // The number keeps the nest's order and tells loops of one dimension apart.
        const std::string& dimension = design.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name;
        const std::string& level = design.level(loop.level).name;
        loops_.push_back(
            {"machine.array.loops." + std::to_string(n++) + "_" + level + "_" + dimension, dimension + " in " + level, 0});
    }
    for (std::size_t m = 0; m < movers.size(); ++m) {
        if (movers[m] == nullptr) continue;
        mover_probes_.push_back({m, movers[m]->name(), false, false, 0, 0});
    }
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const Boundary& boundary = *channels[c].boundary;
        channel_probes_.push_back(
            {c, "machine." + design.level(boundary.child).name + ".slots_" + channels[c].tensor->name, 0, 0});
    }
    for (int lane : options.lanes) {
        if (lane < 0 || lane >= design.instances.back()) continue;
        const std::string path = "machine." + lane_path(design, lane);
        lane_probes_.push_back({lane, dynamic_cast<const Pe*>(sc_core::sc_find_object(path.c_str())), path, 0, 0, 0});
    }
    std::vector<std::int64_t> lanes;
    for (const LaneProbe& probe : lane_probes_) lanes.push_back(probe.lane);
    array.watch(lanes);
    trace_all();
}

void Probes::trace_all() {
    make_folder_of(options_.file);
    const std::string grows = waveform();
    if (!std::ofstream(grows)) throw UserError("cannot write " + options_.file + ": " + std::strerror(errno));
    file_ = sc_core::sc_create_vcd_trace_file(without_suffix(grows).c_str());
    sc_core::sc_trace(file_, state_, "machine.array.state");
    sc_core::sc_trace(file_, cycle_, "machine.array.cycle");
    sc_core::sc_trace(file_, step_, "machine.array.step");
    for (LoopProbe& p : loops_) sc_core::sc_trace(file_, p.value, p.scope);
    for (MoverProbe& p : mover_probes_) {
        sc_core::sc_trace(file_, p.valid, p.scope + ".valid");
        sc_core::sc_trace(file_, p.ready, p.scope + ".ready");
        sc_core::sc_trace(file_, p.words, p.scope + ".words");
        sc_core::sc_trace(file_, p.tile, p.scope + ".tile");
    }
    for (ChannelProbe& p : channel_probes_) {
        sc_core::sc_trace(file_, p.occupied, p.scope + ".occupied");
        sc_core::sc_trace(file_, p.usable, p.scope + ".usable");
    }
    for (LaneProbe& p : lane_probes_) {
        sc_core::sc_trace(file_, p.left, p.scope + "." + design_.tensor(0).name);
        sc_core::sc_trace(file_, p.right, p.scope + "." + design_.tensor(1).name);
        sc_core::sc_trace(file_, p.sum, p.scope + "." + design_.tensor(2).name);
    }
}

Probes::~Probes() {
    if (file_ == nullptr) return;
    sc_core::sc_close_vcd_trace_file(file_);
    std::error_code ignored;
    std::filesystem::remove(waveform(), ignored);
}

std::string Probes::waveform() const { return temporary_path(without_suffix(options_.file)) + ".vcd"; }

void Probes::finish() {
    sc_core::sc_close_vcd_trace_file(file_);
    file_ = nullptr;
    const std::string base = without_suffix(options_.file);
    // SystemC does not say when its writing failed; where the disk is full, this comment does not fit either.
    std::ofstream out(waveform(), std::ios::app);
    out << "$comment end $end\n";
    out.close();
    if (!out) {
        std::error_code ignored;
        std::filesystem::remove(waveform(), ignored);
        throw UserError("cannot write " + options_.file + ": the disk may be full");
    }
    write_whole_files({{base + ".gtkw", view()}, {base + ".states.txt", states()}});
    publish_file(waveform(), base + ".vcd");
}

std::int64_t Probes::opens(std::int64_t cycle) const {
    if (options_.to >= 0 && cycle > options_.to) return never;
    return std::max(cycle, options_.from);
}

void Probes::sample(std::int64_t cycle, const std::vector<char>& requests, const std::vector<std::int64_t>& words) {
    if (!open(cycle)) return;
    cycle_ = static_cast<int>(cycle);
    state_ = array_.last_was_busy() ? 0 : array_.last_cause() + 1;
    if (array_.last_was_busy()) {
        array_.flush();
        step_ = static_cast<int>(array_.steps() - 1);
    }
    const auto values = array_.last_loop_values();
    for (std::size_t i = 0; i < loops_.size(); ++i) loops_[i].value = static_cast<int>(values[i]);
    for (MoverProbe& p : mover_probes_) {
        const Mover& mover = *movers_[p.mover];
        p.valid = requests[p.mover] != 0;
        p.ready = words[p.mover] > 0;
        p.words = static_cast<int>(words[p.mover]);
        p.tile = mover.done() ? -1 : static_cast<int>(mover.sent_tile().number);
    }
    for (ChannelProbe& p : channel_probes_) {
        Channel& c = channels_[p.channel];
        p.occupied = static_cast<int>(c.reserved.at(cycle) - c.released.at(cycle));
        p.usable = static_cast<int>(c.usable.at(cycle) - std::min(c.released.at(cycle), c.usable.at(cycle)));
    }
    for (LaneProbe& p : lane_probes_) {
        const Array::LaneView view = p.pe != nullptr ? p.pe->view() : array_.view(p.lane);
        p.left = view.left;
        p.right = view.right;
        p.sum = view.sum;
    }
}

std::string Probes::states() const {
    std::ostringstream out;
    out << "00000000 ?forest green?busy\n";
    const auto& causes = array_.stalls();
    for (std::size_t i = 0; i < causes.size(); ++i) {
        char key[24];
        std::snprintf(key, sizeof key, "%08zx", i + 1);
        out << key << " ?" << state_colour(static_cast<int>(i)) << '?' << causes[i].cause << '\n';
    }
    return out.str();
}

/// A saved view beside the VCD; all paths relative, so that the folder can move.
std::string Probes::view() const {
    const std::string base = without_suffix(options_.file);
    const std::string name = std::filesystem::path(base).filename().string();
    std::ostringstream out;
    const double period_ps = sc_core::sc_time(period_).to_seconds() * 1e12;
    const std::int64_t last = options_.to >= 0 ? std::min<std::int64_t>(options_.to, cycle_) : cycle_;
    const auto start = static_cast<std::int64_t>(static_cast<double>(options_.from) * period_ps);
    // GTKWave shows 2^-zoom time units per 200 pixels; the waves get about 1000.
    const double zoom = -std::log2(std::max(1.0, static_cast<double>(last - options_.from + 1) * period_ps / 5.0));
    out << "[*] " << design_.name << ", " << design_.dataflow << "\n[dumpfile] \"" << name << ".vcd\"\n[savefile] \"" << name
        << ".gtkw\"\n[timestart] " << start << "\n[size] 1600 1000\n[pos] -1 -1\n*" << zoom << ' ' << start;
    for (int marker = 0; marker < 26; ++marker) out << " -1";
    out << "\n[treeopen] SystemC.\n[treeopen] SystemC.machine.\n[sst_width] 200\n[signals_width] 300\n[sst_expanded] 1\n";
    write_groups(out, name);
    return out.str();
}

void Probes::write_groups(std::ostream& out, const std::string& name) const {
    const auto signal = [&](const char* format, const std::string& label, const std::string& path, int bits) {
        out << format << "\n+{" << label << "} SystemC." << path;
        if (bits > 1) out << '[' << bits - 1 << ":0]";
        out << '\n';
    };
    const auto group = [&](const std::string& title, auto body) {
        out << "@800200\n-" << title << '\n';
        body();
        out << "@1000200\n-" << title << '\n';
    };
    group("array", [&] {
        out << translated << "\n^1 " << name << ".states.txt\n+{state} SystemC.machine.array.state[31:0]\n";
        signal(decimal, "cycle", "machine.array.cycle", 32);
        signal(decimal, "step", "machine.array.step", 32);
        for (const LoopProbe& p : loops_) signal(decimal, "for " + p.label, p.scope, 32);
    });
    for (const LaneProbe& p : lane_probes_) {
        group(p.scope.substr(p.scope.find('.') + 1), [&] {
            for (int t = 0; t < 3; ++t) {
                const std::string& tensor = design_.tensor(t).name;
                signal(signed_decimal, tensor, p.scope + '.' + tensor, t == 2 ? 32 : 16);
            }
        });
    }
    for (const ChannelProbe& c : channel_probes_) {
        const Channel& channel = channels_[c.channel];
        const std::string parent = design_.level(channel.boundary->parent).name;
        const std::string child = design_.level(channel.boundary->child).name;
        group(channel.tensor->name + ": " + parent + (channel.is_output() ? " <> " : " > ") + child, [&] {
            for (const MoverProbe& p : mover_probes_) {
                if (p.mover / 2 != c.channel) continue;
                const std::string what = movers_[p.mover]->up() ? "drain " : "fill ";
                signal(binary, what + "valid", p.scope + ".valid", 1);
                signal(binary, what + "ready", p.scope + ".ready", 1);
                signal(decimal, what + "words", p.scope + ".words", 32);
                signal(decimal, what + "tile", p.scope + ".tile", 32);
            }
            signal(decimal, "slots occupied", c.scope + ".occupied", 32);
            signal(decimal, "slots usable", c.scope + ".usable", 32);
        });
    }
}

}  // namespace accelsim
