// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/program/jobs.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/progress.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

using nlohmann::json;

std::vector<std::string> read_files(const Section& section, const char* key) {
    std::vector<std::string> files;
    const Yaml* list = section.find(key);
    if (list == nullptr) return files;
    require_sequence(*list, section.what(key), "[file.json]");
    for (const Yaml& item : list->items) files.push_back(resolve_path(item, section.what(key)));
    return files;
}

std::vector<std::string> read_models(const Section& suite) {
    std::vector<std::string> names;
    const Yaml* list = suite.find("models");
    if (list == nullptr) return names;
    require_sequence(*list, suite.what("models"), "[timeloop, latency]");
    for (const Yaml& item : list->items) {
        const std::string name = to_word(item, "a model in " + suite.what("models"));
        find_name(name, item.where, model_names(), "model", suite.what("models"));
        names.push_back(name);
    }
    return names;
}

SuiteRun read_suite_run(const Yaml& node) {
    SuiteRun run;
    const std::string what = "a run of 'suite'";
    if (node.is_scalar()) {
        run.file = resolve_path(node, what);
        run.name = file_stem(run.file);
        return run;
    }
    require_map(node, what);
    const Section section(node, suite_run_spec(), what);
    run.file = resolve_path(section.get("run"), section.what("run"));
    run.name = section.has("name") ? section.word("name") : file_stem(run.file);
    if (const Yaml* changes = section.find("set")) {
        require_map(*changes, section.what("set"));
        for (const YamlEntry& change : changes->entries) {
            const std::string message = quote(change.key) + " must have the form path.to.key";
            run.changes.push_back({parse_override_path(change.key, message, change.where), change.value, change.where});
        }
    }
    run.request.model_files = read_files(section, "model_files");
    run.request.timeloop_stats = read_files(section, "timeloop_stats");
    return run;
}

json figure_json(const ModelDifference& d) {
    return {
        {"model", d.model},         {"level", d.level},  {"tensor", d.tensor}, {"kind", d.kind}, {"model_value", d.model_value},
        {"simulated", d.simulated}, {"causes", d.causes}};
}

std::string validate_one(const SuiteRun& run) {
    RunOptions options;
    const RunConfig config = with_mapping(read_run(load_tree(run.file, run.changes)));
    const Validation validation = validate_run(options, config, run.request);
    if (is_wrong(validation.run)) throw InternalError("the outputs differ from the reference's");
    json answer = {{"cycles", validation.run.simulated.cycles},
                   {"energy_pj", validation.simulated.energy_pj},
                   {"refused", validation.refused},
                   {"figures", json::array()}};
    for (const ModelDifference& d : validation.figures) answer["figures"].push_back(figure_json(d));
    return answer.dump();
}

SuiteOutcome outcome_of(const SuiteRun& run, const JobOutcome& job) {
    SuiteOutcome outcome;
    outcome.name = run.name;
    outcome.code = job.code;
    if (job.code != 0) {
        outcome.failure = job.text;
        return outcome;
    }
    const json answer = json::parse(job.text);
    outcome.cycles = answer["cycles"].get<std::int64_t>();
    outcome.energy_pj = answer["energy_pj"].get<double>();
    outcome.refused = answer["refused"].get<std::map<std::string, std::string>>();
    for (const json& f : answer["figures"])
        outcome.figures.push_back({f["model"].get<std::string>(), f["level"].get<std::string>(), f["tensor"].get<std::string>(),
                                   f["kind"].get<std::string>(), f["model_value"].get<double>(), f["simulated"].get<double>(),
                                   f["causes"].get<std::map<std::string, double>>()});
    return outcome;
}

}  // namespace

bool is_suite(const std::string& path) { return load_yaml(path).find("suite") != nullptr; }

std::vector<SuiteRun> load_suite(const std::string& path) {
    const Yaml top = load_single(path, "suite");
    require_map(top, "'suite'");
    const Section suite(top, suite_spec(), "'suite'");
    const std::vector<std::string> models = read_models(suite);
    const Yaml list = suite.get("runs");
    require_sequence(list, suite.what("runs"), "[run.yaml, other.yaml]");
    if (list.items.empty()) throw UserError(suite.what("runs") + " is empty, there is nothing to validate", list.where);
    std::vector<SuiteRun> runs;
    for (const Yaml& node : list.items) {
        SuiteRun run = read_suite_run(node);
        run.request.names = models;
        for (const SuiteRun& other : runs)
            if (other.name == run.name)
                throw UserError(fmt::format("two runs of 'suite' are called {}; give one another 'name'", quote(run.name)),
                                node.where);
        runs.push_back(std::move(run));
    }
    return runs;
}

std::vector<SuiteOutcome> run_suite(const std::vector<SuiteRun>& runs, int processes) {
    std::vector<std::function<std::string()>> jobs;
    for (const SuiteRun& run : runs) jobs.emplace_back([&run] { return validate_one(run); });
    Progress progress("runs", std::vector<double>(runs.size(), 1));
    const std::vector<JobOutcome> results =
        run_jobs(jobs, processes, [&](std::size_t job, const JobOutcome&) { progress.done(job); });
    std::vector<SuiteOutcome> outcomes;
    for (std::size_t i = 0; i < runs.size(); ++i) outcomes.push_back(outcome_of(runs[i], results[i]));
    return outcomes;
}

}  // namespace accelsim
