// SPDX-License-Identifier: Apache-2.0
// Where a waveform's tiles begin: the steps at which an outer loop advances.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace accelsim {

/// Sees the values of the temporal loops, outermost first, at every step of the array, and remembers the first steps of the
/// iterations of each loop. Memory does not grow with the run.
class TileMarks {
public:
    struct Mark {
        std::int64_t cycle;
        std::string name;  ///< the outermost loop that advanced, with its value: "K 1"
    };
    static constexpr std::size_t most = 26;  ///< GTKWave's markers A to Z

    /// `loops`: what each is called.
    explicit TileMarks(std::vector<std::string> loops = {}) : loops_(std::move(loops)), starts_(loops_.size()) {}

    void step(std::int64_t cycle, const std::vector<std::int64_t>& values);
    /// Of the innermost loop that has no more than `most` iterations in all that was seen; else the first ones of the outermost.
    std::vector<Mark> marks() const;

private:
    struct Start {
        std::int64_t cycle;
        std::vector<std::int64_t> values;
    };
    std::vector<std::string> loops_;
    std::vector<std::vector<Start>> starts_;  ///< per loop: the steps at which it or one around it advanced
    std::vector<std::int64_t> last_;
};

}  // namespace accelsim
