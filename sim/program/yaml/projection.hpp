// SPDX-License-Identifier: Apache-2.0
// Axes written as sums: "2*y + fy - 1".
#pragma once

#include <string>
#include <vector>

#include "mappings/workload.hpp"
#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// The axis that the scalar writes; its size is left to derive_axis_sizes. UserError with the exact column.
/// `tensor` names the tensor in messages: "tensor 'A'".
Axis parse_axis(const Yaml& node, const std::vector<Dimension>& dimensions, const std::string& tensor);

/// The axis as parse_axis reads it.
std::string format_axis(const Axis& axis, const std::vector<Dimension>& dimensions);

}  // namespace accelsim
