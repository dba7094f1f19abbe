// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/arbiter.hpp"

#include <algorithm>

namespace accelsim {

Arbiter::Arbiter(const Architecture& architecture, int movers)
    : needs_(static_cast<std::size_t>(movers)), decided_(static_cast<std::size_t>(movers)) {
    for (const Level& level : architecture.levels) {
        const bool fixed = level.arbitration == Arbitration::fixed;
        int read = -1;
        int write = -1;
        if (level.is_buffer()) {
            read = write = static_cast<int>(pools_.size());
            pools_.push_back({level.ports.reads, fixed, 0, {}});
            if (!level.ports.shared) {
                write = static_cast<int>(pools_.size());
                pools_.push_back({level.ports.writes, fixed, 0, {}});
            }
        }
        read_pool_.push_back(read);
        write_pool_.push_back(write);
    }
    free_.resize(pools_.size());
}

void Arbiter::connect(int mover, int read_level, int write_level) {
    auto& needs = needs_[static_cast<std::size_t>(mover)];
    needs.clear();
    if (read_level >= 0) needs.push_back(read_pool_[static_cast<std::size_t>(read_level)]);
    if (write_level >= 0) needs.push_back(write_pool_[static_cast<std::size_t>(write_level)]);
    std::sort(needs.begin(), needs.end());
    for (std::size_t p = 0; p < pools_.size(); ++p) {
        auto& users = pools_[p].movers;
        users.erase(std::remove(users.begin(), users.end(), mover), users.end());
        if (std::find(needs.begin(), needs.end(), static_cast<int>(p)) != needs.end()) users.push_back(mover);
        std::sort(users.begin(), users.end());
        pools_[p].pointer = 0;
    }
}

void Arbiter::decide(const std::vector<char>& requests, std::vector<char>& granted) {
    for (std::size_t p = 0; p < pools_.size(); ++p) free_[p] = pools_[p].ports;
    std::fill(granted.begin(), granted.end(), 0);
    std::fill(decided_.begin(), decided_.end(), 0);
    for (Pool& pool : pools_) {
        // Two passes make the circle: from the pointer to the end, then from the start to the pointer.
        const int start = pool.pointer;
        for (int pass = 0; pass < 2; ++pass) {
            for (int mover : pool.movers) {
                const auto m = static_cast<std::size_t>(mover);
                if ((mover >= start) != (pass == 0) || !requests[m] || decided_[m]) continue;
                decided_[m] = 1;
                const bool fits = std::all_of(needs_[m].begin(), needs_[m].end(),
                                              [&](int need) { return free_[static_cast<std::size_t>(need)] > 0; });
                if (!fits) continue;
                for (int need : needs_[m]) --free_[static_cast<std::size_t>(need)];
                granted[m] = 1;
                if (!pool.fixed) pool.pointer = mover + 1;
            }
        }
    }
}

bool Arbiter::all_fit(const std::vector<char>& requests) const {
    return std::all_of(pools_.begin(), pools_.end(), [&](const Pool& pool) {
        const auto users = std::count_if(pool.movers.begin(), pool.movers.end(),
                                         [&](int mover) { return requests[static_cast<std::size_t>(mover)] != 0; });
        return users <= pool.ports;
    });
}

}  // namespace accelsim
