// SPDX-License-Identifier: Apache-2.0
// One design through everything that can run or count it.
#pragma once

#include <cstdint>
#include <string>

#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// Both advances of the simulator, the closed form, the literal tick model and the plain loop nest must agree on every cycle,
/// count, word and output. Empty, or the first difference. `seed`: of the operands. Elaborates SystemC: once per process.
/// When all agree that the design ends in a deadlock, and the simulator names its cycle of waits, the difference is
/// `all_deadlock`.
std::string compare_all(const RandomDesign& random, std::uint64_t seed);

inline const std::string all_deadlock = "all of them deadlock\n";

}  // namespace accelsim::testing
