// SPDX-License-Identifier: Apache-2.0
// Random nests for a given machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/design.hpp"

namespace accelsim::testing {

/// What is unrolled over the rows and over the columns, adjacent loop first.
struct Unrolling {
    struct Axes {
        std::vector<std::string> rows, columns;
    };
    std::vector<Axes> fan_outs;  ///< of each, the dimensions that may be unrolled
    bool convolution = false;    ///< else often a gemm
};

/// A random layer and nest on this machine, with the operands' widths of `like`; nothing when it does not fit it (an
/// ordinary thing: try the next seed).
std::optional<Design> random_nest(const Architecture& architecture, const Workload& like, const Unrolling& unrolling,
                                  std::uint64_t seed);

}  // namespace accelsim::testing
