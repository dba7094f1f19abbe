// SPDX-License-Identifier: Apache-2.0
// The cases in tests/golden/interstellar: what the original program answered for designs of its own.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace accelsim::testing {

/// Path of a case's file.
std::string interstellar_file(const std::string& name);
nlohmann::json interstellar_case(const std::string& name);

/// Names of the cases with a mapping and the program's evaluation of it.
std::vector<std::string> interstellar_fixed_cases();
/// The optimiser's cases: no mapping, only hints.
std::vector<std::string> interstellar_search_cases();

}  // namespace accelsim::testing
