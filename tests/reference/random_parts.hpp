// SPDX-License-Identifier: Apache-2.0
// What the random designs are put together from.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

template <class T>
void shuffle(std::vector<T>& values, RandomNumbers& random) {
    for (std::size_t i = values.size(); i > 1; --i)
        std::swap(values[i - 1], values[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(i) - 1))]);
}

Architecture make_random_architecture(RandomNumbers& random, const Workload& workload);
/// Deals the factors of all dimensions to arrays and buffers; some are rounded up.
void deal_random_loops(RandomNumbers& random, RandomDesign& design);
/// Makes transports multicast where `systolic` would not be along an axis.
void legalise_systolic(RandomDesign& design);
/// Memories of single tensors, windows, partitions: after the loops, whose tiles they must hold.
void add_random_memories(RandomNumbers& random, RandomDesign& design);
/// Sets of ports, banks, bursts, ports shared with the MAC: after the memories, whose windows must not end up in a deadlock.
void add_random_ports(RandomNumbers& random, RandomDesign& design);

// Plain facts of a design, each straight from its definition.
std::int64_t stride_of(const Nest& nest, std::size_t loop);
/// The level's `keeps` names the tensor; bypass is another matter.
bool can_keep(const Level& level, const std::string& tensor);
bool is_kept(const RandomDesign& design, std::size_t level, int tensor);
std::int64_t issued_bound(const RandomDesign& design, int dimension);
/// Of a tensor's axes, the nominal extents of its tile at a level.
std::vector<std::int64_t> tile_extents(const RandomDesign& design, int tensor, int level);
std::int64_t temporal_iterations(const RandomDesign& design);
/// Those whose indices are all below the issued bounds.
std::int64_t issued_steps(const RandomDesign& design);

}  // namespace accelsim::testing
