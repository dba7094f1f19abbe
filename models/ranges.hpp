// SPDX-License-Identifier: Apache-2.0
// Sets of integers as sorted, disjoint, half-open intervals.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace accelsim {

class Ranges {
public:
    Ranges() = default;
    Ranges(std::int64_t low, std::int64_t high) {
        if (low < high) parts_.push_back({low, high});
    }

    bool operator==(const Ranges&) const = default;

    std::int64_t size() const {
        std::int64_t total = 0;
        for (const auto& [low, high] : parts_) total += high - low;
        return total;
    }

    /// The union of any intervals.
    static Ranges unite(std::vector<std::pair<std::int64_t, std::int64_t>> intervals) {
        std::sort(intervals.begin(), intervals.end());
        Ranges result;
        for (const auto& [low, high] : intervals) {
            if (low >= high) continue;
            if (result.parts_.empty() || low > result.parts_.back().second) {
                result.parts_.push_back({low, high});
            } else {
                result.parts_.back().second = std::max(result.parts_.back().second, high);
            }
        }
        return result;
    }
    static Ranges unite(const std::vector<Ranges>& sets) {
        std::vector<std::pair<std::int64_t, std::int64_t>> all;
        for (const Ranges& set : sets) all.insert(all.end(), set.parts_.begin(), set.parts_.end());
        return unite(std::move(all));
    }

    Ranges cut(std::int64_t low, std::int64_t high) const {
        Ranges result;
        for (const auto& [from, to] : parts_) {
            if (std::max(from, low) < std::min(to, high)) result.parts_.push_back({std::max(from, low), std::min(to, high)});
        }
        return result;
    }

    Ranges without(const Ranges& other) const {
        Ranges result;
        for (auto [low, high] : parts_) {
            for (const auto& [from, to] : other.parts_) {
                if (to <= low || from >= high) continue;
                if (from > low) result.parts_.push_back({low, from});
                low = to;
                if (low >= high) break;
            }
            if (low < high) result.parts_.push_back({low, high});
        }
        return result;
    }

    /// Every element plus k * step for k in [0, count).
    Ranges spread(std::int64_t step, std::int64_t count) const {
        if (step == 1 && count > 0) {
            std::vector<std::pair<std::int64_t, std::int64_t>> longer;
            for (const auto& [low, high] : parts_) longer.push_back({low, high + count - 1});
            return unite(std::move(longer));
        }
        std::vector<std::pair<std::int64_t, std::int64_t>> copies;
        for (std::int64_t k = 0; k < count; ++k) {
            for (const auto& [low, high] : parts_) copies.push_back({low + k * step, high + k * step});
        }
        return unite(std::move(copies));
    }

private:
    std::vector<std::pair<std::int64_t, std::int64_t>> parts_;
};

}  // namespace accelsim
