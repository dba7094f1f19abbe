// SPDX-License-Identifier: Apache-2.0
#include "sim/program/network_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "sim/files/output_file.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/program/jobs.hpp"
#include "sim/program/json_result.hpp"
#include "sim/program/network_report.hpp"
#include "sim/program/network_result.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/progress.hpp"
#include "sim/program/see/page.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

void refuse_options_of_one_layer(const RunOptions& options) {
    const auto refuse = [](const std::string& value, const char* name) {
        if (!value.empty()) throw UserError(fmt::format("{} is for a single layer; add --layer NAME", name));
    };
    refuse(options.vcd, "--vcd");
    refuse(options.fst, "--fst");
    refuse(options.timeline, "--timeline");
    refuse(options.transactions, "--transactions");
    refuse(options.dump_output, "--dump-output");
}

/// The layers that are simulated, and their jobs, in the order in which they start.
struct LayerJobs {
    std::vector<std::size_t> layers;
    std::vector<std::function<std::string()>> jobs;
    std::vector<double> weights;
};

/// How long a layer takes, about: a word of its tensors as long as so many MACs (measured, docs/performance.md).
double weight_of(const NetworkLayer& layer) {
    constexpr double macs_per_word = 10;
    return static_cast<double>(layer.macs) + macs_per_word * static_cast<double>(layer.words);
}

/// The longest layers first: then processes end together.
LayerJobs make_jobs(const NetworkConfig& network, const RunOptions& options) {
    LayerJobs result;
    for (std::size_t i = 0; i < network.layers.size(); ++i)
        if (network.layers[i].simulated) result.layers.push_back(i);
    std::stable_sort(result.layers.begin(), result.layers.end(), [&](std::size_t left, std::size_t right) {
        return weight_of(network.layers[left]) > weight_of(network.layers[right]);
    });
    for (const std::size_t i : result.layers) {
        result.jobs.emplace_back([&network, &options, i] { return simulate_layer(network, i, options); });
        result.weights.push_back(weight_of(network.layers[i]));
    }
    return result;
}

/// Where all layers run on one and the same machine, it is elaborated before their processes part.
void elaborate_for_all(const NetworkConfig& network, const std::vector<std::size_t>& layers) {
    const std::vector<std::string>& tensors = network.layers[layers.front()].tensors;
    if (std::all_of(layers.begin(), layers.end(), [&](std::size_t i) { return network.layers[i].tensors == tensors; }))
        elaborate(network.architecture, tensors);
}

/// Prints what failed, layer by layer. 0: nothing.
int report_failures(const NetworkConfig& network, const LayerJobs& work, const std::vector<JobOutcome>& outcomes) {
    int code = 0;
    std::map<std::size_t, const JobOutcome*> failed;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (outcomes[i].code != 0) failed[work.layers[i]] = &outcomes[i];
    for (const auto& [layer, outcome] : failed) {
        std::cerr << "error: layer " << network.layers[layer].name << ": " << outcome->text << '\n';
        code = worse_code(code, outcome->code);
    }
    return code;
}

void print_report(const NetworkConfig& network, const Json& result, int defaults) {
    std::cout << network_report(result, wants_colour());
    for (const std::string& note : network.notes) std::cout << "note: " << note << '\n';
    if (defaults > 0)
        std::cout << fmt::format("note: {} layers had no mapping; accelsim explain --layer NAME prints the one that was found\n",
                                 defaults);
    std::cout.flush();
    if (!std::cout) throw UserError("cannot write the report to the standard output");
}

}  // namespace

int process_count(const RunOptions& options) {
    return options.processes > 0 ? options.processes : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::string simulate_layer(const NetworkConfig& network, std::size_t layer, const RunOptions& options) {
    const RunConfig config = with_mapping(read_layer(network, layer));
    RunOptions plain;
    plain.single_step = options.single_step;
    plain.max_cycles = options.max_cycles;
    const Json answer = {{"result", Json::parse(json_result(simulate_and_check(plain, config)))},
                         {"resolved", config.resolved_yaml},
                         {"default_mapping", config.default_mapping}};
    return answer.dump();
}

int run_network(const RunOptions& options, const NetworkConfig& network) {
    refuse_options_of_one_layer(options);
    const LayerJobs work = make_jobs(network, options);
    elaborate_for_all(network, work.layers);
    std::vector<JobOutcome> outcomes;
    {
        Progress progress("layers", work.weights);
        outcomes = run_jobs(work.jobs, process_count(options), [&](std::size_t job, const JobOutcome&) { progress.done(job); });
    }
    if (const int code = report_failures(network, work, outcomes); code != 0) return code;
    std::vector<Json> results(network.layers.size());
    std::vector<std::string> resolved(network.layers.size());
    int defaults = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        Json answer = Json::parse(outcomes[i].text);
        results[work.layers[i]] = std::move(answer["result"]);
        resolved[work.layers[i]] = answer["resolved"].get<std::string>();
        defaults += answer["default_mapping"].get<bool>() ? 1 : 0;
    }
    const Json result = network_result(network, results);
    if (!options.json.empty()) write_whole_file(options.json, result.dump(2) + "\n");
    if (!options.html.empty())
        write_page(options.html, {{"title", network.name + " on " + network.architecture.name}, {"result", result}});
    write_resolved(options, network.name, to_yaml(network, resolved));
    if (!options.quiet) print_report(network, result, defaults);
    const Json& verified = result["total"]["verified"];
    const std::int64_t mismatches = verified.is_null() ? 0 : verified["mismatches"].get<std::int64_t>();
    if (mismatches != 0) throw InternalError(fmt::format("{} outputs differ from the reference", mismatches));
    return 0;
}

}  // namespace accelsim
