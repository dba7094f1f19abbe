// SPDX-License-Identifier: Apache-2.0
// The keys of Timeloop's architecture: which are read, which have no influence here, which are refused.
#pragma once

#include "sim/program/import/import_map.hpp"

namespace accelsim {

const ImportKeys& timeloop_root_keys();       ///< of the architecture itself
const ImportKeys& timeloop_node_keys();       ///< of a node of the tree
const ImportKeys& timeloop_component_keys();  ///< of what stands in 'local'

// Attributes by kind of component.
const ImportKeys& timeloop_storage_keys();
const ImportKeys& timeloop_compute_keys();
const ImportKeys& timeloop_network_keys();

}  // namespace accelsim
