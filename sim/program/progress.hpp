// SPDX-License-Identifier: Apache-2.0
// How far many jobs are, on a terminal's last line; nothing elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace accelsim {

class Progress {
public:
    /// One weight per job: its share of the work.
    Progress(std::string what, std::vector<double> weights);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void done(std::size_t job);

private:
    std::string what_;
    std::vector<double> weights_;
    double all_ = 0;
    double finished_ = 0;
    std::size_t count_ = 0;
    bool shown_ = false;
    std::chrono::steady_clock::time_point begin_;
};

}  // namespace accelsim
