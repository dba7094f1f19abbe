// SPDX-License-Identifier: Apache-2.0
// Work in child processes, several at a time: SystemC elaborates once per process.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace accelsim {

struct JobOutcome {
    int code = 0;      ///< as the program's exit codes
    std::string text;  ///< what the job returned; with a code other than 0 the message
};

/// Runs each job in a process of its own, at most `processes` at a time, started in order. Exceptions come back as their exit
/// codes, a crash as 1. `done` is told the index and the outcome of every job that ends. SIGINT and SIGTERM end the children,
/// then this process; and they end, too, when this process is killed.
std::vector<JobOutcome> run_jobs(const std::vector<std::function<std::string()>>& jobs, int processes,
                                 const std::function<void(std::size_t, const JobOutcome&)>& done);

/// Of two exit codes the worse: a failed self-check (1) before a simulation that cannot proceed (3), before wrong input (2).
int worse_code(int left, int right);

}  // namespace accelsim
