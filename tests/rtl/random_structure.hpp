// SPDX-License-Identifier: Apache-2.0
// Random machines of the form that `accelsim rtl` writes, each with a random nest.
#pragma once

#include <cstdint>
#include <optional>

#include "mappings/design.hpp"

namespace accelsim::testing {

/// A small machine and a short nest for it: networks, widths, latencies, slots, ports, arbitration, bursts, memories of single
/// tensors and what is unrolled are all drawn. Nothing when the nest does not fit it (an ordinary thing: try the next seed).
std::optional<Design> random_structure(std::uint64_t seed);

}  // namespace accelsim::testing
