// SPDX-License-Identifier: Apache-2.0
// What a run's detailed DRAM is asked and does, for files.
#pragma once

#include <string>
#include <vector>

#include "models/dram/controller.hpp"
#include "sim/hardware/simulate.hpp"

namespace accelsim {

/// Keeps only what was asked for; grows with the requests.
class DramRecorder {
public:
    /// Paths, empty for none. Throws UserError when there is something to record but the DRAM is ideal.
    DramRecorder(const Design& design, std::string requests, std::string commands);

    void listen(SimulationOptions& options);
    /// After the run. Throws UserError when a file cannot be written.
    void write();

private:
    std::string requests_path_, commands_path_;
    std::vector<std::pair<std::int64_t, dram::Request>> requests_;
    std::vector<dram::Issued> commands_;
};

}  // namespace accelsim
