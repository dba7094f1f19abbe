// SPDX-License-Identifier: Apache-2.0
// From a design that fails to a small one that still does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// One way to make a design smaller or plainer. Every candidate moves the same way (fewer levels, smaller numbers, defaults), so
/// that shrinking ends; not every one is legal.
struct Transformation {
    std::string name;
    std::function<std::vector<RandomDesign>(const RandomDesign&)> candidates;
};

/// The most effective first.
const std::vector<Transformation>& transformations();

/// True when lower() takes it.
bool is_legal(const RandomDesign& design);

/// Takes the first legal candidate that still fails, until there is none. `design` itself must fail; the result depends on
/// nothing but the arguments.
RandomDesign shrink(RandomDesign design, const std::function<bool(const RandomDesign&)>& fails);

}  // namespace accelsim::testing
