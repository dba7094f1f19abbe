// SPDX-License-Identifier: Apache-2.0
// Help with a mistyped name.
#pragma once

#include <string>
#include <vector>

namespace accelsim {

/// "; did you mean 'capacity'?" when one name is near enough, else "; known: a, b, c"; nothing when none is known.
std::string suggestion(const std::string& name, const std::vector<std::string>& known);

/// "a, b, c"
std::string join(const std::vector<std::string>& names, const std::string& separator = ", ");

/// Letters A to Z made small.
std::string lower_case(std::string text);

}  // namespace accelsim
