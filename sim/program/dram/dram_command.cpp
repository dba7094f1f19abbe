// SPDX-License-Identifier: Apache-2.0
#include "sim/program/dram/dram_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <iostream>

#include "mappings/error.hpp"
#include "sim/files/output_file.hpp"
#include "sim/program/command_line.hpp"
#include "sim/program/yaml/load_dram_device.hpp"

namespace accelsim {

namespace {

constexpr const char* footer =
    R"(A trace has a line 'address READ|WRITE cycle' per request: an address in bytes (decimal, or hexadecimal after 0x), cycles of the
DRAM's clock that do not decrease; what follows a # is a comment. An access to any byte moves its whole burst.

Example:
  accelsim dram dram/ddr4_3200_8gb_x8.yaml requests.trace --commands commands.txt)";

/// What is derived from the counts, in the units of the report.
struct Figures {
    double time_ns, gb_per_s, peak_gb_per_s, latency_clocks;

    Figures(const dram::Device& device, const DramTraceResult& result) {
        const dram::Statistics& s = result.statistics;
        const double tck_ns = static_cast<double>(device.timing.tck_ps) / 1000;
        time_ns = static_cast<double>(result.clocks) * tck_ns;
        gb_per_s = static_cast<double>((s.reads + s.writes) * device.burst_bytes()) / time_ns;
        peak_gb_per_s = device.channels * device.bus_width / 8 * 2 / tck_ns;
        latency_clocks = s.reads == 0 ? 0 : static_cast<double>(result.read_latency) / static_cast<double>(s.reads);
    }
};

std::string report(const dram::Device& device, const DramTraceResult& result) {
    const dram::Statistics& s = result.statistics;
    const Figures f(device, result);
    const double share = 100 * f.gb_per_s / f.peak_gb_per_s;
    const double tck_ns = static_cast<double>(device.timing.tck_ps) / 1000;
    std::string text = fmt::format("{}: {} reads, {} writes of {} bytes\n", device.name, s.reads, s.writes, device.burst_bytes());
    text += fmt::format("clocks         {} ({:.3f} us)\n", result.clocks, f.time_ns / 1000);
    text += fmt::format("bandwidth      {:.3f} GB/s, {:.1f}% of {:.3f} GB/s\n", f.gb_per_s, share, f.peak_gb_per_s);
    if (s.reads > 0)
        text += fmt::format("read latency   {:.1f} clocks ({:.1f} ns) on average\n", f.latency_clocks, f.latency_clocks * tck_ns);
    text += fmt::format("rows           {} hits, {} misses, {} conflicts\n", s.row_hits, s.row_misses, s.row_conflicts);
    text += fmt::format("commands       {} activates, {} precharges, {} refreshes\n", s.activates, s.precharges, s.refreshes);
    text += fmt::format("energy         {:.3f} nJ, {:.3f} pJ per bit\n", result.energy_pj / 1000,
                        result.energy_pj / static_cast<double>((s.reads + s.writes) * device.burst_bytes() * 8));
    return text;
}

std::string json_text(const dram::Device& device, const DramTraceResult& result, double wall_s) {
    const dram::Statistics& s = result.statistics;
    const Figures f(device, result);
    const nlohmann::ordered_json json = {{"schema", "accelsim-dram-1"},
                                         {"device", device.name},
                                         {"clocks", result.clocks},
                                         {"time_ns", f.time_ns},
                                         {"reads", s.reads},
                                         {"writes", s.writes},
                                         {"burst_bytes", device.burst_bytes()},
                                         {"bandwidth_gb_per_s", f.gb_per_s},
                                         {"peak_gb_per_s", f.peak_gb_per_s},
                                         {"read_latency_clocks", f.latency_clocks},
                                         {"row_hits", s.row_hits},
                                         {"row_misses", s.row_misses},
                                         {"row_conflicts", s.row_conflicts},
                                         {"activates", s.activates},
                                         {"precharges", s.precharges},
                                         {"refreshes", s.refreshes},
                                         {"energy_pj", result.energy_pj},
                                         {"host", {{"wall_s", wall_s}}}};
    return json.dump(2) + "\n";
}

}  // namespace

int dram_command(int argc, char** argv) {
    CLI::App app{"Runs a DRAM alone on a trace of requests"};
    app.name("accelsim dram");
    app.footer(footer);
    std::string device_file, trace, commands, json;
    app.add_option("device", device_file, "Device file (YAML)")->required();
    app.add_option("trace", trace, "Requests")->required();
    add_output(app, "--commands", commands, "Write every command");
    add_output(app, "--json", json, "Write the result as JSON");
    if (const std::optional<int> done = parse_command_line(app, argc, argv)) return *done;
    const dram::Device device = load_dram_device(device_file);
    const std::vector<TraceRequest> requests = read_dram_trace(trace);
    std::vector<dram::Issued> issued;
    std::function<void(const dram::Issued&)> listener;
    if (!commands.empty()) listener = [&](const dram::Issued& command) { issued.push_back(command); };
    const auto begin = std::chrono::steady_clock::now();
    const DramTraceResult result = run_dram_trace(device, requests, listener);
    const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!commands.empty()) write_whole_file(commands, dram_commands_text(issued));
    if (!json.empty()) write_whole_file(json, json_text(device, result, wall_s));
    std::cout << report(device, result);
    return 0;
}

}  // namespace accelsim
