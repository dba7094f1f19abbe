// SPDX-License-Identifier: Apache-2.0
#include "tests/support/recorder.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

namespace accelsim::testing {

void Recorder::array(const ArrayEvent& event) {
    for (std::int64_t i = 0; i < event.count; ++i) {
        if (event.busy) issue_cycles.push_back(event.cycle + i);
        causes.push_back(event.busy ? -1 : event.cause);
    }
}

void Recorder::sort() {
    std::stable_sort(events.begin(), events.end(), [](const GroupEvent& a, const GroupEvent& b) {
        return std::tie(a.cycle, a.boundary, a.up) < std::tie(b.cycle, b.boundary, b.up);
    });
}

namespace {

constexpr std::int64_t cycle_limit = 10'000'000;

RunText record(Machine& machine, const Design& design, const Operands& operands, SimulationOptions options) {
    Recorder recorder;
    options.max_cycles = cycle_limit;
    options.sinks = {&recorder};
    std::vector<dram::Issued> commands;
    options.dram_listener = [&](const dram::Issued& command) { commands.push_back(command); };
    const SimulationResult r = machine.run(design, operands, options);
    recorder.sort();
    std::stable_sort(commands.begin(), commands.end(), [](const dram::Issued& a, const dram::Issued& b) {
        return std::tie(a.clock, a.place.channel) < std::tie(b.clock, b.place.channel);
    });
    return {r.cycles,
            r.busy,
            r.macs,
            r.stalls,
            r.counts,
            recorder.events,
            recorder.issue_cycles,
            r.output,
            commands,
            r.dram ? r.dram->fetched_words : 0};
}

}  // namespace

RunText record(Machine& machine, const Design& design, const Operands& operands, Advance advance) {
    SimulationOptions options;
    options.advance = advance;
    return record(machine, design, operands, options);
}

RunText run_unheard(Machine& machine, const Design& design, const Operands& operands) {
    SimulationOptions options;
    options.max_cycles = cycle_limit;
    const SimulationResult r = machine.run(design, operands, options);
    return {r.cycles, r.busy, r.macs, r.stalls, r.counts, {}, {}, r.output, {}, r.dram ? r.dram->fetched_words : 0};
}

RunText record_without_data(Machine& machine, const Design& design) {
    SimulationOptions options;
    options.data = false;
    return record(machine, design, {}, options);
}

std::vector<std::string> tensor_names(const Design& design) {
    std::vector<std::string> names;
    for (const Tensor& tensor : design.workload.tensors) names.push_back(tensor.name);
    return names;
}

namespace {

/// Causes that occurred, by name.
std::vector<StallCount> occurred(std::vector<StallCount> stalls) {
    stalls.erase(std::remove_if(stalls.begin(), stalls.end(), [](const StallCount& s) { return s.cycles == 0; }), stalls.end());
    std::sort(stalls.begin(), stalls.end(), [](const auto& a, const auto& b) { return a.cause < b.cause; });
    return stalls;
}

std::string text(const GroupEvent& event) {
    std::ostringstream out;
    out << "cycle " << event.cycle << " boundary " << event.boundary << (event.up ? " up" : " down") << " tile " << event.tile
        << " group " << event.group << " origin";
    for (std::int64_t o : event.origin) out << ' ' << o;
    out << " words";
    for (const auto& word : event.words) {
        out << " {";
        for (const Copy& copy : word) out << copy.address << '@' << copy.lane << ' ';
        out << '}';
    }
    return out.str();
}

}  // namespace

std::vector<std::string> lines(const Counts& counts) {
    std::vector<std::string> result;
    for (const LevelCounts& level : counts.levels) {
        for (const TensorCounts& t : level.tensors) {
            std::ostringstream out;
            out << level.name << " x" << level.instances << ' ' << t.tensor << " reads " << t.reads_to_child << ' '
                << t.reads_to_parent << " writes " << t.writes_from_parent << ' ' << t.writes_from_child << " tile "
                << t.tile_words;
            result.push_back(out.str());
        }
    }
    for (const NetworkCounts& network : counts.networks) {
        for (const LinkCounts& t : network.tensors) {
            std::ostringstream out;
            out << network.from << '>' << network.to << ' ' << t.tensor << " injected " << t.injected << " delivered "
                << t.delivered << " hops " << t.hops << " length " << t.hop_lengths;
            result.push_back(out.str());
        }
    }
    result.push_back("macs " + std::to_string(counts.mac_operations) + " padding " + std::to_string(counts.mac_padding));
    return result;
}

std::vector<std::string> lines(const RunText& run) {
    std::vector<std::string> result;
    for (const GroupEvent& event : run.events) result.push_back(text(event));
    for (std::int64_t cycle : run.issue_cycles) result.push_back("issue " + std::to_string(cycle));
    for (const StallCount& stall : occurred(run.stalls))
        result.push_back("stall " + stall.cause + ' ' + std::to_string(stall.cycles));
    result.push_back("cycles " + std::to_string(run.cycles) + " busy " + std::to_string(run.busy) + " macs " +
                     std::to_string(run.macs));
    for (const std::string& line : lines(run.counts)) result.push_back(line);
    for (const dram::Issued& c : run.commands) {
        std::ostringstream out;
        out << "clock " << c.clock << " channel " << c.place.channel << " rank " << c.place.rank << " group " << c.place.group
            << " bank " << c.place.bank << " row " << c.place.row << " column " << c.place.column << ' '
            << dram::name_of(c.command);
        result.push_back(out.str());
    }
    result.push_back("fetched " + std::to_string(run.fetched_words));
    for (std::size_t i = 0; i < run.output.size(); ++i)
        result.push_back("output " + std::to_string(i) + ' ' + std::to_string(run.output[i]));
    return result;
}

namespace {

bool same(const RunText& a, const RunText& b) {
    const auto stalls = [](const RunText& run) {
        std::vector<std::pair<std::string, std::int64_t>> result;
        for (const StallCount& s : occurred(run.stalls)) result.emplace_back(s.cause, s.cycles);
        return result;
    };
    return std::tie(a.cycles, a.busy, a.macs, a.counts, a.events, a.issue_cycles, a.output, a.commands, a.fetched_words) ==
               std::tie(b.cycles, b.busy, b.macs, b.counts, b.events, b.issue_cycles, b.output, b.commands, b.fetched_words) &&
           stalls(a) == stalls(b);
}

}  // namespace

std::string first_difference(const RunText& left, const std::string& left_name, const RunText& right,
                             const std::string& right_name) {
    if (same(left, right)) return "";  // text is slow, and most runs are equal
    const std::string difference = first_difference(lines(left), left_name, lines(right), right_name);
    return difference.empty() ? left_name + " and " + right_name + " differ in what no line shows" : difference;
}

std::string first_difference(const std::vector<std::string>& left, const std::string& left_name,
                             const std::vector<std::string>& right, const std::string& right_name) {
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
        const std::string a = i < left.size() ? left[i] : "(nothing)";
        const std::string b = i < right.size() ? right[i] : "(nothing)";
        if (a == b) continue;
        std::string context;
        for (std::size_t j = i < 6 ? 0 : i - 6; j < i; ++j) context += "    " + left[j] + "\n";
        return context + left_name + ": " + a + "\n" + right_name + ": " + b;
    }
    return "";
}

}  // namespace accelsim::testing
