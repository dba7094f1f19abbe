// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/lockstep.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <sstream>

#include "sim/rtl/lanes.hpp"
#include "sim/rtl/program.hpp"
#include "tests/rtl/word_values.hpp"
#include "tests/rtl/write_vcd.hpp"

namespace accelsim::testing {

namespace {

/// "input@GB", "output@GB up".
std::string signal_of(const Design& design, int boundary, bool up) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    return design.tensor(b.tensor).name + "@" + design.level(b.child).name + (up ? " up" : "");
}

std::vector<Copy> by_lane(std::vector<Copy> copies) {
    std::sort(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) { return a.lane < b.lane; });
    return copies;
}

/// "4@0,1@2": addresses in the tiles of lanes.
std::string copies_text(const std::vector<Copy>& copies) {
    std::string text;
    for (const Copy& copy : copies)
        text += (text.empty() ? "" : ",") + std::to_string(copy.address) + "@" + std::to_string(copy.lane);
    return text;
}

/// Collects what the simulator tells, by cycle.
class Listener : public TraceSink {
public:
    Listener(const Design& design, const WordValues& values) : design_(design), values_(values) {}

    void group(const GroupEvent& event) override {
        std::ostringstream text;
        text << signal_of(design_, event.boundary, event.up) << ": tile " << event.tile << " group " << event.group << " words";
        for (const auto& word : event.words) {
            const std::vector<Copy> copies = by_lane(word);
            text << ' ' << copies_text(copies);
            for (std::size_t p = 0; p < values_.parents(event.boundary); ++p) {
                const auto value = values_.at(event.boundary, event.up, event.tile, copies, p);
                text << '=' << (value ? std::to_string(*value) : "-");
            }
        }
        groups[event.cycle][2 * event.boundary + (event.up ? 1 : 0)] = text.str();
    }

    void array(const ArrayEvent& event) override {
        for (std::int64_t i = 0; i < event.count; ++i) causes[event.cycle + i] = event.busy ? -1 : event.cause;
    }

    std::map<std::int64_t, std::map<int, std::string>> groups;
    std::map<std::int64_t, int> causes;

private:
    const Design& design_;
    const WordValues& values_;
};

std::string cause_text(const Design& design, const RtlPlaces& places, int cause) {
    const std::vector<std::string> plain = {"busy", "startup", "drain", "output_space", "readback"};
    if (cause < static_cast<int>(plain.size())) return plain[static_cast<std::size_t>(cause)];
    return signal_of(design, places.all_boundaries().at(static_cast<std::size_t>(cause - 5)), false);
}

/// What a mover's groups look like from outside.
struct MoverView {
    RtlMover mover;
    int bits = 0;
    std::int64_t flight = 0;
    std::vector<int> children;            ///< numbers of the children of one parent; -1: not in use
    std::vector<std::int64_t> registers;  ///< on the way to each parent that is in use
    std::vector<std::size_t> parents;     ///< places of the parents in use
    std::vector<std::int64_t> less;       ///< per child: what its address is below the word's
};

MoverView view_of(const Design& design, const RtlPlaces& places, const RtlMover& mover, bool overlaps) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(mover.boundary)];
    MoverView view{mover, design.tensor(b.tensor).bits, mover.up ? b.flight_up : b.flight_down, {}, {}, {}, {}};
    const std::size_t from = places.outside(b.parent), to = places.outside(b.child);
    const std::vector<RtlPosition> children = rtl_instances(design, places, from, to);
    view.children = instance_numbers(children);
    for (const std::vector<std::int64_t>& place : tile_places(design, b, children)) {
        std::int64_t address = 0;
        for (std::size_t a = 0; a < place.size(); ++a) address = address * b.extents[a] + place[a];
        view.less.push_back(overlaps ? address : 0);
    }
    const std::vector<RtlPosition> parents = rtl_instances(design, places, 0, from);
    for (std::size_t p = 0; p < parents.size(); ++p) {
        if (!parents[p].used) continue;
        view.parents.push_back(p);
        view.registers.push_back(parents[p].down + parents[p].across);
    }
    return view;
}

