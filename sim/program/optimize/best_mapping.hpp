// SPDX-License-Identifier: Apache-2.0
// Searching a run's mapping: for `accelsim optimize`, and for a plain run whose mapping is `auto`.
#pragma once

#include <string>

#include "models/search/optimize.hpp"
#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

/// A run with the mapping that was found in its place.
struct BestRun {
    search::Optimum optimum;
    RunConfig config;  ///< it can be lowered
    /// By the model, of what `config` maps: the optimum's unless that does not run on the machine.
    double energy_pj = 0;
    std::int64_t cycles = 0;
};

/// The optimum alone. Progress goes to a terminal's last line. Without `mapping: auto` the search is told nothing but the nest's
/// rules. Throws UserError.
search::Optimum search_mapping(const RunConfig& config, const search::Request& request);

/// The best of every dataflow; always by Interstellar's model.
std::vector<search::DataflowOptimum> explore_run_dataflows(const RunConfig& config, const search::Request& request);

/// The run with an optimum of its own in place. What is best by the Interstellar program's rules but does not run on the machine
/// is replaced, in `config`, by the best that does.
BestRun complete(const RunConfig& config, const search::Optimum& optimum, const search::Request& request);

/// Both. Throws UserError.
BestRun find_best(const RunConfig& config, const search::Request& request);

/// For a plain run: the run itself, unless its mapping is `auto`. Then by Interstellar's model, or the exact counts where that
/// model cannot say it, for the least energy, in a bounded time. Throws UserError.
RunConfig with_mapping(RunConfig config);

}  // namespace accelsim
