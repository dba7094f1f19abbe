// SPDX-License-Identifier: Apache-2.0
// NumPy's .npy files (numpy.lib.format, versions 1 to 3): operands in, outputs out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/workload.hpp"

namespace accelsim {

/// Row-major elements, 8-bit ones sign-extended. UserError unless the file holds little-endian int8 or int16 (the
/// tensor's width) in C order and in the tensor's shape.
std::vector<std::int16_t> read_npy(const std::string& path, const Tensor& tensor);

/// Writes int8, int16 or int32 by the tensor's width, in its shape: to a temporary file that is then renamed, so that
/// no half-written file is ever seen. UserError when the file cannot be written.
void write_npy(const std::string& path, const Tensor& tensor, const std::vector<std::int32_t>& values);

}  // namespace accelsim
