// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/lockstep.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <sstream>

#include "sim/rtl/lanes.hpp"
#include "sim/rtl/program.hpp"
#include "tests/rtl/write_vcd.hpp"

namespace accelsim::testing {

namespace {

constexpr std::size_t most_cycles = 200'000;

/// "input@GB", "output@GB up".
std::string signal_of(const Design& design, int boundary, bool up) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    return design.tensor(b.tensor).name + "@" + design.level(b.child).name + (up ? " up" : "");
}

/// Collects what the simulator tells, by cycle.
class Listener : public TraceSink {
public:
    explicit Listener(const Design& design) : design_(design) {}

    void group(const GroupEvent& event) override {
        std::ostringstream text;
        text << signal_of(design_, event.boundary, event.up) << ": tile " << event.tile << " group " << event.group << " words";
        for (const auto& word : event.words) {
            text << ' ' << word.front().address << "@";
            std::vector<std::int32_t> lanes;
            for (const Copy& copy : word) lanes.push_back(copy.lane);
            std::sort(lanes.begin(), lanes.end());
            for (std::size_t i = 0; i < lanes.size(); ++i) text << (i == 0 ? "" : ",") << lanes[i];
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
    const std::size_t rows = axis_positions(design, LoopKind::rows).size(), columns = axis_positions(design, LoopKind::columns).size();
    const auto width = static_cast<std::size_t>(hardware.at("COLUMNS"));
    std::vector<int> numbers(width * static_cast<std::size_t>(hardware.at("ROWS")), -1);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) numbers[r * width + c] = static_cast<int>(r * columns + c);
    }
    return numbers;
}

std::string group_text(const RtlGroup& group, const std::string& signal, const std::vector<int>& numbers) {
    std::ostringstream text;
    text << signal << ": tile " << group.tile << " group " << group.group << " words";
    for (const RtlWord& word : group.words) {
        text << ' ' << word.address << "@";
        bool first = true;
        for (std::size_t i = 0; i < numbers.size() && i < 64; ++i) {
            if ((word.lanes >> i & 1) == 0) continue;
            text << (first ? "" : ",") << numbers[i];
            first = false;
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

Side run_simulator(const Design& design, const Operands& operands) {
    Listener listener(design);
    SimulationOptions options;
    options.advance = Advance::single_step;
    options.sinks = {&listener};
    const SimulationResult result = simulate(design, operands, options);
    Side side;
    side.output = result.output;
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

Side run_rtl(RtlModel& model, const RtlHardware& hardware, const Design& design, const Operands& operands) {
    const RtlPlaces places = require_rtl(design);
    const std::vector<int> numbers = lane_numbers(design, hardware);
    load(model, hardware, design, operands);
    model.start();
    Side side;
    for (bool done = false; !done && side.cycles.size() < most_cycles;) {
        const RtlCycle cycle = model.cycle();
        done = cycle.done;
        std::map<int, std::string> groups;
        for (const RtlGroup& group : cycle.grants) {
            const int boundary = boundary_of(places, group.mover);
            const bool up = group.mover % 4 == 3;
            groups[2 * boundary + (up ? 1 : 0)] =
                group_text(group, signal_of(design, boundary, up), group.mover < 4 ? std::vector<int>{0} : numbers);
        }
        std::vector<std::string> texts = {"array: " + cause_text(design, places, cycle.cause)};
        for (const auto& [place, text] : groups) texts.push_back(text);
        side.cycles.push_back(texts);
    }
    const std::int64_t words = design.workload.output().words();
    for (std::int64_t i = 0; i < words; ++i) side.output.push_back(static_cast<std::int32_t>(model.result(static_cast<std::uint32_t>(i))));
    return side;
}

namespace {

std::string difference_at(const std::vector<std::string>& simulator, const std::vector<std::string>& rtl) {
    for (std::size_t i = 0; i < std::max(simulator.size(), rtl.size()); ++i) {
        const std::string a = i < simulator.size() ? simulator[i] : "nothing", b = i < rtl.size() ? rtl[i] : "nothing";
        if (a != b) return "  simulator: " + a + "\n  RTL:       " + b + "\n";
    }
    return "";
}

}  // namespace

std::string compare_sides(const Side& simulator, const Side& rtl, const std::string& vcd) {
    const std::size_t longest = std::max(simulator.cycles.size(), rtl.cycles.size());
    for (std::size_t t = 0; t < longest; ++t) {
        const std::vector<std::string> end = {"end of the run"};
        const std::string difference =
            difference_at(t < simulator.cycles.size() ? simulator.cycles[t] : end, t < rtl.cycles.size() ? rtl.cycles[t] : end);
        if (difference.empty()) continue;
        write_vcd(vcd, {{"simulator", &simulator}, {"rtl", &rtl}}, t < 20 ? 0 : t - 20, t + 20);
        return "first difference in cycle " + std::to_string(t) + ":\n" + difference + "  around it: " + vcd + "\n";
    }
    for (std::size_t i = 0; i < simulator.output.size(); ++i) {
        if (simulator.output[i] != rtl.output[i]) {
            return "output " + std::to_string(i) + ": simulator " + std::to_string(simulator.output[i]) + ", RTL " +
                   std::to_string(rtl.output[i]) + "\n";
        }
    }
    return "";
}

}  // namespace accelsim::testing
