// SPDX-License-Identifier: Apache-2.0
// Many validations, and how far each model is off over all of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/program/validate/validation.hpp"

namespace accelsim {

/// One run of a suite.
struct SuiteRun {
    std::string name;
    std::string file;
    std::vector<Override> changes;
    ValidationRequest request;
};

/// What became of it.
struct SuiteOutcome {
    std::string name;
    int code = 0;         ///< as the program's exit codes
    std::string failure;  ///< message of a code other than 0
    std::int64_t cycles = 0;
    double energy_pj = 0;
    std::vector<ModelDifference> figures;        ///< of all models, those that agree, too
    std::map<std::string, std::string> refused;  ///< models that cannot express the design, and why
};

/// Throws UserError: not a file `suite`, no runs, two of one name, an unknown model.
std::vector<SuiteRun> load_suite(const std::string& path);
/// Whether a file's top-level key is `suite`.
bool is_suite(const std::string& path);

/// Validates each run in a process of its own, so many at a time.
std::vector<SuiteOutcome> run_suite(const std::vector<SuiteRun>& runs, int processes);

/// Relative errors (of the simulated value) of a number of figures; nearest-rank percentiles.
struct Distribution {
    std::size_t figures = 0;
    std::size_t equal = 0;  ///< those that agree
    double median = 0, p95 = 0, worst = 0;
    std::string where;  ///< run and figure of the worst
};

/// Of one model and one group of figures.
struct ModelErrors {
    std::string model;
    std::string group;  ///< "counts", "hops", "cycles" or "energy"
    Distribution all;
    std::map<std::string, Distribution> causes;  ///< of the figures that a cause has a share in: the share's size
};

std::vector<ModelErrors> errors_of(const std::vector<SuiteOutcome>& outcomes);
/// Of all figures.
double worst_error(const std::vector<SuiteOutcome>& outcomes);

std::string suite_text(const std::vector<SuiteOutcome>& outcomes);
std::string suite_json(const std::vector<SuiteOutcome>& outcomes);
/// A line per figure.
std::string suite_csv(const std::vector<SuiteOutcome>& outcomes);
std::string suite_markdown(const std::vector<SuiteOutcome>& outcomes);

}  // namespace accelsim
