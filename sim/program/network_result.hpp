// SPDX-License-Identifier: Apache-2.0
// Results of layers, and their sum.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "sim/program/yaml/load_network.hpp"

namespace accelsim {

/// {layers: [...], total: {...}} (docs/results.md). `results`: per layer its result, null where it is not simulated. The total
/// has the keys of a result: counts, cycles and energies are sums (times `repeat`), sizes the largest, utilization and power are
/// worked out anew. Layers that are not simulated are summed apart.
nlohmann::ordered_json network_result(const NetworkConfig& network, const std::vector<nlohmann::ordered_json>& results);

}  // namespace accelsim
