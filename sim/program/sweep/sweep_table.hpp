// SPDX-License-Identifier: Apache-2.0
// What a sweep found, for people and for spreadsheets.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sim/program/sweep/store.hpp"
#include "sim/program/sweep/sweep_file.hpp"

namespace accelsim {

/// A line per point, in the sweep's order; `E` marks the least energy, `C` the fewest cycles, `P` points that no other beats in
/// both.
std::string sweep_table(const Sweep& sweep, const std::map<std::string, StoredPoint>& points);

/// All points with their settings and figures.
std::string sweep_csv(const Sweep& sweep, const std::map<std::string, StoredPoint>& points);

/// {points: [{settings: {path: value}, cycles, energy_pj}]} of those that are done.
nlohmann::ordered_json sweep_json(const Sweep& sweep, const std::map<std::string, StoredPoint>& points);

}  // namespace accelsim