/// The group granted in cycle `t`. Of words that arrive after the run is over, nothing is said.
std::string group_text(const RtlRun& run, std::size_t t, const RtlGroup& group, const MoverView& view, const WordValues& values) {
    std::ostringstream text;
    text << "tile " << group.tile << " group " << group.group << " words";
    for (const RtlWord& word : group.words) {
        std::vector<Copy> copies;
        for (std::size_t i = 0; i < view.children.size() && i < 64; ++i) {
            if ((word.lanes >> i & 1) != 0) copies.push_back({std::int64_t{word.address} - view.less[i], view.children[i]});
        }
        text << ' ' << copies_text(copies);
        for (std::size_t p = 0; p < view.parents.size(); ++p) {
            const std::size_t arrival = t + static_cast<std::size_t>(view.flight + view.registers[p]);
            if (arrival >= run.cycles.size()) continue;
            if (!values.says(view.mover.boundary, view.mover.up, group.tile, copies, p)) {
                text << "=-";
                continue;
            }
            const auto& words = run.cycles[arrival].data[static_cast<std::size_t>(group.mover)][view.parents[p]];
            text << '=' << sign_extended(words[word.place], view.bits);
        }
    }
    return text.str();
}

void load(RtlModel& model, const RtlHardware& hardware, const Design& design, const Operands& operands) {
    const std::vector<std::uint32_t> program = rtl_program(design, hardware);
    for (std::size_t i = 0; i < program.size(); ++i) model.load(RtlModel::registers, static_cast<std::uint32_t>(i), program[i]);
    for (int t = 0; t < 2; ++t) {
        const auto& words = operands[static_cast<std::size_t>(t)];
        for (std::size_t i = 0; i < words.size(); ++i) {
            model.load(t == 0 ? RtlModel::input : RtlModel::weight, static_cast<std::uint32_t>(i),
                       static_cast<std::uint32_t>(std::int32_t{words[i]}));
        }
    }
}

}  // namespace

Side run_simulator(const Design& design, const Operands& operands, const WordValues& values) {
    Listener listener(design, values);
    SimulationOptions options;
    options.advance = Advance::single_step;
    options.sinks = {&listener};
    const SimulationResult result = simulate(design, operands, options);
    Side side;
    side.output = result.output;
    side.breakdown["busy"] = result.busy;
    for (const StallCount& stall : result.stalls) {
        if (stall.cycles > 0) side.breakdown[stall.cause] = stall.cycles;
    }
    const std::int64_t first = listener.causes.begin()->first, last = listener.causes.rbegin()->first;
    for (std::int64_t cycle = 0; cycle < result.cycles; ++cycle) {
        std::string state = cycle < first ? "startup" : cycle > last ? "drain" : "unknown";
        const auto found = listener.causes.find(cycle);
        if (found != listener.causes.end())
            state = found->second < 0 ? "busy" : result.stalls[static_cast<std::size_t>(found->second)].cause;
        std::vector<std::string> texts = {"array: " + state};
        for (const auto& [place, text] : listener.groups[cycle]) texts.push_back(text);
        side.cycles.push_back(texts);
    }
    return side;
}

RtlRun run_rtl(RtlModel& model, const RtlHardware& hardware, const Design& design, const Operands& operands, std::size_t most) {
    load(model, hardware, design, operands);
    model.start();
    RtlRun run;
    for (bool done = false; !done && run.cycles.size() < most;) {
        run.cycles.push_back(model.cycle());
        done = run.cycles.back().done;
    }
    const std::int64_t words = design.workload.output().words();
    for (std::int64_t i = 0; i < words; ++i)
        run.output.push_back(sign_extended(model.result(static_cast<std::uint32_t>(i)), design.workload.output().bits));
    return run;
}

