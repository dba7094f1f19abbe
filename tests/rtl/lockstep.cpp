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

/// Collects what the simulator tells, by cycle.
class Listener : public TraceSink {
public:
    Listener(const Design& design, const Operands& operands) : design_(design), values_(design, operands) {}

    void group(const GroupEvent& event) override {
        std::ostringstream text;
        text << signal_of(design_, event.boundary, event.up) << ": tile " << event.tile << " group " << event.group << " words";
        for (const auto& word : event.words) {
            text << ' ' << word.front().address << "@";
            std::vector<std::int32_t> lanes;
            for (const Copy& copy : word) lanes.push_back(copy.lane);
            std::sort(lanes.begin(), lanes.end());
            for (std::size_t i = 0; i < lanes.size(); ++i) text << (i == 0 ? "" : ",") << lanes[i];
            text << '=' << values_.at(event.boundary, event.up, event.tile, word.front().address, word.front().lane);
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
    WordValues values_;
};

/// Boundary of a mover of the RTL.
int boundary_of(const RtlPlaces& places, int mover) {
    const auto tensor = static_cast<std::size_t>(mover == 3 || mover == 7 ? 2 : mover % 4);
    return mover < 4 ? places.buffer_boundary[tensor] : places.lane_boundary[tensor];
}

std::string cause_text(const Design& design, const RtlPlaces& places, int cause) {
    const std::vector<std::string> plain = {"busy", "startup", "drain", "output_space", "readback"};
    if (cause < 5) return plain[static_cast<std::size_t>(cause)];
    const auto tensor = static_cast<std::size_t>((cause - 5) / 2);
    return signal_of(design, (cause - 5) % 2 == 0 ? places.buffer_boundary[tensor] : places.lane_boundary[tensor], false);
}

/// Positions of the array become lanes: those in use, in order.
std::vector<int> lane_numbers(const Design& design, const RtlHardware& hardware) {
    const std::size_t rows = axis_positions(design, LoopKind::rows).size(),
                      columns = axis_positions(design, LoopKind::columns).size();
    const auto width = static_cast<std::size_t>(hardware.at("COLUMNS"));
    std::vector<int> numbers(width * static_cast<std::size_t>(hardware.at("ROWS")), -1);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) numbers[r * width + c] = static_cast<int>(r * columns + c);
    }
    return numbers;
}

std::int32_t sign_extended(std::uint32_t word, int bits) { return static_cast<std::int32_t>(word << (32 - bits)) >> (32 - bits); }

/// `data`: the words that arrive when the group does; empty when the run was over before.
std::string group_text(const RtlGroup& group, const std::vector<std::uint32_t>& data, int bits, const std::vector<int>& numbers) {
    std::ostringstream text;
    text << "tile " << group.tile << " group " << group.group << " words";
    for (const RtlWord& word : group.words) {
        text << ' ' << word.address << "@";
        bool first = true;
        for (std::size_t i = 0; i < numbers.size() && i < 64; ++i) {
            if ((word.lanes >> i & 1) == 0) continue;
            text << (first ? "" : ",") << numbers[i];
            first = false;
        }
        if (word.place < data.size()) text << '=' << sign_extended(data[word.place], bits);
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

Side run_simulator(const Design& design, const Operands& operands) {
    Listener listener(design, operands);
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
        run.output.push_back(static_cast<std::int32_t>(model.result(static_cast<std::uint32_t>(i))));
    return run;
}

Side rtl_side(const RtlRun& run, const RtlHardware& hardware, const Design& design) {
    const RtlPlaces places = require_rtl(design);
    const std::vector<int> numbers = lane_numbers(design, hardware);
    Side side;
    side.output = run.output;
    for (std::size_t t = 0; t < run.cycles.size(); ++t) {
        const RtlCycle& cycle = run.cycles[t];
        std::map<int, std::string> groups;
        for (const RtlGroup& group : cycle.grants) {
            const int index = boundary_of(places, group.mover);
            const Boundary& boundary = design.boundaries[static_cast<std::size_t>(index)];
            const bool up = group.mover % 4 == 3;
            const std::size_t arrival = t + static_cast<std::size_t>(up ? boundary.flight_up : boundary.flight_down);
            const std::vector<std::uint32_t> data = arrival < run.cycles.size()
                                                        ? run.cycles[arrival].data[static_cast<std::size_t>(group.mover)]
                                                        : std::vector<std::uint32_t>();
            groups[2 * index + (up ? 1 : 0)] =
                signal_of(design, index, up) + ": " +
                group_text(group, data, design.tensor(boundary.tensor).bits, group.mover < 4 ? std::vector<int>{0} : numbers);
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
