// SPDX-License-Identifier: Apache-2.0
#include "sim/program/see/waveform_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mappings/error.hpp"
#include "models/latency.hpp"
#include "sim/hardware/probes.hpp"
#include "sim/program/text_format.hpp"

namespace accelsim {

namespace {

/// Lanes named by the user as "row,column" of the (outermost) array or as numbers; by default the first and the last.
std::vector<int> traced_lanes(const Design& design, const std::vector<std::string>& names) {
    const auto count = static_cast<int>(design.instances.back());
    if (names.empty()) return count > 1 ? std::vector<int>{0, count - 1} : std::vector<int>{0};
    std::vector<int> lanes;
    for (const std::string& name : names) {
        int found = -1;
        for (int lane = 0; lane < count && found < 0; ++lane) {
            const std::string path = lane_path(design, lane);
            std::string position = name;
            for (char& c : position) c = c == ',' ? '_' : c;
            const bool matches =
                std::to_string(lane) == name || path == name ||
                (path.size() > position.size() && path.substr(path.size() - position.size() - 1) == "_" + position &&
                 position.find('_') != std::string::npos);
            if (matches) found = lane;
        }
        if (found < 0) {
            throw UserError(fmt::format("--vcd-pe {}: no such PE in use; give row,column (up to {}) or a lane below {}", name,
                                        lane_path(design, count - 1), count));
        }
        lanes.push_back(found);
    }
    return lanes;
}

}  // namespace

WaveformOptions waveform_options(const RunOptions& options, const Design& design) {
    if (options.vcd.empty() && options.fst.empty()) {
        const char* of_none = options.vcd_from > 0       ? "--vcd-from"
                              : options.vcd_to >= 0      ? "--vcd-to"
                              : !options.vcd_pes.empty() ? "--vcd-pe"
                                                         : nullptr;
        if (of_none == nullptr) return {};
        throw UserError(fmt::format("{} requires --vcd or --fst; see accelsim --help", of_none));
    }
    if (options.vcd_to >= 0 && options.vcd_to < options.vcd_from)
        throw UserError(fmt::format("--vcd-to {} is before --vcd-from {}", options.vcd_to, options.vcd_from));
    const bool fst = options.vcd.empty();
    return {fst ? options.fst : options.vcd, fst, options.vcd_from, options.vcd_to, traced_lanes(design, options.vcd_pes)};
}

namespace {

constexpr std::int64_t comfortable_bytes = 100'000'000;  ///< GTKWave opens a VCD of this size in seconds

/// SystemC writes a change as "b101 aaaab", without leading zeros.
double line_bytes(double value) { return 9 + std::log2(std::max(1.0, value)); }
constexpr double line_of_real = 25;
constexpr double lines_per_tile = 12;  ///< a mover's request, grant, words and tile go up and down, slots and curves change

/// How often a tensor's tile (of loops above) or operand changes: once per iteration of the innermost loop that it depends on.
double changes(const Design& design, const Tensor& tensor, const std::vector<int>& loops) {
    double iterations = 1, changes = 1;
    for (const int l : loops) {
        const LoweredLoop& loop = design.loops[static_cast<std::size_t>(l)];
        iterations *= static_cast<double>(loop.bound);
        for (const Axis& axis : tensor.axes) {
            for (const Term& term : axis.terms) changes = term.dimension == loop.dimension ? iterations : changes;
        }
    }
    return changes;
}

/// Of the whole run.
double all_bytes(const WaveformOptions& options, const Design& design, double cycles) {
    std::vector<int> temporal;
    double bytes = 0, iterations = 1;
    for (std::size_t l = 0; l < design.loops.size(); ++l) {
        if (!design.loops[l].is_temporal()) continue;
        temporal.push_back(static_cast<int>(l));
        const auto bound = static_cast<double>(design.loops[l].bound);
        iterations *= bound;
        bytes += bound > 1 ? iterations * line_bytes(bound) : 0;
    }
    const double period_ps = 1e6 / design.architecture.clock_mhz;
    bytes += cycles * (3 + std::log10(std::max(10.0, cycles * period_ps)) + line_bytes(cycles));
    bytes += static_cast<double>(design.steps) * line_bytes(static_cast<double>(design.steps));
    for (const Tensor& tensor : design.workload.tensors) {
        const double width = tensor.is_output ? 32 : 16;
        bytes += static_cast<double>(options.lanes.size()) *
                 std::min(static_cast<double>(design.steps), tensor.is_output ? iterations : changes(design, tensor, temporal)) *
                 (8 + width);
    }
    for (const Boundary& boundary : design.boundaries)
        bytes +=
            changes(design, design.tensor(boundary.tensor), boundary.above) * (lines_per_tile * line_bytes(4) + 3 * line_of_real);
    return bytes;
}

/// Cycles in the window, of `all`.
std::int64_t window_cycles(const WaveformOptions& options, std::int64_t all) {
    const std::int64_t end = options.to < 0 ? all : std::min(options.to + 1, all);
    return std::max<std::int64_t>(0, end - options.from);
}

}  // namespace

std::int64_t estimate_vcd_bytes(const WaveformOptions& options, const Design& design) {
    const std::int64_t cycles = std::max<std::int64_t>(1, estimate_latency(design));
    const double part = static_cast<double>(window_cycles(options, cycles)) / static_cast<double>(cycles);
    return std::llround(part * all_bytes(options, design, static_cast<double>(cycles)));
}

std::string note_of_size(const WaveformOptions& options, const Design& design) {
    if (options.file.empty()) return "";
    const std::int64_t bytes = estimate_vcd_bytes(options, design);
    if (bytes <= comfortable_bytes || options.fst) return "";
    const std::int64_t cycles = window_cycles(options, estimate_latency(design));
    auto window = static_cast<std::int64_t>(static_cast<double>(cycles) * static_cast<double>(comfortable_bytes) /
                                            static_cast<double>(bytes));
    std::int64_t digit = 1;
    while (window / digit >= 10) digit *= 10;
    window -= window % digit;
    const std::string size = bytes < 1'000'000'000 ? fmt::format("{} MB", bytes / 1'000'000)
                                                   : fmt::format("{:.1f} GB", static_cast<double>(bytes) * 1e-9);
    const std::string begin = options.from > 0 ? fmt::format("--vcd-from {} ", options.from) : "";
    return fmt::format("note: {} will take about {}. Up to {} MB open with ease: take a window ({}--vcd-to {}), or write --fst",
                       options.file, size, comfortable_bytes / 1'000'000, begin, options.from + window);
}

}  // namespace accelsim
