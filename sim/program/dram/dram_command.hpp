// SPDX-License-Identifier: Apache-2.0
// accelsim dram: a DRAM alone, driven by a trace of requests.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/dram/controller.hpp"
#include "sim/program/dram/dram_trace.hpp"

namespace accelsim {

/// What a trace did to a device.
struct DramTraceResult {
    dram::Statistics statistics;
    std::int64_t clocks = 0;  ///< from clock 0 to the end of the last burst's data
    std::int64_t read_latency =
        0;                 ///< of all reads together, in clocks, from entering the controller's list to the end of the data
    double energy_pj = 0;  ///< in these clocks
};

/// Each request comes at its cycle, or once those before it have come and its channel's list has room: as many requests as its
/// queues hold, those in the queues included. The listener hears the commands as those of dram::Controller do.
DramTraceResult run_dram_trace(const dram::Device& device, const std::vector<TraceRequest>& requests,
                               const std::function<void(const dram::Issued&)>& listener = {});

/// The command line behind "accelsim". Throws UserError.
int dram_command(int argc, char** argv);

}  // namespace accelsim
