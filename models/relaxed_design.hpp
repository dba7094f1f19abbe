// SPDX-License-Identifier: Apache-2.0
// A design without what an analytical model leaves out: what is between the model's counts and the exact ones.
#pragma once

#include "mappings/design.hpp"

namespace accelsim {

/// What stays as the design says; the rest is as plain as it can be.
struct Kept {
    bool tails = false;     ///< else sizes are as large as the factors
    bool padding = false;   ///< else no zeros around the operands
    bool gaps = false;      ///< else boxes include what a stride leaves out
    bool halo = false;      ///< else `plain_halo`
    bool partials = false;  ///< else `plain_partials`
    bool sharing = false;   ///< else every network shares operands and adds outputs
    bool latch = false;     ///< else the MAC reads its operands at each step
    bool chains = true;     ///< else systolic networks, which need neighbours that share, are multicast: for counts without hops
    Halo plain_halo = Halo::refetch;
    Partials plain_partials = Partials::head;
};

/// The design, lowered again, in memories that hold any tile. Where its lanes without tails or padding could form no chains, it
/// has multicast networks for systolic ones.
Design relaxed_design(const Design& design, const Kept& kept);

}  // namespace accelsim
