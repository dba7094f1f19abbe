// SPDX-License-Identifier: Apache-2.0
#include "sim/program/compare.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/program/command_line.hpp"
#include "sim/program/jobs.hpp"
#include "sim/program/network_report.hpp"
#include "sim/program/network_result.hpp"
#include "sim/program/network_run.hpp"
#include "sim/files/output_file.hpp"
#include "sim/program/progress.hpp"
#include "sim/program/text_format.hpp"
#include "sim/program/yaml/load_compare.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr std::size_t most_named = 12;  ///< layers in a table's heading

using Json = nlohmann::ordered_json;

struct CompareOptions {
    std::string file;
    std::string csv;
    std::string markdown;
    RunOptions run;
};

/// A layer of a run, and its place among the jobs.
struct LayerJob {
    std::size_t run = 0;
    std::size_t layer = 0;
};

struct ComparedResult {
    std::vector<Json> layers;  ///< results, null where not simulated
    std::string failure;       ///< why there is no result
};

/// Energy by what machines have in common: shared buffers stand outside all arrays, private ones inside.
struct EnergyParts {
    double dram = 0, shared = 0, inner = 0, network = 0, mac = 0;
};

EnergyParts parts_of(const Json& result, const Architecture& architecture) {
    EnergyParts parts;
    bool inside = false;
    std::size_t buffer = 0;
    for (const Level& level : architecture.levels) {
        inside = inside || level.kind == LevelKind::array;
        if (!level.is_buffer()) continue;
        const double pj = result["levels"][buffer++]["energy_pj"].get<double>();
        (level.kind == LevelKind::dram ? parts.dram : inside ? parts.inner : parts.shared) += pj;
    }
    for (const Json& network : result["networks"]) parts.network += network["energy_pj"].get<double>();
    parts.mac = result["mac"]["energy_pj"].get<double>();
    return parts;
}

std::int64_t dram_words(const Json& result) { return result["dram"]["useful_words"].get<std::int64_t>(); }

std::int64_t stalled(const Json& result, const std::string& cause) {
    std::int64_t cycles = 0;
    for (const auto& [name, count] : result["cycle_breakdown"]["stall"].items())
        if (name == cause || name.rfind(cause + "@", 0) == 0) cycles += count.get<std::int64_t>();
    return cycles;
}

const char* const csv_header =
    "accelerator,network,layer,repeat,dataflow,macs_in_hardware,on_chip_bytes,macs,cycles,time_s,utilization,energy_pj,dram_pj,"
    "shared_buffers_pj,inner_buffers_pj,networks_pj,mac_pj,dram_words,busy,startup,drain,output_space,readback,input,weight,"
    "output\n";

std::string csv_line(const ComparedRun& run, const std::string& layer, std::int64_t repeat, const std::string& dataflow,
                     const Json& result) {
    const EnergyParts parts = parts_of(result, run.config.architecture);
    std::string text =
        fmt::format("{},{},{},{},\"{}\",{},{},{},{},{},{},{},{},{},{},{},{},{},{}", run.accelerator, run.network, layer, repeat,
                    dataflow, run.macs, run.on_chip_bytes, result["macs"].get<std::int64_t>(),
                    result["cycles"].get<std::int64_t>(), result["time_s"].get<double>(), result["utilization"].get<double>(),
                    result["energy_pj"].get<double>(), parts.dram, parts.shared, parts.inner, parts.network, parts.mac,
                    dram_words(result), result["cycle_breakdown"]["busy"].get<std::int64_t>());
    for (const char* cause : {"startup", "drain", "output_space", "readback", "input", "weight", "output"})
        text += fmt::format(",{}", stalled(result, cause));
    return text + "\n";
}

/// One line of the table, for the terminal and for Markdown.
std::vector<std::string> cells(const ComparedRun& run, const Json& total) {
    const EnergyParts parts = parts_of(total, run.config.architecture);
    const double all = std::max(total["energy_pj"].get<double>(), 1e-30);
    const auto share = [&](double pj) { return fmt::format("{:.0f}%", 100 * pj / all); };
    return {run.accelerator,
            run.dataflow,
            std::to_string(run.macs),
            format_bytes(run.on_chip_bytes),
            grouped(total["cycles"].get<std::int64_t>()),
            fmt::format("{:.1f}%", 100 * total["utilization"].get<double>()),
            energy_text(total["energy_pj"].get<double>()),
            share(parts.dram),
            share(parts.shared),
            share(parts.inner),
            share(parts.network + parts.mac),
            grouped(dram_words(total)),
            main_stall(total)};
}

const std::vector<std::string> headings = {"accelerator", "made for", "MACs",  "on chip", "cycles",     "util",      "energy",
                                           "DRAM",        "buffers",  "inner", "rest",    "DRAM words", "main stall"};

std::string terminal_line(const std::vector<std::string>& c) {
    return fmt::format("  {:<22} {:<14} {:>6} {:>12} {:>14} {:>6} {:>9} {:>5} {:>8} {:>6} {:>5} {:>13}  {}\n", c[0], c[1], c[2],
                       c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], c[12]);
}

std::string markdown_line(const std::vector<std::string>& c) {
    std::vector<std::string> escaped = c;
    for (std::string& cell : escaped)
        for (std::size_t at = cell.find('|'); at != std::string::npos; at = cell.find('|', at + 2)) cell.replace(at, 1, "\\|");
    return fmt::format("| {} |\n", fmt::join(escaped, " | "));
}

