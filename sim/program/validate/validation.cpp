// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/validation.hpp"

#include <algorithm>
#include <cmath>

#include "sim/program/validate/compare_figures.hpp"
#include "sim/program/validate/foreign_model.hpp"
#include "sim/program/validate/timeloop_stats.hpp"

namespace accelsim {

namespace {

void add_own_models(const Design& design, const std::vector<std::string>& names, Validation& result) {
    for (std::size_t m = 0; m < model_names().size(); ++m) {
        const std::string& name = model_names()[m];
        if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) continue;
        try {
            result.models.push_back({evaluate_model(static_cast<ModelKind>(m), design), false, true});
        } catch (const UserError& error) {
            result.refused[name] = error.what();
        }
    }
}

/// Files are read, and their faults told, before anything is simulated.
std::vector<ValidatedModel> read_foreign(const Design& design, const ValidationRequest& request) {
    std::vector<ValidatedModel> models;
    for (const std::string& file : request.model_files) models.push_back(read_foreign_model(file, design));
    for (const std::string& file : request.timeloop_stats) models.push_back(read_timeloop_stats(file, design));
    std::vector<std::string> taken = model_names();
    for (const ValidatedModel& model : models) {
        if (std::find(taken.begin(), taken.end(), model.answer.model) != taken.end())
            throw UserError("two models are called '" + model.answer.model + "'; give the one from a file another 'name'");
        taken.push_back(model.answer.model);
    }
    return models;
}

}  // namespace

bool ModelDifference::differs() const {
    return kind == "energy_pj" ? std::abs(simulated - model_value) > 1e-9 * std::abs(simulated) : simulated != model_value;
}

double ModelDifference::relative() const {
    if (!differs()) return 0;
    return simulated == 0 ? 1 : std::abs(simulated - model_value) / std::abs(simulated);
}

double Validation::max_error() const {
    double most = 0;
    for (const ModelDifference& figure : figures) most = std::max(most, figure.relative());
    return most;
}

Validation validate_run(const RunOptions& options, const RunConfig& config, const ValidationRequest& request) {
    Validation result;
    const Design design = lower(config.workload, config.architecture, config.nest, config.name);
    const std::vector<ValidatedModel> foreign = read_foreign(design, request);
    const Ladders ladders = climb_down(config, request.processes);
    result.run = simulate_and_check(options, config);
    result.simulated = as_model_result("simulated", design, result.run.simulated.counts);
    result.simulated.cycles = result.run.simulated.cycles;
    result.simulated.energy_pj = result.run.energy.total_pj;
    if (ladders.as_given.cycles != result.run.simulated.cycles) throw InternalError("two runs of one design differ");
    add_own_models(design, request.names, result);
    result.models.insert(result.models.end(), foreign.begin(), foreign.end());
    for (const ValidatedModel& model : result.models) compare_figures(model, ladders, result);
    return result;
}

}  // namespace accelsim
