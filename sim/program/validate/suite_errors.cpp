// SPDX-License-Identifier: Apache-2.0
// The errors of a suite, model by model.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/program/validate/suite.hpp"

namespace accelsim {

namespace {

constexpr std::array<const char*, 4> groups = {"counts", "hops", "cycles", "energy"};

std::size_t group_of(const ModelDifference& d) {
    if (d.kind == "cycles") return 2;
    if (d.kind == "energy_pj") return 3;
    return d.level.find(" > ") == std::string::npos ? 0 : 1;
}

/// An error and where it was.
using Error = std::pair<double, std::string>;

Distribution distribution_of(std::vector<Error> errors) {
    Distribution result;
    if (errors.empty()) return result;
    std::stable_sort(errors.begin(), errors.end(), [](const Error& a, const Error& b) { return a.first < b.first; });
    const auto rank = [&](double share) {
        const auto place = static_cast<std::size_t>(std::ceil(share * static_cast<double>(errors.size())));
        return errors[std::max<std::size_t>(place, 1) - 1].first;
    };
    result.figures = errors.size();
    result.equal =
        static_cast<std::size_t>(std::count_if(errors.begin(), errors.end(), [](const Error& e) { return e.first == 0; }));
    result.median = rank(0.5);
    result.p95 = rank(0.95);
    result.worst = errors.back().first;
    const auto worst = std::find_if(errors.begin(), errors.end(), [&](const Error& e) { return e.first == result.worst; });
    if (result.worst > 0) result.where = worst->second;
    return result;
}

std::string place(const SuiteOutcome& run, const ModelDifference& d) {
    return d.level.empty() ? run.name : fmt::format("{}: {} {} {}", run.name, d.level, d.tensor, d.kind);
}

/// All errors of one model and group.
struct Errors {
    std::vector<Error> all;
    std::map<std::string, std::vector<Error>> causes;
};

void add(const SuiteOutcome& run, const ModelDifference& d, Errors& errors) {
    errors.all.emplace_back(d.relative(), place(run, d));
    for (const auto& [cause, amount] : d.causes)
        errors.causes[cause].emplace_back(d.simulated == 0 ? 1 : std::abs(amount / d.simulated), place(run, d));
}

}  // namespace

std::vector<ModelErrors> errors_of(const std::vector<SuiteOutcome>& outcomes) {
    std::vector<std::string> models;
    std::map<std::pair<std::string, std::size_t>, Errors> errors;
    for (const SuiteOutcome& run : outcomes)
        for (const ModelDifference& d : run.figures) {
            if (std::find(models.begin(), models.end(), d.model) == models.end()) models.push_back(d.model);
            add(run, d, errors[{d.model, group_of(d)}]);
        }
    std::vector<ModelErrors> result;
    for (const std::string& model : models)
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const auto found = errors.find({model, g});
            if (found == errors.end()) continue;
            result.push_back({model, groups[g], distribution_of(found->second.all), {}});
            for (const auto& [cause, shares] : found->second.causes) result.back().causes[cause] = distribution_of(shares);
        }
    return result;
}

double worst_error(const std::vector<SuiteOutcome>& outcomes) {
    double worst = 0;
    for (const SuiteOutcome& run : outcomes)
        for (const ModelDifference& d : run.figures) worst = std::max(worst, d.relative());
    return worst;
}

}  // namespace accelsim
