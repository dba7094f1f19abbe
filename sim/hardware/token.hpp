// SPDX-License-Identifier: Apache-2.0
// A registered count of tiles: what happens in one cycle is seen in a later one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace accelsim {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// Counts in order: an update is never seen before the one in front of it.
class Token {
public:
    /// From `cycle` on the count is at least `value`.
    void set(std::int64_t cycle, std::int64_t value) {
        last_ = value;
        if (begin_ != end_) {
            Update& newest = pending_[(end_ - 1) & mask()];
            if (cycle <= newest.cycle) {
                newest.value = value;
                return;
            }
            if (end_ - begin_ == pending_.size()) grow();
        }
        if (begin_ == end_) next_ = cycle;
        pending_[end_++ & mask()] = {cycle, value};
    }
    /// The count seen in `cycle`; cycles must not decrease from call to call.
    std::int64_t at(std::int64_t cycle) {
        while (next_ <= cycle) {
            value_ = pending_[begin_++ & mask()].value;
            next_ = begin_ == end_ ? never : pending_[begin_ & mask()].cycle;
        }
        return value_;
    }
    /// The next cycle after `cycle` in which the count changes.
    std::int64_t next_change(std::int64_t cycle) {
        at(cycle);
        return next_;
    }
    /// The first cycle in which the count is seen to be at least `value`, by what is known now; never: not yet.
    std::int64_t when(std::int64_t value) const {
        if (value_ >= value) return 0;
        for (std::size_t i = begin_; i != end_; ++i) {
            if (pending_[i & mask()].value >= value) return pending_[i & mask()].cycle;
        }
        return never;
    }
    /// What it will be once everything under way is seen.
    std::int64_t last() const { return last_; }

private:
    struct Update {
        std::int64_t cycle;
        std::int64_t value;
    };
    std::size_t mask() const { return pending_.size() - 1; }
    void grow() {
        std::vector<Update> larger(2 * pending_.size());
        for (std::size_t i = begin_; i != end_; ++i) larger[i & (larger.size() - 1)] = pending_[i & mask()];
        pending_ = std::move(larger);
    }

    std::vector<Update> pending_ = std::vector<Update>(8);  ///< a ring of a power of two, [begin_, end_)
    std::size_t begin_ = 0, end_ = 0;
    std::int64_t next_ = never;  ///< cycle of the first pending update
    std::int64_t value_ = 0;
    std::int64_t last_ = 0;
};

}  // namespace accelsim
