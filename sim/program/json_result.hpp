// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sim/program/run.hpp"

namespace accelsim {

/// The result as JSON text with stable names: integers where the thing is an integer, words summed over instances, levels
/// outermost first (docs/results.md).
std::string json_result(const RunRecord& record);

/// Whether outputs were checked and are wrong, in a layer's result or a network's total.
bool says_wrong(const nlohmann::ordered_json& result);

}  // namespace accelsim
