// SPDX-License-Identifier: Apache-2.0
// What the page of a run shows.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/program/run.hpp"

namespace accelsim {

/// For write_page(): result, nest, picture, roofline and, where it was recorded, activity.
nlohmann::ordered_json run_page(const RunRecord& record);

}  // namespace accelsim
