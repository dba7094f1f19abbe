// SPDX-License-Identifier: Apache-2.0
// A sweep as a Slurm job array: every task runs a part of the points into a store of its own.
#pragma once

#include <string>

namespace accelsim {

struct SlurmJob {
    std::string sweep;    ///< the sweep's file
    std::string store;    ///< of the whole
    std::string options;  ///< words for every task's command, quoted for a shell
    int tasks = 1;
};

/// Writes STORE.sbatch and hands it to sbatch(1); returns the job's id. UserError when sbatch is not there or refuses.
std::string submit_to_slurm(const SlurmJob& job);

/// In single quotes for a shell.
std::string shell_quoted(const std::string& text);

}  // namespace accelsim
