// SPDX-License-Identifier: Apache-2.0
#include "sim/program/optimize/optimize_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "sim/files/output_file.hpp"
#include "sim/program/command_line.hpp"
#include "sim/program/network_run.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/optimize/explore.hpp"
#include "sim/program/optimize/mapping_json.hpp"
#include "sim/program/run.hpp"
#include "sim/program/text_format.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* footer =
    R"(Searches the mapping (in the run file: `mapping: auto`), then simulates the best one found.

Example:
  accelsim optimize configs/runs/alexnet_conv3_auto.yaml --json out/best.json -o out/best.yaml)";

/// CLI11's own number checks print their whole range.
const CLI::Validator number_of_seconds(
    [](const std::string& text) {
        const bool digits = !text.empty() && text.size() < 12 && text.find_first_not_of("0123456789.") == std::string::npos &&
                            std::count(text.begin(), text.end(), '.') <= 1 && text != ".";
        return digits ? std::string() : "'" + text + "' is not a number of seconds (0 or more)";
    },
    "", "seconds");

struct OptimizeOptions {
    RunOptions run;
    std::string model = "interstellar";
    std::string objective = "energy";
    double seconds = 60;
    std::uint64_t seed = 1;
    std::string output;
    bool simulates = true;
    bool exhaustive = false;
    bool dataflows = false;
    MemoryRequest memories;
};

std::size_t find_choice(const std::string& option, const std::string& name, const std::vector<std::string>& known,
                        const std::string& list) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) throw UserError(fmt::format("{}: unknown '{}'; known: {}", option, name, list));
    return static_cast<std::size_t>(found - known.begin());
}

search::Request make_request(const OptimizeOptions& options) {
    search::Request request;
    const std::string models = "interstellar, exact, latency";
    if (options.model == "timeloop") find_choice("--model", options.model, {}, models);
    request.model = static_cast<ModelKind>(find_choice("--model", options.model, model_names(), models));
    request.objective = static_cast<search::Objective>(
        find_choice("--objective", options.objective, search::objective_names(), "energy, cycles, edp"));
    request.seed = options.seed;
    request.limits.seconds = options.seconds;
    request.limits.bounds = !options.exhaustive;
    request.limits.threads = process_count(options.run);
    return request;
}

double percent(double from, double to) { return from == 0 ? 0 : 100 * (to - from) / from; }

/// What was searched beside the mapping.
struct Exploration {
    std::vector<search::DataflowOptimum> dataflows;
    std::vector<MemoryRow> memories;
};

/// How many blockings have at least this energy, and less than the next entry's.
Json distribution_json(const search::Distribution& distribution) {
    Json json = Json::array();
    for (const auto& [key, number] : distribution)
        json.push_back({{"energy_pj", std::pow(search::distribution_base, key)}, {"mappings", number}});
    return json;
}

Json result_json(const OptimizeOptions& options, const BestRun& best, const Exploration& exploration,
                 const std::optional<RunRecord>& record) {
    const search::Optimum& optimum = best.optimum;
    Json json = {{"name", best.config.name},
                 {"model", options.model},
                 {"objective", options.objective},
                 {"best",
                  {{"energy_pj", optimum.energy_pj},
                   {"cycles", optimum.cycles},
                   {"mapping", mapping_json(best.config, optimum)},
                   {"runs_on_machine", optimum.runs}}},
                 {"evaluated", optimum.evaluated},
                 {"pruned", optimum.pruned},
                 {"seconds", optimum.seconds},
                 {"proven", optimum.proven},
                 {"seed", options.seed},
                 {"notes", best.config.notes}};
    if (!optimum.distribution.empty()) json["distribution"] = distribution_json(optimum.distribution);
    if (!exploration.dataflows.empty()) json["dataflows"] = dataflow_json(exploration.dataflows, best.config);
    if (exploration.memories.size() > 1) json["memories"] = memory_json(exploration.memories);
    if (!record) return json;
    const double energy_pj = record->energy.total_pj;
    const auto cycles = static_cast<double>(record->simulated.cycles);
    json["simulated"] = {
        {"mapping", {{"nest", nest_json(best.config)}}},
        {"model", {{"energy_pj", best.energy_pj}, {"cycles", best.cycles}}},
        {"energy_pj", energy_pj},
        {"cycles", record->simulated.cycles},
        {"difference_percent",
         {{"energy", percent(best.energy_pj, energy_pj)}, {"cycles", percent(static_cast<double>(best.cycles), cycles)}}},
        {"verified", record->checked ? Json(record->mismatches == 0) : Json()}};
    return json;
}

