// SPDX-License-Identifier: Apache-2.0
// The keys of Timeloop's architecture: which are read, which have no influence here, which are refused.
#pragma once

#include "sim/program/import/timeloop_map.hpp"

namespace accelsim {

const TimeloopKeys& timeloop_root_keys();       ///< of the architecture itself
const TimeloopKeys& timeloop_node_keys();       ///< of a node of the tree
const TimeloopKeys& timeloop_component_keys();  ///< of what stands in 'local'

// Attributes by kind of component.
const TimeloopKeys& timeloop_storage_keys();
const TimeloopKeys& timeloop_compute_keys();
const TimeloopKeys& timeloop_network_keys();

}  // namespace accelsim
