// SPDX-License-Identifier: Apache-2.0
// Analytical models held against a simulation of the same design.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "models/analytical.hpp"
#include "sim/program/run.hpp"
#include "sim/program/validate/ladder.hpp"

namespace accelsim {

/// A model's answer, ours or one that was read from a file.
struct ValidatedModel {
    ModelResult answer;
    bool foreign = false;    ///< from a file: nothing is known of why it differs
    bool has_energy = true;  ///< of ours always
};

/// One figure of a model beside the simulated one. Level and tensor are empty for cycles and energy.
struct ModelDifference {
    std::string model, level, tensor, kind;
    double model_value = 0, simulated = 0;
    std::map<std::string, double> causes;  ///< their sum is simulated - model_value; "unexplained" for foreign figures only
    bool differs() const;                  ///< energies: by more than 1e-9 of the simulated one
    double relative() const;               ///< of the simulated value; 1 when that is 0
};

struct Validation {
    RunRecord run;
    ModelResult simulated;
    std::vector<ValidatedModel> models;
    std::map<std::string, std::string> refused;  ///< models that cannot express the design, and why
    std::vector<ModelDifference> figures;        ///< all that a model has and the simulation, too
    double max_error() const;                    ///< largest relative difference
};

/// What to hold against the simulation.
struct ValidationRequest {
    std::vector<std::string> names;           ///< of our models; empty: all
    std::vector<std::string> model_files;     ///< foreign_model.hpp
    std::vector<std::string> timeloop_stats;  ///< timeloop_stats.hpp
    int processes = 1;                        ///< at a time
};

/// Simulates (several times: why the cycles differ) and evaluates the models. Elaborates SystemC in this process.
Validation validate_run(const RunOptions& options, const RunConfig& config, const ValidationRequest& request);

nlohmann::ordered_json difference_json(const ModelDifference& difference);
/// A line of CSV: model, level, tensor, kind, model_value, simulated, perhaps the relative error, causes.
std::string difference_csv(const ModelDifference& difference, bool with_error);

std::string validation_json(const Validation& validation);
std::string validation_csv(const Validation& validation);
std::string validation_text(const Validation& validation);

}  // namespace accelsim
