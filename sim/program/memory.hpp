// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "mappings/workload.hpp"

namespace accelsim {

/// Bytes of this process's largest resident set so far.
std::int64_t peak_memory();

/// Throws SimulationError where a run's tensors alone, and the check's copies of them, are larger than the machine's memory: the
/// system would grant them and then kill whoever uses them.
void require_memory(const Workload& workload);

}  // namespace accelsim
