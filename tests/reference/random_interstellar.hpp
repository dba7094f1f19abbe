// SPDX-License-Identifier: Apache-2.0
// Random designs in Interstellar's terms: 2 to 4 levels, one or two arrays with replicas, strides, bypass, separate memories.
#pragma once

#include "sim/program/import/interstellar_files.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// At most `most_macs` MACs; memories hold whatever the mapping needs. `exact`: the factors multiply to the sizes.
InterstellarDesign random_interstellar(RandomNumbers& random, std::int64_t most_macs, bool exact);

}  // namespace accelsim::testing
