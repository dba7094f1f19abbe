// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/interstellar/habits.hpp"
#include "sim/program/network_run.hpp"

namespace accelsim {

namespace {

/// Iterations of the temporal loops: what a model takes for the steps of the array.
std::int64_t temporal_iterations(const Design& design) {
    std::int64_t steps = 1;
    for (const LoweredLoop& loop : design.loops) steps *= loop.is_temporal() ? loop.bound : 1;
    return steps;
}

class Comparison {
public:
    Comparison(const Design& design, const Ladder& ladder, Validation& result)
        : design_(design), ladder_(ladder), result_(result) {}

    void add(const ModelResult& model) {
        model_ = &model;
        if (model.model == "interstellar") habits_ = interstellar::differences(design_);
        for (std::size_t l = 0; l < model.levels.size(); ++l) add_level(model.levels[l], result_.simulated.levels.at(l));
        for (std::size_t n = 0; n < model.networks.size(); ++n) add_network(model.networks[n], result_.simulated.networks.at(n));
        add_cycles();
        add_energy();
        habits_.clear();
    }

private:
    /// Of "A > B": the fan-out stands between them.
    bool lies_between(int level, const std::string& place) const {
        const std::size_t arrow = place.find(" > ");
        if (arrow == std::string::npos) return false;
        return design_.architecture.find_level(place.substr(0, arrow)) < level &&
               level < design_.architecture.find_level(place.substr(arrow + 3));
    }

    /// `place`: a level, or of a network "from > to".
    void add_figure(const std::string& place, const std::string& tensor, const std::string& kind, const Figure& model,
                    const Figure& simulated) {
        if (!model || !simulated || *model == *simulated) return;
        ModelDifference difference{
            model_->model, place, tensor, kind, static_cast<double>(*model), static_cast<double>(*simulated), {}};
        const int t = design_.workload.find_tensor(tensor);
        for (const interstellar::Difference& d : habits_) {
            if (d.tensor != t || interstellar::kind_names()[static_cast<std::size_t>(d.kind)] != kind) continue;
            if (design_.level(d.level).name != place && !lies_between(d.level, place)) continue;
            for (const interstellar::Share& share : d.shares)
                difference.causes[interstellar::cause_names()[static_cast<std::size_t>(share.cause)]] =
                    static_cast<double>(share.amount);
        }
        result_.differences.push_back(std::move(difference));
    }

    void add_level(const ModelLevel& model, const ModelLevel& simulated) {
        for (const ModelTensor& m : model.tensors) {
            const auto found = std::find_if(simulated.tensors.begin(), simulated.tensors.end(),
                                            [&](const ModelTensor& s) { return s.tensor == m.tensor; });
            if (found == simulated.tensors.end()) continue;
            add_figure(model.name, m.tensor, "reads.to_child", m.reads_to_child, found->reads_to_child);
            add_figure(model.name, m.tensor, "reads.to_parent", m.reads_to_parent, found->reads_to_parent);
            add_figure(model.name, m.tensor, "writes.from_parent", m.writes_from_parent, found->writes_from_parent);
            add_figure(model.name, m.tensor, "writes.from_child", m.writes_from_child, found->writes_from_child);
        }
    }

    void add_network(const ModelNetwork& model, const ModelNetwork& simulated) {
        const std::string name = model.from + " > " + model.to;
        for (const ModelLink& m : model.tensors) {
            const auto found = std::find_if(simulated.tensors.begin(), simulated.tensors.end(),
                                            [&](const ModelLink& s) { return s.tensor == m.tensor; });
            if (found == simulated.tensors.end()) continue;
            add_figure(name, m.tensor, "injected", m.injected, found->injected);
            add_figure(name, m.tensor, "delivered", m.delivered, found->delivered);
            add_figure(name, m.tensor, "near_hops", m.near_hops, found->near_hops);
            add_figure(name, m.tensor, "far_hops", m.far_hops, found->far_hops);
        }
    }

    void add_cycles() {
        if (!model_->cycles || *model_->cycles == ladder_.cycles) return;
        ModelDifference difference{
            model_->model, "", "", "cycles", static_cast<double>(*model_->cycles), static_cast<double>(ladder_.cycles), {}};
        const std::int64_t steps = std::min(*model_->cycles, temporal_iterations(design_));
        std::int64_t sum = 0;
        for (const CycleShare& share : attribute(ladder_, *model_->cycles, steps)) {
            difference.causes[share.cause] += static_cast<double>(share.cycles);
            sum += share.cycles;
        }
        if (sum != ladder_.cycles - *model_->cycles) throw InternalError("the causes of the cycles do not add up");
        result_.differences.push_back(std::move(difference));
    }

    void add_energy() {
        if (std::abs(model_->energy_pj - result_.simulated.energy_pj) <= 1e-9 * std::abs(result_.simulated.energy_pj)) return;
        ModelDifference difference{model_->model, "", "", "energy_pj", model_->energy_pj, result_.simulated.energy_pj, {}};
        const double dram =
            result_.run.simulated.dram ? result_.run.energy.levels[0].pj - result_.run.model_energy.levels[0].pj : 0;
        if (dram != 0) difference.causes["dram_commands"] = dram;
        if (model_->model == "interstellar")
            for (const EnergyShare& share : interstellar_energy_shares(design_)) difference.causes[share.cause] += share.pj;
        result_.differences.push_back(std::move(difference));
    }

    const Design& design_;
    const Ladder& ladder_;
    Validation& result_;
    const ModelResult* model_ = nullptr;
    std::vector<interstellar::Difference> habits_;
};

}  // namespace

double ModelDifference::relative() const { return simulated == 0 ? 1 : std::abs(simulated - model_value) / std::abs(simulated); }

double Validation::max_error() const {
    double most = 0;
    for (const ModelDifference& difference : differences) most = std::max(most, difference.relative());
    return most;
}

Validation validate_run(const RunOptions& options, const RunConfig& config, const std::vector<std::string>& names) {
    const Ladder ladder = climb_down(config, process_count(options));
    Validation result;
    result.run = simulate_and_check(options, config);
    const Design& design = result.run.design;
    result.simulated = as_model_result("simulated", design, result.run.simulated.counts);
    result.simulated.cycles = result.run.simulated.cycles;
    result.simulated.energy_pj = result.run.energy.total_pj;
    if (ladder.cycles != result.run.simulated.cycles) throw InternalError("two runs of one design differ");
    for (std::size_t m = 0; m < model_names().size(); ++m) {
        const std::string& name = model_names()[m];
        if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) continue;
        try {
            result.models.push_back(evaluate_model(static_cast<ModelKind>(m), design));
        } catch (const UserError& error) {
            result.refused[name] = error.what();
        }
    }
    Comparison comparison(design, ladder, result);
    for (const ModelResult& model : result.models) comparison.add(model);
    return result;
}

}  // namespace accelsim
