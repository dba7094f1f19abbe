// SPDX-License-Identifier: Apache-2.0
// A validation as text: one table of all models' figures, then why they differ.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/program/text_format.hpp"
#include "sim/program/validate/validation.hpp"

namespace accelsim {

namespace {

std::string figure_text(const std::string& kind, double value) {
    if (kind == "energy_pj") return energy_text(value);
    return (value < 0 ? "-" : "") + grouped(std::llround(std::abs(value)));
}

std::string share_text(const std::string& kind, double value) {
    if (kind == "energy_pj") return (value < 0 ? "-" : "+") + energy_text(std::abs(value));
    return (value < 0 ? "-" : "+") + grouped(std::llround(std::abs(value)));
}

std::string place_text(const ModelDifference& d) {
    return d.level.empty() ? d.kind : fmt::format("{} {} {}", d.level, d.tensor, d.kind);
}

/// Per figure that any model has and that is not 0 for all of them, the first of its place.
std::vector<const ModelDifference*> figures_to_show(const Validation& validation) {
    std::vector<const ModelDifference*> rows;
    for (const ModelDifference& d : validation.figures) {
        const auto here = [&](const ModelDifference& other) { return place_text(other) == place_text(d); };
        const bool shown = std::any_of(rows.begin(), rows.end(), [&](const ModelDifference* row) { return here(*row); });
        const bool counts = std::any_of(validation.figures.begin(), validation.figures.end(), [&](const ModelDifference& other) {
            return here(other) && (other.simulated != 0 || other.differs());
        });
        if (!shown && counts) rows.push_back(&d);
    }
    return rows;
}

/// A row per figure, a pair of columns per model: its value and by how much it is off.
std::string table(const Validation& validation) {
    std::vector<const ModelDifference*> rows = figures_to_show(validation);
    const auto rank = [](const ModelDifference* d) { return d->kind == "cycles" ? 1 : d->kind == "energy_pj" ? 2 : 0; };
    std::stable_sort(rows.begin(), rows.end(),
                     [&](const ModelDifference* a, const ModelDifference* b) { return rank(a) < rank(b); });
    std::size_t width = 0;
    for (const ModelDifference* row : rows) width = std::max(width, place_text(*row).size());
    std::string text = fmt::format("{:<{}} {:>15}", "", width, "simulated");
    for (const ValidatedModel& model : validation.models) text += fmt::format(" {:>15} {:>8}", model.answer.model, "off by");
    text += '\n';
    for (const ModelDifference* row : rows) {
        text += fmt::format("{:<{}} {:>15}", place_text(*row), width, figure_text(row->kind, row->simulated));
        for (const ValidatedModel& model : validation.models) {
            const auto cell = std::find_if(validation.figures.begin(), validation.figures.end(), [&](const ModelDifference& d) {
                return d.model == model.answer.model && place_text(d) == place_text(*row);
            });
            if (cell == validation.figures.end())
                text += fmt::format(" {:>15} {:>8}", "-", "");
            else if (!cell->differs())
                text += fmt::format(" {:>15} {:>8}", "=", "");
            else
                text += fmt::format(" {:>15} {:>+7.2f}%", figure_text(cell->kind, cell->model_value),
                                    (cell->model_value < cell->simulated ? -100 : 100) * cell->relative());
        }
        text += '\n';
    }
    return text + "=: as simulated; -: the model says nothing; figures that are 0 everywhere are left out\n";
}

std::string causes_text(const Validation& validation, const std::string& model) {
    std::string text;
    for (const ModelDifference& d : validation.figures) {
        if (d.model != model || !d.differs()) continue;
        text += fmt::format("  {:<58} {:>15}\n", place_text(d), share_text(d.kind, d.simulated - d.model_value));
        for (const auto& [cause, amount] : d.causes)
            text += fmt::format("    {:<56} {:>15}\n", cause, share_text(d.kind, amount));
    }
    return text;
}

}  // namespace

std::string validation_text(const Validation& validation) {
    std::string text = fmt::format("{}: {} cycles, {} simulated, outputs {}\n\n{}", validation.run.design.name,
                                   grouped(validation.run.simulated.cycles), energy_text(validation.simulated.energy_pj),
                                   !validation.run.checked          ? "not computed"
                                   : validation.run.mismatches == 0 ? "verified"
                                                                    : "WRONG",
                                   table(validation));
    for (const ValidatedModel& model : validation.models) {
        const std::string causes = causes_text(validation, model.answer.model);
        text += causes.empty() ? fmt::format("\n{}: equal to the simulation in all that it says\n", model.answer.model)
                               : fmt::format("\n{}, simulated less the model, by cause:\n{}", model.answer.model, causes);
    }
    for (const auto& [model, why] : validation.refused) text += fmt::format("\n{}: {}\n", model, why);
    return text;
}

}  // namespace accelsim