std::string search_text(const OptimizeOptions& options, const BestRun& best) {
    const search::Optimum& optimum = best.optimum;
    const double rate = optimum.seconds > 0 ? static_cast<double>(optimum.evaluated) / optimum.seconds : 0;
    std::string text = fmt::format(
        "{}: best {} by the model {}: {}, {} cycles{}\n{} mappings costed in {} ({:.1f} M/s), {} left out by bounds\n",
        best.config.name, options.objective, options.model, energy_text(optimum.energy_pj), grouped(optimum.cycles),
        optimum.proven ? "; nothing in the space is better" : "; the search was not complete", grouped(optimum.evaluated),
        time_text(optimum.seconds), rate / 1e6, grouped(optimum.pruned));
    for (const std::string& note : best.config.notes) text += "note: " + note + '\n';
    return text;
}

std::string comparison_text(const BestRun& best, const RunRecord& record) {
    const auto cycles = static_cast<double>(record.simulated.cycles);
    return fmt::format("\n{:<10} {:>14} {:>14} {:>12}\n{:<10} {:>14} {:>14} {:>+11.2f}%\n{:<10} {:>14} {:>14} {:>+11.2f}%\n", "",
                       "model", "simulated", "difference", "energy", energy_text(best.energy_pj),
                       energy_text(record.energy.total_pj), percent(best.energy_pj, record.energy.total_pj), "cycles",
                       grouped(best.cycles), grouped(record.simulated.cycles), percent(static_cast<double>(best.cycles), cycles));
}

std::optional<int> parse(int argc, char** argv, CLI::App& app, OptimizeOptions& options) {
    app.name("accelsim optimize");
    app.footer(footer);
    app.add_option("run", options.run.file, "Run file (YAML)")->required();
    app.add_option("--set", options.run.overrides, "Override a value: path.to.key=value (repeatable)")->allow_extra_args(false);
    app.add_option("--layer", options.run.layer, "Of a network: this layer");
    app.add_option("--model", options.model, "interstellar, exact or latency (default: interstellar)");
    app.add_option("--objective", options.objective, "energy, cycles or edp (default: energy)");
    app.add_option("--seconds", options.seconds, "Search at most so long (default: 60; 0: until it is proven)")
        ->check(number_of_seconds);
    app.add_option("--seed", options.seed, "Of random restarts (default: 1)");
    app.add_option("-j,--jobs", options.run.processes, "Threads (default: one per processor)")->check(CLI::Range(1, 1024));
    add_output(app, "--json", options.run.json, "Write the result as JSON");
    add_output(app, "-o,--output", options.output, "Write the best mapping as a run file");
    app.add_flag("!--no-simulation", options.simulates, "Do not simulate the best mapping");
    app.add_flag("--dataflows", options.dataflows, "Print the best of every dataflow, too");
    app.add_option("--memory", options.memories.sizes, "Sizes to choose from: RegisterFile=64B,128B (repeatable)")
        ->allow_extra_args(false);
    app.add_option("--architectures", options.memories.architectures, "Architecture files to choose from, separated by commas")
        ->delimiter(',');
    app.add_option("--ratio", options.memories.ratio, "Of memory sizes: each level in all over the next inner one, such as 4:16");
    app.add_flag("--exhaustive", options.exhaustive, "Cost every mapping that fits, without bounds: much slower, for measuring");
    app.add_flag("--quiet", options.run.quiet, "Print nothing");
    return parse_command_line(app, argc, argv);
}

}  // namespace

int optimize_command(int argc, char** argv) {
    CLI::App app{"Searches the best mapping of a run and simulates it"};
    OptimizeOptions options;
    if (const std::optional<int> done = parse(argc, argv, app, options)) return *done;
    const search::Request request = make_request(options);
    Exploration exploration;
    exploration.memories =
        explore_memories({options.run.file, options.run.overrides, options.run.layer}, options.memories, request);
    const MemoryRow& chosen = exploration.memories[best_row(exploration.memories, request.objective)];
    if (options.dataflows) exploration.dataflows = explore_run_dataflows(chosen.config, request);
    const BestRun best = complete(chosen.config, *chosen.optimum, request);
    if (!options.run.quiet && exploration.memories.size() > 1) std::cout << memory_table(exploration.memories) << '\n';
    if (!options.run.quiet && options.dataflows) std::cout << dataflow_table(exploration.dataflows) << '\n';
    if (!options.output.empty()) write_whole_file(options.output, best.config.resolved_yaml);
    if (!options.run.quiet) std::cout << search_text(options, best) << std::flush;
    const Design design = lower(best.config.workload, best.config.architecture, best.config.nest, best.config.name);
    if (!options.run.quiet) std::cout << '\n' << explain(design) << std::flush;
    std::optional<RunRecord> record;
    if (options.simulates) record = simulate_and_check({}, best.config);
    if (!options.run.json.empty())
        write_whole_file(options.run.json, result_json(options, best, exploration, record).dump(2) + '\n');
    if (record && !options.run.quiet) std::cout << comparison_text(best, *record);
    return record && record->mismatches != 0 ? 1 : 0;
}

}  // namespace accelsim
