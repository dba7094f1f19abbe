// SPDX-License-Identifier: Apache-2.0
// What a random design exercises: named features, each only where it matters in that design.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// All names, in a fixed order.
const std::vector<std::string>& feature_names();

/// Indices into feature_names().
std::vector<int> features(const RandomDesign& design);

/// A pair that no design can have, and why.
struct Incompatible {
    std::string left, right, reason;
};
const std::vector<Incompatible>& incompatible_features();

/// How often each pair of features occurred together.
class FeaturePairs {
public:
    FeaturePairs();
    void add(const RandomDesign& design);
    /// Compatible pairs that occurred less often than `least`, with their counts, one per line.
    std::string rarer_than(long least) const;
    /// Pairs that occurred although they are called incompatible, one per line.
    std::string impossible() const;

private:
    std::vector<std::vector<long>> counts_;
};

}  // namespace accelsim::testing
