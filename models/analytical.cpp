// SPDX-License-Identifier: Apache-2.0
#include "models/analytical.hpp"

#include "models/energy.hpp"
#include "models/exact_counts.hpp"
#include "models/interstellar/from_design.hpp"
#include "models/interstellar/habits.hpp"
#include "models/interstellar/plain_walk.hpp"
#include "models/latency.hpp"
#include "models/timeloop.hpp"

namespace accelsim {

namespace {

/// Levels, tensors and networks of a design, without any figure.
ModelResult empty_result(const std::string& name, const Design& design) {
    ModelResult result;
    result.model = name;
    const Counts shape = make_counts(design);
    for (const LevelCounts& level : shape.levels) {
        result.levels.push_back({level.name, {}, 0});
        for (const TensorCounts& t : level.tensors) result.levels.back().tensors.push_back({t.tensor, {}, {}, {}, {}});
    }
    for (const NetworkCounts& network : shape.networks) {
        result.networks.push_back({network.from, network.to, {}, 0});
        for (const LinkCounts& t : network.tensors) result.networks.back().tensors.push_back({t.tensor, {}, {}, {}, {}});
    }
    return result;
}

ModelTensor& tensor_of(ModelResult& result, const Design& design, int level, int tensor) {
    for (ModelLevel& l : result.levels)
        for (ModelTensor& t : l.tensors)
            if (l.name == design.level(level).name && t.tensor == design.tensor(tensor).name) return t;
    throw InternalError("no figures for '" + design.tensor(tensor).name + "' at '" + design.level(level).name + "'");
}

/// The link that crosses a fan-out.
ModelLink* link_across(ModelResult& result, const Design& design, int fan_out, int tensor) {
    for (ModelNetwork& network : result.networks)
        for (ModelLink& t : network.tensors)
            if (t.tensor == design.tensor(tensor).name && design.architecture.find_level(network.from) < fan_out &&
                design.architecture.find_level(network.to) > fan_out)
                return &t;
    return nullptr;
}

/// Prices whatever accesses the model has; a figure that it lacks costs nothing.
void price_levels(ModelResult& result, const Design& design) {
    for (ModelLevel& level : result.levels) {
        const int index = design.architecture.find_level(level.name);
        for (const ModelTensor& t : level.tensors) {
            const int tensor = design.workload.find_tensor(t.tensor);
            const auto reads = static_cast<double>(t.reads_to_child.value_or(0) + t.reads_to_parent.value_or(0));
            const auto writes = static_cast<double>(t.writes_from_parent.value_or(0) + t.writes_from_child.value_or(0));
            level.energy_pj +=
                reads * word_price(design, index, tensor, true) + writes * word_price(design, index, tensor, false);
        }
        result.energy_pj += level.energy_pj;
    }
}

ModelResult interstellar_result(const Design& design) {
    ModelResult result = empty_result("interstellar", design);
    for (const interstellar::Difference& figure : interstellar::differences(design)) {
        using interstellar::Kind;
        if (figure.kind == Kind::reads_to_child || figure.kind == Kind::writes_from_child) {
            ModelTensor& t = tensor_of(result, design, figure.level, figure.tensor);
            (figure.kind == Kind::reads_to_child ? t.reads_to_child : t.writes_from_child) = figure.model;
        } else if (ModelLink* link = link_across(result, design, figure.level, figure.tensor)) {
            Figure& hops = figure.kind == Kind::near_hops ? link->near_hops : link->far_hops;
            hops = hops.value_or(0) + figure.model;
        }
    }
    price_levels(result, design);
    const interstellar::ExpressedDesign expressed = interstellar::express(design);
    const interstellar::Evaluation evaluation = evaluate(expressed.layer, expressed.machine, expressed.mapping);
    for (const interstellar::ArrayAccesses& array : evaluation.arrays) {
        const int fan_out = expressed.array_of[static_cast<std::size_t>(array.level)];
        for (ModelNetwork& network : result.networks) {
            const bool innermost_crossed =
                design.architecture.find_level(network.to) == expressed.level_of[static_cast<std::size_t>(array.level)];
            if (!innermost_crossed || design.architecture.find_level(network.from) > fan_out) continue;
            network.energy_pj += array.energy_pj;
            break;
        }
        result.energy_pj += array.energy_pj;
    }
    result.cycles = evaluation.ideal_cycles;
    return result;
}

ModelResult timeloop_result(const Design& design) {
    ModelResult result = empty_result("timeloop", design);
    const timeloop::Answer answer = timeloop::evaluate(design, timeloop::options_of(design));
    for (const timeloop::LevelAnswer& level : answer.levels) {
        for (const timeloop::TensorAnswer& counts : level.tensors) {
            ModelTensor& t = tensor_of(result, design, level.level, counts.tensor);
            t.reads_to_child = counts.reads;
            t.writes_from_parent = counts.fills;
            t.writes_from_child = counts.updates;
        }
    }
    for (std::size_t l = 0; l < answer.levels.size(); ++l) result.levels[l].energy_pj = answer.levels[l].energy_pj;
    result.mac_energy_pj = answer.mac_energy_pj;
    result.energy_pj = answer.energy_pj;
    result.cycles = answer.cycles;
    return result;
}

}  // namespace

const std::vector<std::string>& model_names() {
    static const std::vector<std::string> names = {"exact", "interstellar", "timeloop", "latency"};
    return names;
}

ModelResult as_model_result(const std::string& name, const Design& design, const Counts& counts) {
    ModelResult result = empty_result(name, design);
    for (std::size_t l = 0; l < counts.levels.size(); ++l)
        for (std::size_t t = 0; t < counts.levels[l].tensors.size(); ++t) {
            const TensorCounts& from = counts.levels[l].tensors[t];
            result.levels[l].tensors[t] = {from.tensor, from.reads_to_child, from.reads_to_parent, from.writes_from_parent,
                                           from.writes_from_child};
        }
    for (std::size_t n = 0; n < counts.networks.size(); ++n)
        for (std::size_t t = 0; t < counts.networks[n].tensors.size(); ++t) {
            const LinkCounts& from = counts.networks[n].tensors[t];
            std::int64_t near = 0;
            const int tensor = design.workload.find_tensor(from.tensor);
            for (int l = design.architecture.find_level(counts.networks[n].from) + 1;
                 l < design.architecture.find_level(counts.networks[n].to); ++l)
                near += interstellar::exact_hops(design, l, tensor, true);
            result.networks[n].tensors[t] = {from.tensor, from.injected, from.delivered, near, from.hops - near};
        }
    const EnergyReport energy = price(design, counts);
    for (std::size_t l = 0; l < energy.levels.size(); ++l) result.levels[l].energy_pj = energy.levels[l].pj;
    for (std::size_t n = 0; n < energy.networks.size(); ++n) result.networks[n].energy_pj = energy.networks[n].pj;
    result.mac_energy_pj = energy.mac_pj;
    result.energy_pj = energy.total_pj;
    return result;
}

ModelResult evaluate_model(ModelKind kind, const Design& design) {
    switch (kind) {
        case ModelKind::interstellar:
            return interstellar_result(design);
        case ModelKind::timeloop:
            return timeloop_result(design);
        case ModelKind::exact:
            return as_model_result("exact", design, count_exactly(design));
        case ModelKind::latency:
            break;
    }
    const Counts counts = count_exactly(design);
    ModelResult result = as_model_result("latency", design, counts);
    result.cycles = estimate_latency(design, counts);
    return result;
}

}  // namespace accelsim
