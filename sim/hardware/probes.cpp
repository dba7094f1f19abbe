// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/probes.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "mappings/lowering.hpp"
#include "models/energy.hpp"
#include "sim/files/output_file.hpp"

namespace accelsim {

namespace {

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

/// Of a tensor, as in the order of the workload.
WaveView::Colour tensor_colour(int tensor) {
    constexpr WaveView::Colour colours[] = {WaveView::Colour::green, WaveView::Colour::orange, WaveView::Colour::yellow};
    return colours[tensor % 3];
}

std::string without_suffix(const std::string& file, const std::string& suffix) {
    return file.ends_with(suffix) && file.size() > suffix.size() ? file.substr(0, file.size() - suffix.size()) : file;
}

std::string suffix_of(const WaveformOptions& options) { return options.fst ? ".fst" : ".vcd"; }

/// Everything counted once.
Counts one_of_each(Counts counts) {
    for (LevelCounts& level : counts.levels) {
        for (TensorCounts& t : level.tensors)
            t.reads_to_child = t.reads_to_parent = t.writes_from_parent = t.writes_from_child = 1;
    }
    for (NetworkCounts& network : counts.networks) {
        for (LinkCounts& link : network.tensors) link.injected = link.delivered = link.hops = link.hop_lengths = 1;
    }
    counts.mac_operations = 1;
    return counts;
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

Probes::Probes(const Design& design, const WaveformOptions& options, const Counts& counts, std::vector<Channel>& channels,
               const std::vector<Mover*>& movers, Array& array, const sc_core::sc_time& period)
    : design_(design), options_(options), counts_(counts), period_(period), channels_(channels), movers_(movers), array_(array) {
    options_.file = without_suffix(options.file, suffix_of(options));
    std::vector<std::string> loop_names;
    for (const LoweredLoop& loop : design.loops) {
        if (!loop.is_temporal()) continue;
        // The number keeps the nest's order and tells loops of one dimension apart.
        const std::string& dimension = design.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name;
        const std::string& level = design.level(loop.level).name;
        loops_.push_back({"machine.array.loops." + std::to_string(loops_.size()) + "_" + level + "_" + dimension,
                          dimension + " in " + level, 0});
        loop_names.push_back(dimension);
    }
    marks_ = TileMarks(loop_names);
    for (std::size_t m = 0; m < movers.size(); ++m) {
        if (movers[m] != nullptr) mover_probes_.push_back({m, movers[m]->name(), false, false, 0, 0});
    }
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const int child = channels[c].boundary->child;
        const std::string buffer = "machine." + design.level(child).name;
        channel_probes_.push_back({c, buffer + ".slots_" + channels[c].tensor->name, 0, 0});
        const bool seen = !buffer_probes_.empty() && buffer_probes_.back().level == child;
        if (design.level(child).is_buffer() && !channels[c].windowed() && !seen) buffer_probes_.push_back({child, buffer, 0});
    }
    for (int lane : options.lanes) {
        if (lane < 0 || lane >= design.instances.back()) continue;
        const std::string path = "machine." + lane_path(design, lane);
        lane_probes_.push_back({lane, dynamic_cast<const Pe*>(sc_core::sc_find_object(path.c_str())), path, 0, 0, 0});
    }
    find_energy();
    std::vector<std::int64_t> lanes;
    for (const LaneProbe& probe : lane_probes_) lanes.push_back(probe.lane);
    array.watch(lanes);
    trace_all();
}

/// A curve for each part that costs something; the energy of a detailed DRAM is known at the end only, and with it the sum.
void Probes::find_energy() {
    const EnergyReport one = price(design_, one_of_each(counts_));
    const bool detailed = design_.level(0).bursts.has_value();
    for (const LevelEnergy& level : one.levels) {
        if (level.pj > 0 && !(detailed && level.name == design_.level(0).name))
            energy_probes_.push_back({"machine." + level.name, level.name, 0});
    }
    for (const NetworkEnergy& network : one.networks) {
        if (network.pj > 0)
            energy_probes_.push_back({"machine." + network.to + ".from_" + network.from, network.from + " > " + network.to, 0});
    }
    if (one.mac_pj > 0) energy_probes_.push_back({"machine.array", "MACs", 0});
    if (!detailed && one.total_pj > 0) energy_probes_.push_back({"machine", "all", 0});
}

void Probes::trace_all() {
    const std::string file = options_.file + suffix_of(options_);
    waveform_ = options_.fst ? make_fst(file) : make_vcd(file);
    const auto trace = [&](const auto& variable, const std::string& path) { waveform_->add(path, &variable); };
    trace(state_, "machine.array.state");
    trace(cycle_, "machine.array.cycle");
    trace(step_, "machine.array.step");
    for (LoopProbe& p : loops_) trace(p.value, p.scope);
    for (MoverProbe& p : mover_probes_) {
        trace(p.valid, p.scope + ".valid");
        trace(p.ready, p.scope + ".ready");
        trace(p.words, p.scope + ".words");
        trace(p.tile, p.scope + ".tile");
    }
    for (ChannelProbe& p : channel_probes_) {
        trace(p.occupied, p.scope + ".occupied");
        trace(p.usable, p.scope + ".usable");
    }
    for (LaneProbe& p : lane_probes_) {
        trace(p.left, p.scope + "." + design_.tensor(0).name);
        trace(p.right, p.scope + "." + design_.tensor(1).name);
        trace(p.sum, p.scope + "." + design_.tensor(2).name);
    }
    for (BufferProbe& p : buffer_probes_) trace(p.words, p.scope + ".words_taken");
    for (EnergyProbe& p : energy_probes_) trace(p.pj, p.scope + ".energy_pj");
}

void Probes::finish() {
    waveform_->finish();
    const std::string name = std::filesystem::path(options_.file).filename().string();
    const auto period = static_cast<std::int64_t>(period_.value());
    const std::int64_t last = options_.to >= 0 ? std::min<std::int64_t>(options_.to, cycle_) : cycle_;
    write_whole_files({{options_.file + ".gtkw", view().text(design_.name + ", " + design_.dataflow, name + suffix_of(options_),
                                                             name + ".gtkw", options_.from * period, (last + 1) * period)},
                       {options_.file + ".states.txt", states()}});
    waveform_->publish();
}

std::int64_t Probes::opens(std::int64_t cycle) const {
    if (options_.to >= 0 && cycle > options_.to) return never;
    return std::max(cycle, options_.from);
}

void Probes::requests(std::int64_t cycle, const std::vector<char>& requests) {
    if (!open(cycle)) return;
    for (MoverProbe& p : mover_probes_) {
        const Mover& mover = *movers_[p.mover];
        p.valid = requests[p.mover] != 0;
        p.tile = !p.valid && mover.done() ? -1 : static_cast<std::int32_t>(mover.sent_tile().number);
    }
}

void Probes::sample(std::int64_t cycle, const std::vector<std::int64_t>& words) {
    if (!open(cycle)) return;
    cycle_ = static_cast<int>(cycle);
    state_ = array_.last_was_busy() ? 0 : array_.last_cause() + 1;
    if (array_.last_was_busy()) {
        array_.flush();
        step_ = static_cast<int>(array_.steps() - 1);
    }
    const auto& values = array_.last_loop_values();
    if (array_.last_was_busy()) marks_.step(cycle, values);
    for (std::size_t i = 0; i < loops_.size(); ++i) loops_[i].value = static_cast<int>(values[i]);
    for (MoverProbe& p : mover_probes_) {
        p.ready = words[p.mover] > 0;
        p.words = static_cast<std::int32_t>(words[p.mover]);
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
    for (BufferProbe& p : buffer_probes_) {
        p.words = 0;
        for (const ChannelProbe& c : channel_probes_) {
            const Boundary& boundary = *channels_[c.channel].boundary;
            if (boundary.child == p.level && !channels_[c.channel].windowed())
                p.words += static_cast<std::int32_t>(c.occupied * boundary.tile_words);
        }
    }
    price_counts();
    waveform_->sample(cycle * static_cast<std::int64_t>(period_.value()));
}

/// Counts change with whole tiles and runs of steps, not in every cycle.
void Probes::price_counts() {
    const std::int64_t macs = array_.macs() + array_.padding_macs();
    if (energy_probes_.empty() || (macs == priced_macs_ && counts_ == counts_before_)) return;
    counts_before_ = counts_;
    priced_macs_ = macs;
    Counts so_far = counts_;
    so_far.mac_operations = macs;  // else known at the end only
    const EnergyReport report = price(design_, so_far);
    auto probe = energy_probes_.begin();
    const auto show = [&](const std::string& label, double pj) {
        if (probe != energy_probes_.end() && probe->label == label) (probe++)->pj = pj;
    };
    for (const LevelEnergy& level : report.levels) show(level.name, level.pj);
    for (const NetworkEnergy& network : report.networks) show(network.from + " > " + network.to, network.pj);
    show("MACs", report.mac_pj);
    show("all", report.total_pj);
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

WaveView Probes::view() const {
    using Format = WaveView::Format;
    WaveView view;
    const auto period = static_cast<std::int64_t>(period_.value());
    for (const TileMarks::Mark& mark : marks_.marks()) view.marker(mark.cycle * period, mark.name);
    view.begin_group("array");
    view.translated("state", "machine.array.state", std::filesystem::path(options_.file).filename().string() + ".states.txt");
    view.signal("cycle", "machine.array.cycle", 32, Format::decimal);
    view.signal("step", "machine.array.step", 32, Format::decimal);
    for (const LoopProbe& p : loops_) view.signal("for " + p.label, p.scope, 32, Format::decimal);
    view.end_group();
    if (!buffer_probes_.empty()) {
        view.begin_group("words taken in one instance of each buffer");
        for (const BufferProbe& p : buffer_probes_) view.integer_curve(design_.level(p.level).name, p.scope + ".words_taken");
        view.end_group();
    }
    if (!energy_probes_.empty()) {
        view.begin_group("energy counted so far, pJ");
        for (const EnergyProbe& p : energy_probes_) view.real_curve(p.label, p.scope + ".energy_pj", WaveView::Colour::red);
        view.end_group();
    }
    for (const LaneProbe& p : lane_probes_) {
        view.begin_group(p.scope.substr(p.scope.find('.') + 1));
        for (int t = 0; t < 3; ++t) {
            const std::string& tensor = design_.tensor(t).name;
            view.signal(tensor, p.scope + '.' + tensor, t == 2 ? 32 : 16, Format::signed_decimal, tensor_colour(t));
        }
        view.end_group();
    }
    show_channels(view);
    return view;
}

void Probes::show_channels(WaveView& view) const {
    using Format = WaveView::Format;
    for (const ChannelProbe& c : channel_probes_) {
        const Channel& channel = channels_[c.channel];
        const std::string parent = design_.level(channel.boundary->parent).name;
        const std::string child = design_.level(channel.boundary->child).name;
        const WaveView::Colour colour = tensor_colour(channel.boundary->tensor);
        view.begin_group(channel.tensor->name + ": " + parent + (channel.is_output() ? " <> " : " > ") + child);
        for (const MoverProbe& p : mover_probes_) {
            if (p.mover / 2 != c.channel) continue;
            const std::string what = movers_[p.mover]->up() ? "drain " : "fill ";
            view.signal(what + "valid", p.scope + ".valid", 1, Format::binary, colour);
            view.signal(what + "ready", p.scope + ".ready", 1, Format::binary, colour);
            view.signal(what + "words", p.scope + ".words", 32, Format::decimal, colour);
            view.signal(what + "tile", p.scope + ".tile", 32, Format::signed_decimal, colour);  // -1: no more
        }
        view.signal("slots occupied", c.scope + ".occupied", 32, Format::decimal, colour);
        view.signal("slots usable", c.scope + ".usable", 32, Format::decimal, colour);
        view.end_group();
    }
}

}  // namespace accelsim
