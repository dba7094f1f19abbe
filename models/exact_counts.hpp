// SPDX-License-Identifier: Apache-2.0
// Exact access counts from the nest alone, by closed form.
#pragma once

#include "mappings/design.hpp"
#include "models/counts.hpp"

namespace accelsim {

/// Counts of a whole run (docs/microarchitecture.md, 7). A tile begins where some loop advances and all loops inside it wrap, so
/// the sum runs over the loops, not over iterations: for each, words moved = product over the tensor's axes of sums over
/// the positions of that axis alone. Cost: loops x lanes x positions per axis; it does not grow with the MACs.
Counts count_exactly(const Design& design);

/// Empty counts with all levels, tensors and networks of a design in place, for whoever adds to them.
Counts make_counts(const Design& design);

/// The entry of a tensor at a level. Throws InternalError when it is not kept there.
TensorCounts& tensor_counts(Counts& counts, const Design& design, int level, int tensor);
const TensorCounts& tensor_counts(const Counts& counts, const Design& design, int level, int tensor);
/// The entry of a tensor's traffic on its boundary.
LinkCounts& link_counts(Counts& counts, const Design& design, const Boundary& boundary);

}  // namespace accelsim
