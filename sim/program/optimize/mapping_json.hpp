// SPDX-License-Identifier: Apache-2.0
// Mappings in results: as a run file has them, and as Interstellar has them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "models/search/optimize.hpp"
#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

/// As `nest` in a run file.
nlohmann::ordered_json nest_json(const RunConfig& config);

/// {nest, interstellar}: of an optimum of the run; the second only from a search by Interstellar's model.
nlohmann::ordered_json mapping_json(const RunConfig& config, const search::Optimum& optimum);

}  // namespace accelsim
