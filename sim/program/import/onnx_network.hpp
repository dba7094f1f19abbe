// SPDX-License-Identifier: Apache-2.0
// A network from an ONNX model (docs/networks.md, "ONNX").
#pragma once

#include <string>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// The map under `network` that says what the model does: convolutions and matrix products as layers, pooling and element-wise operators
/// as traffic, every other operator as a layer of type `other` with its MACs. Places in the map carry the model's path. Throws UserError:
/// not a model, a shape that cannot be inferred, or a build without ONNX; `where` is what names the file.
Yaml load_onnx_network(const std::string& path, const Location& where);

}  // namespace accelsim
