// SPDX-License-Identifier: Apache-2.0
// One point of a sweep, in a process of its own.
#pragma once

#include <string>

#include "sim/program/jobs.hpp"
#include "sim/program/sweep/store.hpp"
#include "sim/program/sweep/sweep_file.hpp"

namespace accelsim {

/// In a child process: runs the point within the limits and returns the run's JSON; beyond them the process ends with a code of
/// its own. `folder` is for files that nobody needs afterwards.
std::string run_sweep_point(const Sweep& sweep, const SweepPoint& point, const std::string& folder);

/// What the store keeps of how its process ended.
StoredPoint stored_point(const Sweep& sweep, const SweepPoint& point, const JobOutcome& outcome, double seconds);
/// A point that is no run at all.
StoredPoint refused_point(const SweepPoint& point);

}  // namespace accelsim
