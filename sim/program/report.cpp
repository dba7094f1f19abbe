// SPDX-License-Identifier: Apache-2.0
#include "sim/program/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/program/roofline.hpp"
#include "sim/program/text_format.hpp"

namespace accelsim {

namespace {

class Report {
public:
    Report(const ReportInput& input, bool colour) : in_(input), colour_(colour) {}

    std::string text() {
        summary();
        roofline();
        cycles();
        accesses();
        if (in_.simulated.dram) dram();
        networks();
        energy();
        verdict();
        return out_;
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        out_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
    }
    std::string paint(const char* code, const std::string& text) const { return painted(code, text, colour_); }
    void title(const std::string& text) { out_ += "\n" + paint("1", text) + "\n"; }
    double seconds() const { return static_cast<double>(in_.simulated.cycles) / (in_.design.architecture.clock_mhz * 1e6); }

    void summary() {
        const Design& d = in_.design;
        const double macs = static_cast<double>(in_.simulated.macs);
        const double slots = static_cast<double>(in_.simulated.cycles) * static_cast<double>(d.architecture.lanes());
        out_ += paint("1", fmt::format("{}: {} on {}", d.name, d.workload.name, d.architecture.name)) + "\n";
        line("  dataflow      {}   ({} of {} MACs in use, {:g} MHz)", d.dataflow, d.instances.back(), d.architecture.lanes(),
             d.architecture.clock_mhz);
        line("  cycles        {}   ({})", grouped(in_.simulated.cycles), time_text(seconds()));
        line("  MACs          {}   ({:.1f}% of what the array could do)", grouped(in_.simulated.macs), 100 * macs / slots);
        line("  energy        {}   ({:.3g} W, {:.3g} pJ per MAC)", energy_text(in_.energy.total_pj),
             in_.energy.total_pj * 1e-12 / seconds(), in_.energy.total_pj / macs);
    }

    void roofline() {
        const Roofline least = accelsim::roofline(in_.design, in_.simulated);
        line("  roofline      {}-bound: MACs need {} cycles, DRAM {}; {:.1f}% of the bound reached",
             least.compute_cycles >= least.memory_cycles ? "compute" : "memory",
             grouped(std::llround(std::ceil(least.compute_cycles))), grouped(std::llround(std::ceil(least.memory_cycles))),
             100 * least.bound_cycles() / static_cast<double>(in_.simulated.cycles));
        line("                {:.1f} MACs per DRAM byte", static_cast<double>(in_.simulated.macs) / least.dram_bytes);
    }

    void cycle_line(const char* code, const std::string& name, std::int64_t count) {
        const double share = static_cast<double>(count) / static_cast<double>(in_.simulated.cycles);
        line("  {:<26} {:>15} {:>6.1f}%  {}", name, grouped(count), 100 * share, paint(code, bar(share, 40)));
    }

    void cycles() {
        title("where the cycles went");
        cycle_line("32", "busy", in_.simulated.busy);
        for (const StallCount& stall : in_.simulated.stalls) {
            if (stall.cycles > 0) cycle_line("33", stall.cause, stall.cycles);
        }
        if (in_.reliefs) reliefs();
    }

    void reliefs() {
        const std::string cause = bottleneck(in_.simulated);
        if (cause.empty()) return line("  nothing but start-up and drain to relieve");
        title(fmt::format("what relieves {} (one change at a time, simulated)", cause));
        if (in_.reliefs->empty()) line("  no single change of the memories and networks on its way");
        for (const Relief& relief : *in_.reliefs) {
            const double saved =
                static_cast<double>(in_.simulated.cycles - relief.cycles) / static_cast<double>(in_.simulated.cycles);
            line("  {:<58} {:>14} {:>7.2f}%", relief.change, grouped(relief.cycles), -100 * saved);
        }
    }

    void accesses() {
        title("accesses (words)");
        line("  {:<14} {:<8} {:>14} {:>14} {:>14} {:>14} {:>10}", "", "", "read, inwards", "read, outwards", "written, fill",
             "written, upd.", "energy");
        for (std::size_t l = 0; l < in_.simulated.counts.levels.size(); ++l) {
            const LevelCounts& level = in_.simulated.counts.levels[l];
            const auto& prices = in_.energy.levels[l].tensors;  // none: commands have no tensor
            for (std::size_t t = 0; t < level.tensors.size(); ++t) {
                const TensorCounts& c = level.tensors[t];
                line("  {:<14} {:<8} {:>14} {:>14} {:>14} {:>14} {:>10}", t == 0 ? level.name : "", c.tensor,
                     grouped(c.reads_to_child), grouped(c.reads_to_parent), grouped(c.writes_from_parent),
                     grouped(c.writes_from_child), t < prices.size() ? energy_text(prices[t].pj) : "");
            }
        }
    }

