// SPDX-License-Identifier: Apache-2.0
// Short streams of DRAM commands, each legal but for the distance of its last command.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/dram/controller.hpp"

namespace accelsim::testing {

struct DramStream {
    std::string rule;                    ///< that the last command breaks when it comes one clock earlier
    std::vector<dram::Issued> commands;  ///< the last one at the first clock allowed
    bool alone = true;                   ///< nothing else is broken when it is not
};

/// One for every rule of section 2 and 3 of docs/dram.md that the device can break.
std::vector<DramStream> dram_streams(const dram::Device& device);

}  // namespace accelsim::testing