Side rtl_side(const RtlRun& run, const RtlHardware& hardware, const Design& design, const WordValues& values) {
    const RtlPlaces places = require_rtl(design);
    std::vector<MoverView> views;
    const std::vector<int> boundaries = places.all_boundaries();
    for (const RtlMover& mover : places.movers) {
        const auto at = std::find(boundaries.begin(), boundaries.end(), mover.boundary) - boundaries.begin();
        views.push_back(view_of(design, places, mover, hardware.overlap[static_cast<std::size_t>(at)] > 0));
    }
    Side side;
    side.output = run.output;
    for (std::size_t t = 0; t < run.cycles.size(); ++t) {
        const RtlCycle& cycle = run.cycles[t];
        std::map<int, std::string> groups;
        for (const RtlGroup& group : cycle.grants) {
            const RtlMover& mover = views[static_cast<std::size_t>(group.mover)].mover;
            groups[2 * mover.boundary + (mover.up ? 1 : 0)] =
                signal_of(design, mover.boundary, mover.up) + ": " +
                group_text(run, t, group, views[static_cast<std::size_t>(group.mover)], values);
        }
        const std::string state = cause_text(design, places, cycle.cause);
        ++side.breakdown[state];
        std::vector<std::string> texts = {"array: " + state};
        for (const auto& [place, text] : groups) texts.push_back(text);
        side.cycles.push_back(texts);
    }
    return side;
}

std::pair<std::string, std::string> split_signal(const std::string& text) {
    const std::size_t colon = text.find(':');
    return {text.substr(0, colon), text.substr(colon + 2)};
}

namespace {

std::string both(const std::string& simulator, const std::string& rtl) {
    return "  simulator: " + simulator + "\n  RTL:       " + rtl + "\n";
}

/// The first signal of a cycle whose values differ, with both; empty when there is none.
std::string difference_at(const std::vector<std::string>& simulator, const std::vector<std::string>& rtl) {
    if (simulator == rtl) return "";
    std::vector<std::string> signals;
    std::map<std::string, std::string> left, right;
    for (const auto& [texts, values] : {std::pair{&simulator, &left}, std::pair{&rtl, &right}}) {
        for (const std::string& text : *texts) {
            const auto [signal, value] = split_signal(text);
            signals.push_back(signal);
            (*values)[signal] = value;
        }
    }
    for (const std::string& signal : signals) {
        const std::string a = left.contains(signal) ? left[signal] : "nothing",
                          b = right.contains(signal) ? right[signal] : "nothing";
        if (a != b) return "signal " + signal + ":\n" + both(a, b);
    }
    return "order of the groups:\n" + both(simulator.back(), rtl.back());
}

std::string text(const std::map<std::string, std::int64_t>& breakdown) {
    std::string result;
    for (const auto& [cause, cycles] : breakdown) result += (result.empty() ? "" : ", ") + cause + " " + std::to_string(cycles);
    return result;
}

}  // namespace

std::string compare_sides(const Side& simulator, const Side& rtl, const std::string& vcd) {
    const std::size_t longest = std::max(simulator.cycles.size(), rtl.cycles.size());
    for (std::size_t t = 0; t < longest; ++t) {
        const std::vector<std::string> end = {"array: the run is over"};
        const std::string difference =
            difference_at(t < simulator.cycles.size() ? simulator.cycles[t] : end, t < rtl.cycles.size() ? rtl.cycles[t] : end);
        if (difference.empty()) continue;
        write_vcd(vcd, {{"simulator", &simulator}, {"rtl", &rtl}}, t < 20 ? 0 : t - 20, t + 20);
        return "first difference in cycle " + std::to_string(t) + ", " + difference + "  around it: " + vcd + "\n";
    }
    if (simulator.breakdown != rtl.breakdown) return "breakdown:\n" + both(text(simulator.breakdown), text(rtl.breakdown));
    if (simulator.output.size() != rtl.output.size())
        return "number of outputs:\n" + both(std::to_string(simulator.output.size()), std::to_string(rtl.output.size()));
    for (std::size_t i = 0; i < simulator.output.size(); ++i) {
        if (simulator.output[i] != rtl.output[i])
            return "output " + std::to_string(i) + ":\n" +
                   both(std::to_string(simulator.output[i]), std::to_string(rtl.output[i]));
    }
    return "";
}

}  // namespace accelsim::testing