    void dram() {
        const dram::Device& device = *in_.design.level(0).bursts->device;
        const DramResult& result = *in_.simulated.dram;
        const dram::Statistics& s = result.statistics;
        const std::int64_t bursts = s.reads + s.writes;
        const auto share = [&](std::int64_t part, std::int64_t whole) {
            return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
        };
        const double moved = static_cast<double>(bursts * device.burst_bytes());
        const double peak = static_cast<double>(device.channels * device.burst_bytes()) /
                            (static_cast<double>(device.burst_clocks() * device.timing.tck_ps) * 1e-12);
        title(fmt::format("DRAM ({})", device.name));
        line("  bursts        {} read, {} written, {} B each; {:.1f}% of their words were asked for", grouped(s.reads),
             grouped(s.writes), device.burst_bytes(), share(result.useful_words, result.fetched_words));
        line("  rows          {:.1f}% hits, {:.1f}% misses, {:.1f}% conflicts; {} activates, {} refreshes",
             share(s.row_hits, bursts), share(s.row_misses, bursts), share(s.row_conflicts, bursts), grouped(s.activates),
             grouped(s.refreshes));
        line("  bandwidth     {:.2f} GB/s, {:.1f}% of the peak", moved / seconds() * 1e-9, 100 * moved / seconds() / peak);
    }

    void networks() {
        title("transfers (words)");
        line("  {:<30} {:<8} {:>14} {:>14} {:>14}", "", "", "injected", "delivered", "hops");
        for (const NetworkCounts& network : in_.simulated.counts.networks) {
            for (std::size_t t = 0; t < network.tensors.size(); ++t) {
                const LinkCounts& c = network.tensors[t];
                line("  {:<30} {:<8} {:>14} {:>14} {:>14}", t == 0 ? network.from + " > " + network.to : "", c.tensor,
                     grouped(c.injected), grouped(c.delivered), grouped(c.hops));
            }
        }
    }

    void energy_line(const std::string& name, double pj) {
        const double share = in_.energy.total_pj > 0 ? pj / in_.energy.total_pj : 0;
        line("  {:<30} {:>11} {:>6.1f}%  {}", name, energy_text(pj), 100 * share, paint("36", bar(share, 40)));
    }

    void energy() {
        title("where the energy went");
        for (const LevelEnergy& level : in_.energy.levels) energy_line(level.name, level.pj);
        for (const NetworkEnergy& network : in_.energy.networks) {
            if (network.pj > 0) energy_line(network.from + " > " + network.to, network.pj);
        }
        energy_line("MAC", in_.energy.mac_pj);
    }

    void verdict() {
        out_ += "\n";
        const std::string hash = in_.output_sha256.substr(0, 16);
        if (!in_.checked) {
            line("data: off; outputs are neither computed nor checked");
        } else if (in_.mismatches == 0) {
            line("{}, sha256 {}...", paint("32", "outputs verified, bit for bit"), hash);
        } else {
            line("{}, sha256 {}...", paint("31", fmt::format("{} OUTPUTS DIFFER from the reference", grouped(in_.mismatches))),
                 hash);
        }
        const double rate = static_cast<double>(in_.simulated.macs) / std::max(in_.simulated.wall_s, 1e-9);
        line("simulated in {} ({:.2g} GMAC/s); reference {}; {} MB", time_text(in_.simulated.wall_s), rate * 1e-9,
             time_text(in_.reference_s), in_.peak_bytes / 1'000'000);
    }

    const ReportInput& in_;
    bool colour_;
    std::string out_;
};

}  // namespace

std::string partial_report(const Interrupted& interrupted) {
    const auto share = [&](std::int64_t cycles) {
        return 100 * static_cast<double>(cycles) / static_cast<double>(std::max<std::int64_t>(1, interrupted.cycle));
    };
    std::string text = fmt::format("interrupted: {} cycles, step {} of {}\n", grouped(interrupted.cycle),
                                   grouped(interrupted.steps), grouped(interrupted.all_steps));
    text += fmt::format("  {:<26} {:>14} {:>6.2f}%\n", "busy", grouped(interrupted.busy), share(interrupted.busy));
    for (const StallCount& stall : interrupted.stalls)
        if (stall.cycles > 0)
            text += fmt::format("  {:<26} {:>14} {:>6.2f}%\n", stall.cause, grouped(stall.cycles), share(stall.cycles));
    return text;
}

std::string text_report(const ReportInput& input, bool colour) { return Report(input, colour).text(); }

}  // namespace accelsim
