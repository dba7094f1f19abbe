// SPDX-License-Identifier: Apache-2.0
#include "sim/program/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

namespace accelsim {

namespace {

std::string duration_text(double seconds) {
    const auto whole = static_cast<long>(seconds + 0.5);
    return whole < 120 ? fmt::format("{} s", whole) : fmt::format("{} min", (whole + 30) / 60);
}

}  // namespace

Progress::Progress(std::string what, std::vector<double> weights)
    : what_(std::move(what)),
      weights_(std::move(weights)),
      shown_(::isatty(STDERR_FILENO) == 1),
      begin_(std::chrono::steady_clock::now()) {
    for (const double weight : weights_) all_ += weight;
}

Progress::~Progress() {
    if (shown_ && count_ > 0) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::done(std::size_t job) {
    ++count_;
    finished_ += weights_[job];
    if (!shown_) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    const double left = finished_ > 0 ? seconds * (all_ - finished_) / finished_ : 0;
    std::cerr << fmt::format("\r\x1b[K{} of {} {}, about {} left", count_, weights_.size(), what_, duration_text(left))
              << std::flush;
}

}  // namespace accelsim
