// SPDX-License-Identifier: Apache-2.0
// Requests and commands of a DRAM as files (docs/dram.md, 6).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/dram/controller.hpp"

namespace accelsim {

struct TraceRequest {
    std::int64_t cycle = 0;  ///< of the DRAM's clock; does not decrease
    std::int64_t address = 0;
    bool write = false;
};

/// Lines `address READ|WRITE cycle`. Throws UserError with file, line and column.
std::vector<TraceRequest> read_dram_trace(const std::string& path);

/// Lines `cycle channel rank bank_group bank row column command` under a heading comment, by cycle, then channel; -1 where a
/// command has none. Sorts the commands.
std::string dram_commands_text(std::vector<dram::Issued>& commands);

}  // namespace accelsim
