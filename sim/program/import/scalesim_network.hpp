// SPDX-License-Identifier: Apache-2.0
// SCALE-Sim's topology files as networks (docs/networks.md, "SCALE-Sim").
#pragma once

#include <string>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// A CSV file with a heading and a line per layer: either name, IFMAP height and width, filter height and width, channels,
/// filters, stride (or stride height and width), and in version 3 a sparsity; or name, M, N, K. Throws UserError with line and
/// column: a number that is none, a filter larger than its input, sparsity.
Yaml load_scalesim_network(const std::string& path);

}  // namespace accelsim
