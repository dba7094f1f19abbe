// SPDX-License-Identifier: Apache-2.0
// A registered count of tiles: what happens in one cycle is seen in a later one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>

namespace accelsim {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// Counts in order: an update is never seen before the one in front of it.
class Token {
public:
    /// From `cycle` on the count is at least `value`.
    void set(std::int64_t cycle, std::int64_t value) {
        if (!pending_.empty()) cycle = std::max(cycle, pending_.back().cycle);
        if (!pending_.empty() && pending_.back().cycle == cycle) {
            pending_.back().value = value;
        } else {
            pending_.push_back({cycle, value});
        }
        last_ = value;
    }
    /// The count seen in `cycle`; cycles must not decrease from call to call.
    std::int64_t at(std::int64_t cycle) {
        while (!pending_.empty() && pending_.front().cycle <= cycle) {
            value_ = pending_.front().value;
            pending_.pop_front();
        }
        return value_;
    }
    /// The next cycle after `cycle` in which the count changes.
    std::int64_t next_change(std::int64_t cycle) {
        at(cycle);
        return pending_.empty() ? never : pending_.front().cycle;
    }
    /// What it will be once everything under way is seen.
    std::int64_t last() const { return last_; }

private:
    struct Update {
        std::int64_t cycle;
        std::int64_t value;
    };
    std::deque<Update> pending_;
    std::int64_t value_ = 0;
    std::int64_t last_ = 0;
};

}  // namespace accelsim
