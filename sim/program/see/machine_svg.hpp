// SPDX-License-Identifier: Apache-2.0
// The machine and the mapping as a picture: which loop lives where, who keeps what, how it travels.
#pragma once

#include <string>

#include "mappings/design.hpp"

namespace accelsim {

/// SVG text, 760 units wide: a box per level with its loops, a grid for each fan-out, an arrow per tensor and boundary with its
/// tile's words and slots. Colours per tensor: the first operand blue, the second orange, the output green.
std::string machine_svg(const Design& design);

}  // namespace accelsim
