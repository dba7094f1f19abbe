// SPDX-License-Identifier: Apache-2.0
// Boxes of words, row-major.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& extents);
std::int64_t product(const std::vector<std::int64_t>& extents);

/// Extents of the DRAM box that holds a tile of all lanes; `sparse`: it has words between the lanes' tiles, too.
std::vector<std::int64_t> dram_box(const Design& design, int boundary, bool* sparse = nullptr);

}  // namespace accelsim
