// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace accelsim {

/// What a network's run prints, from its result: a line per layer, totals, where cycles and energy went.
std::string network_report(const nlohmann::ordered_json& result, bool colour);

/// The stall with most cycles and its share of all, "weight@GlobalBuffer 12%"; empty without stalls.
std::string main_stall(const nlohmann::ordered_json& result);

}  // namespace accelsim
