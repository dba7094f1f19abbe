// SPDX-License-Identifier: Apache-2.0
// One design through everything that can run or count it.
#pragma once

#include <cstdint>
#include <string>

#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// Both advances of the simulator, the closed form, the literal tick model and the plain loop nest must agree on every cycle,
/// count, word and output. Empty, or the first difference. `seed`: of the operands. Elaborates SystemC: once per process.
std::string compare_all(const RandomDesign& random, std::uint64_t seed);

}  // namespace accelsim::testing
