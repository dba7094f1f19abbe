// SPDX-License-Identifier: Apache-2.0
// A sweep: one run file with many settings.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

struct SweepPoint {
    std::vector<std::pair<std::string, std::string>> settings;  ///< path and value (YAML on one line), in the file's order
    std::vector<Override> changes;                              ///< the same, and those of all points
    std::string fingerprint;  ///< of everything that the point's result depends on: run, content of its files, version
    std::string error;        ///< why there is no such run; empty: there may be
};

struct SweepLimits {
    std::int64_t seconds = 0;  ///< 0: none
    std::int64_t bytes = 0;    ///< of address space; 0: none
};

struct Sweep {
    std::string name;
    std::string run;                 ///< the run file
    std::vector<std::string> paths;  ///< that are varied
    std::vector<SweepPoint> points;  ///< first path outermost
    SweepLimits limits;
};

/// `overrides` as of --set, for all points. Throws UserError: not a file `sweep`, nothing varied, a path twice, a value that the
/// run has no place for, more than 100,000 points.
Sweep load_sweep(const std::string& path, const std::vector<std::string>& overrides);

}  // namespace accelsim