class Comparison {
public:
    explicit Comparison(const CompareOptions& options) : options_(options), runs_(load_compare(options.file)) {}

    int run() {
        simulate();
        tabulate();
        if (!options_.csv.empty()) write_whole_file(options_.csv, csv_);
        if (!options_.markdown.empty()) write_whole_file(options_.markdown, markdown_);
        if (!options_.run.quiet) std::cout << terminal_ << std::flush;
        return code_;
    }

private:
    void simulate() {
        std::vector<std::function<std::string()>> jobs;
        std::vector<LayerJob> places;
        std::vector<double> weights;
        for (std::size_t r = 0; r < runs_.size(); ++r) {
            const NetworkConfig& config = runs_[r].config;
            results_.push_back({std::vector<Json>(config.layers.size()), ""});
            for (std::size_t l = 0; l < config.layers.size(); ++l) {
                if (!config.layers[l].simulated) continue;
                jobs.emplace_back([this, r, l] { return simulate_layer(runs_[r].config, l, options_.run); });
                places.push_back({r, l});
                weights.push_back(static_cast<double>(config.layers[l].macs));
            }
        }
        Progress progress("layers", weights);
        const std::vector<JobOutcome> outcomes =
            run_jobs(jobs, process_count(options_.run), [&](std::size_t job, const JobOutcome&) { progress.done(job); });
        for (std::size_t j = 0; j < jobs.size(); ++j) gather(places[j], outcomes[j]);
    }

    void gather(const LayerJob& place, const JobOutcome& outcome) {
        ComparedResult& result = results_[place.run];
        code_ = worse_code(code_, outcome.code);
        if (outcome.code != 0) {
            if (result.failure.empty())
                result.failure = fmt::format("layer {}: {}", runs_[place.run].config.layers[place.layer].name, outcome.text);
            return;
        }
        result.layers[place.layer] = std::move(Json::parse(outcome.text)["result"]);
        const Json& verified = result.layers[place.layer]["verified"];
        if (!verified.is_null() && verified["mismatches"].get<std::int64_t>() > 0) code_ = worse_code(code_, 1);
    }

    void tabulate() {
        csv_ = csv_header;
        std::string network;
        for (std::size_t r = 0; r < runs_.size(); ++r) {
            if (runs_[r].network != network) {
                network = runs_[r].network;
                begin_table(runs_[r].config);
            }
            add_run(runs_[r], results_[r]);
        }
    }

    void begin_table(const NetworkConfig& config) {
        std::vector<std::string> simulated;
        for (const NetworkLayer& layer : config.layers)
            if (layer.simulated) simulated.push_back(layer.name + (layer.repeat > 1 ? fmt::format(" x{}", layer.repeat) : ""));
        const std::string layers = simulated.size() > most_named ? fmt::format("{} layers", simulated.size())
                                                                 : fmt::format("{}", fmt::join(simulated, ", "));
        const std::string what = fmt::format("batch {}: {}", config.batch, layers);
        terminal_ += fmt::format("{}{}, {}\n{}", terminal_.empty() ? "" : "\n", config.network, what, terminal_line(headings));
        markdown_ +=
            fmt::format("{}**{}**, {}\n\n{}", markdown_.empty() ? "" : "\n", config.network, what, markdown_line(headings));
        markdown_ += markdown_line(std::vector<std::string>(headings.size(), "---"));
    }

    void add_run(const ComparedRun& run, const ComparedResult& result) {
        if (!result.failure.empty()) {
            terminal_ += fmt::format("  {:<22} cannot: {}\n", run.accelerator, result.failure);
            std::vector<std::string> empty(headings.size());
            empty[0] = run.accelerator, empty.back() = "cannot: " + result.failure;
            markdown_ += markdown_line(empty);
            return;
        }
        for (std::size_t l = 0; l < result.layers.size(); ++l) {
            const NetworkLayer& layer = run.config.layers[l];
            if (layer.simulated)
                csv_ +=
                    csv_line(run, layer.name, layer.repeat, result.layers[l]["dataflow"].get<std::string>(), result.layers[l]);
        }
        const Json total = network_result(run.config, result.layers)["total"];
        csv_ += csv_line(run, "total", 1, run.dataflow, total);
        terminal_ += terminal_line(cells(run, total));
        markdown_ += markdown_line(cells(run, total));
    }

    const CompareOptions& options_;
    std::vector<ComparedRun> runs_;
    std::vector<ComparedResult> results_;
    std::string csv_, terminal_, markdown_;
    int code_ = 0;
};

}  // namespace

int compare_command(int argc, char** argv) {
    CompareOptions options;
    CLI::App app{"Runs accelerators on networks, under equal resources if wanted, and prints a table"};
    app.name("accelsim compare");
    app.add_option("compare", options.file, "File with the comparison (YAML)")->required();
    add_output(app, "--csv", options.csv, "Write all layers and totals as CSV");
    add_output(app, "--markdown", options.markdown, "Write the table as Markdown");
    app.add_option("-j,--jobs", options.run.processes, "Processes at a time (default: one per processor)")
        ->check(CLI::Range(1, 1024));
    app.add_flag("--quiet", options.run.quiet, "Print no table");
    if (const std::optional<int> done = parse_command_line(app, argc, argv)) return *done;
    return Comparison(options).run();
}

}  // namespace accelsim
