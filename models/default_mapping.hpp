// SPDX-License-Identifier: Apache-2.0
// The mapping that a run gets when it has none: legal, and good enough to begin with (docs/networks.md, "The default mapping").
#pragma once

#include "mappings/design.hpp"
#include "mappings/unrolling.hpp"

namespace accelsim {

/// Unrolls by the dataflow, then improves one choice of block() after the other by the closed form, from several starts: energy
/// times an estimate of the cycles (DRAM words in place of energy where nothing has a price). Some hundred candidates, the same
/// nest for the same arguments. Throws UserError when not even single elements fit, as lower() says it.
Nest default_mapping(const Workload& workload, const Architecture& architecture, const Dataflow& dataflow,
                     const Nest& rules = {});

}  // namespace accelsim
