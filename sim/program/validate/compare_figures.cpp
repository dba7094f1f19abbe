// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/compare_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace accelsim {

namespace {

/// Iterations of the temporal loops: what a model takes for the steps of the array.
std::int64_t temporal_iterations(const Design& design) {
    std::int64_t steps = 1;
    for (const LoweredLoop& loop : design.loops) steps *= loop.is_temporal() ? loop.bound : 1;
    return steps;
}

/// What a model's cycles have beyond those steps; Interstellar's have less: it spreads the MACs over all PEs of the machine.
const char* beyond_steps(const std::string& model) {
    if (model == "interstellar") return "unused_lanes";
    return model == "timeloop" ? "bandwidth_in_model" : "waits_in_model";
}

class Comparison {
public:
    Comparison(const ValidatedModel& model, const Ladders& ladders, Validation& result)
        : design_(result.run.design), model_(model), ladders_(ladders), result_(result) {
        const auto name = std::find(model_names().begin(), model_names().end(), model.answer.model);
        if (model.foreign) return;
        kind_ = static_cast<ModelKind>(name - model_names().begin());
        causes_ = count_causes(kind_, design_);
    }

    void add() {
        const ModelResult& answer = model_.answer;
        for (std::size_t l = 0; l < answer.levels.size(); ++l) add_level(answer.levels[l], result_.simulated.levels.at(l));
        for (std::size_t n = 0; n < answer.networks.size(); ++n)
            add_network(answer.networks[n], result_.simulated.networks.at(n));
        if (answer.cycles) add_cycles();
        if (model_.has_energy) add_energy();
    }

private:
    /// A level, or of hops a fan-out that "A > B" crosses.
    bool stands_at(int level, const std::string& place) const {
        const std::size_t arrow = place.find(" > ");
        if (arrow == std::string::npos) return design_.level(level).name == place;
        return design_.architecture.find_level(place.substr(0, arrow)) < level &&
               level < design_.architecture.find_level(place.substr(arrow + 3));
    }

    ModelDifference& add_row(const std::string& place, const std::string& tensor, const std::string& kind, double model,
                             double simulated) {
        result_.figures.push_back({model_.answer.model, place, tensor, kind, model, simulated, {}});
        return result_.figures.back();
    }

    void check(const ModelDifference& row, double tolerance) const {
        double sum = row.model_value - row.simulated;
        for (const auto& [cause, amount] : row.causes) sum += amount;
        if (std::abs(sum) > tolerance)
            throw InternalError(
                fmt::format("{}: the causes of {} {} {} are off by {}", row.model, row.level, row.tensor, row.kind, sum));
    }

    void add_figure(const std::string& place, const std::string& tensor, const std::string& kind, const Figure& model,
                    const Figure& simulated) {
        if (!model || !simulated) return;
        ModelDifference& row = add_row(place, tensor, kind, static_cast<double>(*model), static_cast<double>(*simulated));
        if (!row.differs()) return;
        const int t = design_.workload.find_tensor(tensor);
        for (const CountCauses& causes : causes_) {
            if (causes.tensor != t || causes.kind != kind || !stands_at(causes.level, place)) continue;
            for (const CountShare& share : causes.shares) row.causes[share.cause] += static_cast<double>(share.amount);
        }
        if (model_.foreign) row.causes["unexplained"] = row.simulated - row.model_value;
        check(row, 0);
    }

    void add_level(const ModelLevel& model, const ModelLevel& simulated) {
        for (std::size_t t = 0; t < model.tensors.size(); ++t) {
            const ModelTensor& m = model.tensors[t];
            const ModelTensor& s = simulated.tensors.at(t);
            add_figure(model.name, m.tensor, "reads.to_child", m.reads_to_child, s.reads_to_child);
            add_figure(model.name, m.tensor, "reads.to_parent", m.reads_to_parent, s.reads_to_parent);
            add_figure(model.name, m.tensor, "writes.from_parent", m.writes_from_parent, s.writes_from_parent);
            add_figure(model.name, m.tensor, "writes.from_child", m.writes_from_child, s.writes_from_child);
        }
    }

    void add_network(const ModelNetwork& model, const ModelNetwork& simulated) {
        const std::string place = model.from + " > " + model.to;
        for (std::size_t t = 0; t < model.tensors.size(); ++t) {
            const ModelLink& m = model.tensors[t];
            const ModelLink& s = simulated.tensors.at(t);
            add_figure(place, m.tensor, "injected", m.injected, s.injected);
            add_figure(place, m.tensor, "delivered", m.delivered, s.delivered);
            add_figure(place, m.tensor, "near_hops", m.near_hops, s.near_hops);
            add_figure(place, m.tensor, "far_hops", m.far_hops, s.far_hops);
        }
    }

    void add_cycles() {
        const std::int64_t cycles = *model_.answer.cycles;
        const std::int64_t simulated = result_.run.simulated.cycles;
        ModelDifference& row = add_row("", "", "cycles", static_cast<double>(cycles), static_cast<double>(simulated));
        if (cycles == simulated) return;
        if (model_.foreign) {
            row.causes["unexplained"] = row.simulated - row.model_value;
            return;
        }
        const bool reuses = kind_ == ModelKind::timeloop && ladders_.reusing;
        for (const CycleShare& share : attribute(reuses ? *ladders_.reusing : ladders_.as_given, cycles,
                                                 temporal_iterations(design_), beyond_steps(model_.answer.model)))
            row.causes[share.cause] += static_cast<double>(share.cycles);
        check(row, 0);
    }

    void add_energy() {
        ModelDifference& row = add_row("", "", "energy_pj", model_.answer.energy_pj, result_.simulated.energy_pj);
        if (!row.differs()) return;
        if (model_.foreign) {
            row.causes["unexplained"] = row.simulated - row.model_value;
            return;
        }
        for (const EnergyShare& share : energy_shares(kind_, design_)) row.causes[share.cause] += share.pj;
        const double dram =
            result_.run.simulated.dram ? result_.run.energy.levels[0].pj - result_.run.model_energy.levels[0].pj : 0;
        if (dram != 0) row.causes["dram_commands"] = dram;
        double largest = std::max(std::abs(row.model_value), std::abs(row.simulated));
        for (const auto& [cause, pj] : row.causes) largest = std::max(largest, std::abs(pj));
        check(row, 1e-9 * largest);
    }

    const Design& design_;
    const ValidatedModel& model_;
    const Ladders& ladders_;
    Validation& result_;
    ModelKind kind_ = ModelKind::exact;
    std::vector<CountCauses> causes_;
};

}  // namespace

void compare_figures(const ValidatedModel& model, const Ladders& ladders, Validation& result) {
    Comparison(model, ladders, result).add();
}

}  // namespace accelsim
