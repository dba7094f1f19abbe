// SPDX-License-Identifier: Apache-2.0
// A validation as JSON and CSV.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/program/json_result.hpp"
#include "sim/program/validate/validation.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

void set(Json& to, const char* key, const Figure& figure) {
    if (figure) to[key] = *figure;
}

Json model_json(const ValidatedModel& validated) {
    const ModelResult& model = validated.answer;
    const bool priced = validated.has_energy && !validated.foreign;
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
        levels.push_back({{"name", level.name}, {"tensors", tensors}});
        if (priced) levels.back()["energy_pj"] = level.energy_pj;
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
        networks.push_back({{"from", network.from}, {"to", network.to}, {"tensors", tensors}});
        if (priced) networks.back()["energy_pj"] = network.energy_pj;
    }
    Json json = {{"levels", levels}, {"networks", networks}};
    if (validated.has_energy) json["energy_pj"] = model.energy_pj;
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

}  // namespace

Json difference_json(const ModelDifference& d) {
    Json causes = Json::object();
    for (const auto& [cause, amount] : d.causes) causes[cause] = number(amount);
    return {{"model", d.model}, {"level", text_or_null(d.level)},       {"tensor", text_or_null(d.tensor)},
            {"kind", d.kind},   {"model_value", number(d.model_value)}, {"simulated", number(d.simulated)},
            {"causes", causes}};
}

std::string difference_csv(const ModelDifference& d, bool with_error) {
    std::string causes;
    for (const auto& [cause, amount] : d.causes)
        causes += fmt::format("{}{}={}", causes.empty() ? "" : ";", cause, plain(amount));
    const std::string error = with_error ? fmt::format("{},", d.relative()) : "";
    return fmt::format("{},{},{},{},{},{},{}{}", d.model, d.level, d.tensor, d.kind, plain(d.model_value), plain(d.simulated),
                       error, causes);
}

std::string validation_json(const Validation& validation) {
    Json json = {
        {"simulated", Json::parse(json_result(validation.run))}, {"models", Json::object()}, {"differences", Json::array()}};
    for (const ValidatedModel& model : validation.models) json["models"][model.answer.model] = model_json(model);
    for (const auto& [model, why] : validation.refused) json["refused"][model] = why;
    for (const ModelDifference& d : validation.figures) {
        if (!d.differs()) continue;
        json["differences"].push_back(difference_json(d));
    }
    return json.dump(2) + "\n";
}

std::string validation_csv(const Validation& validation) {
    std::string text = "model,level,tensor,kind,model_value,simulated,causes\n";
    for (const ModelDifference& d : validation.figures)
        if (d.differs()) text += difference_csv(d, false) + "\n";
    return text;
}

}  // namespace accelsim
