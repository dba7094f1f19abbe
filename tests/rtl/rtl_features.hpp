// SPDX-License-Identifier: Apache-2.0
// What of docs/microarchitecture.md a design exercises in the RTL.
#pragma once

#include <set>
#include <string>

#include "mappings/design.hpp"

namespace accelsim::testing {

/// Of the nest: replication (two loops on an axis), array_tail (lanes beyond a bound), spill_to_buffer and spill_to_dram (partial
/// sums that leave the lanes or the buffer and come back). Of the memories: fixed, burst, mac_ports, tensor_banks, port_sets,
/// shared_ports, memories.
std::set<std::string> rtl_features(const Design& design);

}  // namespace accelsim::testing
