// SPDX-License-Identifier: Apache-2.0
#include "sim/program/network_run.hpp"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "sim/files/output_file.hpp"
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

/// The layers that are simulated, and their jobs.
struct LayerJobs {
    std::vector<std::size_t> layers;
    std::vector<std::function<std::string()>> jobs;
    std::vector<double> weights;
};

LayerJobs make_jobs(const NetworkConfig& network, const RunOptions& options) {
    LayerJobs result;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (!network.layers[i].simulated) continue;
        result.layers.push_back(i);
        result.jobs.emplace_back([&network, &options, i] { return simulate_layer(network, i, options); });
        result.weights.push_back(static_cast<double>(network.layers[i].macs));
    }
    return result;
}

/// Prints what failed. 0: nothing.
int report_failures(const NetworkConfig& network, const LayerJobs& work, const std::vector<JobOutcome>& outcomes) {
    int code = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].code == 0) continue;
        std::cerr << "error: layer " << network.layers[work.layers[i]].name << ": " << outcomes[i].text << '\n';
        code = worse_code(code, outcomes[i].code);
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
