// SPDX-License-Identifier: Apache-2.0
// A suite's results as text, JSON, CSV and Markdown.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/program/text_format.hpp"
#include "sim/program/validate/suite.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

std::string percent(double share) { return fmt::format("{:.2f}%", 100 * share); }

std::vector<std::string> models_of(const std::vector<SuiteOutcome>& outcomes) {
    std::vector<std::string> models;
    for (const SuiteOutcome& run : outcomes)
        for (const ModelDifference& d : run.figures)
            if (std::find(models.begin(), models.end(), d.model) == models.end()) models.push_back(d.model);
    return models;
}

/// Of one run: a model's error of this kind ("" for the worst count or hop), or why there is none.
std::string run_error(const SuiteOutcome& run, const std::string& model, const std::string& kind) {
    if (run.refused.contains(model)) return "refused";
    double worst = -1;
    for (const ModelDifference& d : run.figures) {
        const bool wanted = kind.empty() ? !d.level.empty() : d.kind == kind;
        if (d.model == model && wanted) worst = std::max(worst, d.relative());
    }
    return worst < 0 ? "-" : percent(worst);
}

using Row = std::vector<std::string>;

std::vector<Row> run_rows(const std::vector<SuiteOutcome>& outcomes) {
    Row head = {"run", "cycles", "energy"};
    const std::vector<std::string> models = models_of(outcomes);
    for (const std::string& model : models)
        for (const char* what : {"counts", "cycles", "energy"}) head.push_back(model + " " + what);
    std::vector<Row> rows = {head};
    for (const SuiteOutcome& run : outcomes) {
        if (run.code != 0) {
            rows.push_back({run.name, "failed: " + run.failure});
            rows.back().resize(head.size());
            continue;
        }
        Row row = {run.name, grouped(run.cycles), energy_text(run.energy_pj)};
        for (const std::string& model : models)
            for (const char* kind : {"", "cycles", "energy_pj"}) row.push_back(run_error(run, model, kind));
        rows.push_back(row);
    }
    return rows;
}

Row distribution_row(const std::string& model, const std::string& group, const std::string& cause, const Distribution& d) {
    return {model,
            group,
            cause,
            std::to_string(d.figures),
            std::to_string(d.equal),
            percent(d.median),
            percent(d.p95),
            percent(d.worst),
            d.where};
}

std::vector<Row> error_rows(const std::vector<ModelErrors>& errors) {
    std::vector<Row> rows = {{"model", "of", "figures", "equal", "median", "95%", "worst", "which"}};
    for (const ModelErrors& e : errors) {
        Row row = distribution_row(e.model, e.group, "", e.all);
        row.erase(row.begin() + 2);
        rows.push_back(row);
    }
    return rows;
}

std::vector<Row> cause_rows(const std::vector<ModelErrors>& errors) {
    std::vector<Row> rows = {{"model", "of", "cause", "figures", "median", "95%", "worst", "which"}};
    for (const ModelErrors& e : errors)
        for (const auto& [cause, shares] : e.causes) {
            Row row = distribution_row(e.model, e.group, cause, shares);
            row.erase(row.begin() + 4);
            rows.push_back(row);
        }
    return rows;
}

std::string aligned(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t c = 0; c < row.size(); ++c)
            if (!row[c].starts_with("failed: ")) widths[c] = std::max(widths[c], row[c].size());
    }
    std::string text;
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) line += fmt::format(" {:<{}} ", row[c], widths[c]);
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string markdown(const std::vector<Row>& rows) {
    std::string text;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        text += fmt::format("| {} |\n", fmt::join(rows[r], " | "));
        if (r == 0) text += fmt::format("| {} |\n", fmt::join(Row(rows[0].size(), "---"), " | "));
    }
    return text;
}

Json distribution_json(const Distribution& d) {
    return {{"figures", d.figures}, {"equal", d.equal}, {"median", d.median},
            {"p95", d.p95},         {"worst", d.worst}, {"where", d.where}};
}

}  // namespace

std::string suite_text(const std::vector<SuiteOutcome>& outcomes) {
    const std::vector<ModelErrors> errors = errors_of(outcomes);
    return "errors per run, of the simulated value; counts: the largest\n\n" + aligned(run_rows(outcomes)) +
           "\nerrors over all runs\n\n" + aligned(error_rows(errors)) + "\nshares of the causes, where they have one\n\n" +
           aligned(cause_rows(errors));
}

std::string suite_markdown(const std::vector<SuiteOutcome>& outcomes) {
    const std::vector<ModelErrors> errors = errors_of(outcomes);
    return "## Errors per run\n\nOf the simulated value; counts: the largest error of any count or hop.\n\n" +
           markdown(run_rows(outcomes)) + "\n## Errors over all runs\n\n" + markdown(error_rows(errors)) +
           "\n## Causes\n\nSizes of a cause's shares, where it has one; several causes of one figure can cancel.\n\n" +
           markdown(cause_rows(errors));
}

std::string suite_json(const std::vector<SuiteOutcome>& outcomes) {
    Json json = {{"runs", Json::array()}, {"errors", Json::array()}};
    for (const SuiteOutcome& run : outcomes) {
        Json one = {{"name", run.name}};
        if (run.code != 0) {
            one["failure"] = run.failure;
        } else {
            one["cycles"] = run.cycles;
            one["energy_pj"] = run.energy_pj;
            one["refused"] = run.refused;
            one["differences"] = Json::array();
            for (const ModelDifference& d : run.figures)
                if (d.differs()) one["differences"].push_back(difference_json(d));
        }
        json["runs"].push_back(one);
    }
    for (const ModelErrors& e : errors_of(outcomes)) {
        Json entry = {{"model", e.model}, {"of", e.group}};
        entry.update(distribution_json(e.all));
        entry["causes"] = Json::object();
        for (const auto& [cause, shares] : e.causes) entry["causes"][cause] = distribution_json(shares);
        json["errors"].push_back(entry);
    }
    return json.dump(2) + "\n";
}

std::string suite_csv(const std::vector<SuiteOutcome>& outcomes) {
    std::string text = "run,model,level,tensor,kind,model_value,simulated,error,causes\n";
    for (const SuiteOutcome& run : outcomes)
        for (const ModelDifference& d : run.figures) text += run.name + "," + difference_csv(d, true) + "\n";
    return text;
}

}  // namespace accelsim
