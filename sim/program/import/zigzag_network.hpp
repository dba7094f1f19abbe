// SPDX-License-Identifier: Apache-2.0
// ZigZag's workload files as networks (docs/networks.md, "ZigZag").
#pragma once

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// `layers`: the file, a list of maps with operator_type, equation, loop_dims, loop_sizes, dimension_relations, pr_loop_dims,
/// padding and operand_precision. Convolutions (grouped and depthwise, too) and matrix products become layers, pooling and
/// additions traffic. Throws UserError with the place of what is not understood.
Yaml load_zigzag_network(const Yaml& layers);

}  // namespace accelsim
