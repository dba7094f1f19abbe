// SPDX-License-Identifier: Apache-2.0
// The plain, slow reference: the machine of docs/microarchitecture.md, one cycle after the other, with literal tile
// walks and data that really moves. It shares no code with the simulator, the models or the lowering.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"
#include "models/counts.hpp"
#include "sim/hardware/result.hpp"
#include "sim/hardware/trace.hpp"

namespace accelsim::testing {

struct ReferenceRun {
    std::int64_t cycles = 0;
    std::int64_t busy = 0;
    std::int64_t macs = 0;
    std::vector<StallCount> stalls;  ///< causes that occurred, by name
    Counts counts;
    std::vector<GroupEvent> events;          ///< by cycle, then boundary, then down before up
    std::vector<std::int64_t> issue_cycles;  ///< of every step
    std::vector<std::int32_t> output;        ///< row-major, wrapped to the output's width
};

/// Throws std::runtime_error on deadlock, beyond 10 million cycles, and when data is used that is not there.
ReferenceRun run_tick_model(const Workload& workload, const Architecture& architecture, const Nest& nest,
                            const std::vector<std::vector<std::int16_t>>& operands);

}  // namespace accelsim::testing
