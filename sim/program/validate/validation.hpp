// SPDX-License-Identifier: Apache-2.0
// Analytical models held against a simulation of the same design.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/analytical.hpp"
#include "sim/program/run.hpp"
#include "sim/program/validate/ladder.hpp"

namespace accelsim {

/// One figure of a model that is not the simulated one. Level and tensor are empty for cycles and energy.
struct ModelDifference {
    std::string model, level, tensor, kind;
    double model_value = 0, simulated = 0;
    std::map<std::string, double>
        causes;               ///< their sum is simulated - model_value, where the model's rules are known to that depth
    double relative() const;  ///< of the simulated value; 1 when that is 0
};

struct Validation {
    RunRecord run;
    ModelResult simulated;
    std::vector<ModelResult> models;
    std::map<std::string, std::string> refused;  ///< models that cannot express the design, and why
    std::vector<ModelDifference> differences;
    double max_error() const;  ///< largest relative difference
};

/// Simulates (several times: why the cycles differ) and evaluates the models. `names`: of the models; empty: all.
Validation validate_run(const RunOptions& options, const RunConfig& config, const std::vector<std::string>& names);

std::string validation_json(const Validation& validation);
std::string validation_csv(const Validation& validation);
std::string validation_text(const Validation& validation);

}  // namespace accelsim
