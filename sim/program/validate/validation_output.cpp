// SPDX-License-Identifier: Apache-2.0
// A validation as JSON, CSV and text.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/program/json_result.hpp"
#include "sim/program/text_format.hpp"
#include "sim/program/validate/validation.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

void set(Json& to, const char* key, const Figure& figure) {
    if (figure) to[key] = *figure;
}

Json model_json(const ModelResult& model) {
    Json levels = Json::array();
    for (const ModelLevel& level : model.levels) {
        Json tensors = Json::object();
        for (const ModelTensor& t : level.tensors) {
            Json reads = Json::object(), writes = Json::object();
            set(reads, "to_child", t.reads_to_child);
            set(reads, "to_parent", t.reads_to_parent);
            set(writes, "from_parent", t.writes_from_parent);
            set(writes, "from_child", t.writes_from_child);
            tensors[t.tensor] = {{"reads", reads}, {"writes", writes}};
        }
        levels.push_back({{"name", level.name}, {"tensors", tensors}, {"energy_pj", level.energy_pj}});
    }
    Json networks = Json::array();
    for (const ModelNetwork& network : model.networks) {
        Json tensors = Json::object();
        for (const ModelLink& t : network.tensors) {
            Json link = Json::object();
            set(link, "injected", t.injected);
            set(link, "delivered", t.delivered);
            set(link, "near_hops", t.near_hops);
            set(link, "far_hops", t.far_hops);
            tensors[t.tensor] = link;
        }
        networks.push_back({{"from", network.from}, {"to", network.to}, {"tensors", tensors}, {"energy_pj", network.energy_pj}});
    }
    Json json = {{"levels", levels}, {"networks", networks}, {"energy_pj", model.energy_pj}};
    if (model.cycles) json["cycles"] = *model.cycles;
    return json;
}

/// Counts and cycles are integers, energies are not.
Json number(double value) {
    return value == std::floor(value) && std::abs(value) < 9e15 ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string plain(double value) {
    return value == std::floor(value) && std::abs(value) < 9e15 ? std::to_string(static_cast<std::int64_t>(value))
                                                                : fmt::format("{}", value);
}

std::string figure_text(const std::string& kind, double value) {
    return kind == "energy_pj" ? energy_text(value)
                               : (value < 0 ? "-" : "") + grouped(static_cast<std::int64_t>(std::abs(value)));
}

}  // namespace

std::string validation_json(const Validation& validation) {
    Json json = {
        {"simulated", Json::parse(json_result(validation.run))}, {"models", Json::object()}, {"differences", Json::array()}};
    for (const ModelResult& model : validation.models) json["models"][model.model] = model_json(model);
    for (const auto& [model, why] : validation.refused) json["refused"][model] = why;
    for (const ModelDifference& d : validation.differences) {
        Json causes = Json::object();
        for (const auto& [cause, amount] : d.causes) causes[cause] = number(amount);
        json["differences"].push_back({{"model", d.model},
                                       {"level", text_or_null(d.level)},
                                       {"tensor", text_or_null(d.tensor)},
                                       {"kind", d.kind},
                                       {"model_value", number(d.model_value)},
                                       {"simulated", number(d.simulated)},
                                       {"causes", causes}});
    }
    return json.dump(2) + "\n";
}

std::string validation_csv(const Validation& validation) {
    std::string text = "model,level,tensor,kind,model_value,simulated,causes\n";
    for (const ModelDifference& d : validation.differences) {
        std::string causes;
        for (const auto& [cause, amount] : d.causes)
            causes += fmt::format("{}{}={}", causes.empty() ? "" : ";", cause, plain(amount));
        text += fmt::format("{},{},{},{},{},{},{}\n", d.model, d.level, d.tensor, d.kind, plain(d.model_value),
                            plain(d.simulated), causes);
    }
    return text;
}

std::string validation_text(const Validation& validation) {
    std::string text = fmt::format("{}: {} cycles, {} simulated, outputs {}\n", validation.run.design.name,
                                   grouped(validation.run.simulated.cycles), energy_text(validation.simulated.energy_pj),
                                   validation.run.mismatches == 0 ? "verified" : "WRONG");
    for (const ModelResult& model : validation.models) {
        std::vector<const ModelDifference*> own;
        for (const ModelDifference& d : validation.differences)
            if (d.model == model.model) own.push_back(&d);
        text += fmt::format("\n{}: {}\n", model.model, own.empty() ? "equal to the simulation in all that it says" : "");
        if (own.empty()) continue;
        text += fmt::format("  {:<28} {:<8} {:<20} {:>16} {:>16} {:>8}\n", "", "", "", "model", "simulated", "off by");
        for (const ModelDifference* d : own) {
            text += fmt::format("  {:<28} {:<8} {:<20} {:>16} {:>16} {:>7.2f}%\n", d->level, d->tensor, d->kind,
                                figure_text(d->kind, d->model_value), figure_text(d->kind, d->simulated), 100 * d->relative());
            for (const auto& [cause, amount] : d->causes)
                text += fmt::format("      {:<54} {:>+33}\n", cause,
                                    d->kind == "energy_pj" ? std::llround(amount) : static_cast<long long>(amount));
        }
    }
    for (const auto& [model, why] : validation.refused) text += fmt::format("\n{}: {}\n", model, why);
    return text;
}

}  // namespace accelsim
