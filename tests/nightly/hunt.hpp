// SPDX-License-Identifier: Apache-2.0
// Compares random designs until time is up or one fails, and makes that one small.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/program/yaml/load_run.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// Empty when all is well; see compare_all. Runs in a child: it may throw or crash as well.
using Compare = std::function<std::string(const RandomDesign&, std::uint64_t seed)>;

struct HuntOptions {
    std::uint64_t first_seed = 1;
    double seconds = 60;       ///< no design starts later; each worker compares one at least
    int workers = 1;           ///< processes
    std::string folder;        ///< for fail_SEED.yaml and fail_SEED.txt; made when it is needed
    int design_seconds = 600;  ///< a comparison that takes longer has failed
};

/// 0 when nothing failed; else 1: the smallest design found stands in the folder as a run file, beside it what failed.
int hunt(const HuntOptions& options, const Compare& compare);

/// The run file of a design; its data are those of `compare_all(design, seed)`.
RunConfig run_of(const RandomDesign& design, std::uint64_t seed, const std::string& name);
/// The design of a run.
RandomDesign design_of(const RunConfig& config);

}  // namespace accelsim::testing
