// SPDX-License-Identifier: Apache-2.0
#include "models/search/lane_choices.hpp"

#include <algorithm>

#include "mappings/unrolling.hpp"
#include "models/search/tilings.hpp"

namespace accelsim::search {

namespace {

template <class T>
bool contains(const std::vector<T>& list, const T& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

class AxisChoices {
public:
    AxisChoices(const LaneRules& rules, std::int64_t axis) : rules_(rules), axis_(axis) {
        any_hint_ = std::any_of(rules.hinted.begin(), rules.hinted.end(), [](const auto& hint) { return hint.has_value(); });
    }

    std::vector<AxisChoice> all() {
        if (axis_ == 1 || rules_.min_utilization == 0) result_.push_back({});
        for (int x = 0; axis_ > 1 && x < count(); ++x) {
            for (const std::int64_t f : factors(x, axis_)) {
                const bool alone = fills(rules_, f, axis_) || (!rules_.replication && rules_.program);
                if (alone) result_.push_back({{x}, {f}});
                if (rules_.replication && (!alone || (any_hint_ && !rules_.program))) add_replicas(x, f);
            }
        }
        return std::move(result_);
    }

private:
    int count() const { return static_cast<int>(rules_.sizes.size()); }
    const std::optional<std::int64_t>& hint(int x) const { return rules_.hinted[static_cast<std::size_t>(x)]; }

    bool may_stand(int x) const {
        return !any_hint_ || hint(x) || (rules_.replication && (rules_.replicate.empty() || contains(rules_.replicate, x)));
    }

    std::vector<std::int64_t> factors(int x, std::int64_t room) const {
        std::vector<std::int64_t> result;
        if (!may_stand(x)) return result;
        if (hint(x)) {
            if (*hint(x) > 1 && *hint(x) <= room) result.push_back(*hint(x));
            return result;
        }
        const std::int64_t size = rules_.sizes[static_cast<std::size_t>(x)];
        for (const std::int64_t f : divisors(size))
            if (f > 1 && f <= room) result.push_back(f);
        if (rules_.program || rules_.exact[static_cast<std::size_t>(x)]) return result;
        for (const std::int64_t f : balanced_factors(size, room, false))
            if (f > 1 && !contains(result, f)) result.push_back(f);
        return result;
    }

    void add_replicas(int x, std::int64_t f) {
        for (int y = 0; y < count(); ++y)
            for (const std::int64_t g : y == x ? std::vector<std::int64_t>{} : factors(y, axis_ / f))
                if (fills(rules_, f * g, axis_)) result_.push_back({{x, y}, {f, g}});
    }

    const LaneRules& rules_;
    std::int64_t axis_;
    bool any_hint_ = false;
    std::vector<AxisChoice> result_;
};

bool disjoint(const AxisChoice& a, const AxisChoice& b) {
    return std::none_of(a.loops.begin(), a.loops.end(), [&](int x) { return contains(b.loops, x); });
}

/// Every hinted loop takes its lanes somewhere.
bool keeps_hints(const LaneRules& rules, const LaneChoice& choice) {
    for (int x = 0; x < static_cast<int>(rules.hinted.size()); ++x) {
        const auto& hint = rules.hinted[static_cast<std::size_t>(x)];
        if (hint && *hint > 1 && !contains(choice.rows.loops, x) && !contains(choice.columns.loops, x)) return false;
    }
    return true;
}

}  // namespace

bool fills(const LaneRules& rules, std::int64_t lanes, std::int64_t axis) {
    return lanes <= axis && static_cast<double>(lanes) >= static_cast<double>(axis) * rules.min_utilization;
}

std::vector<AxisChoice> axis_choices(const LaneRules& rules, std::int64_t axis) { return AxisChoices(rules, axis).all(); }

std::vector<LaneChoice> lane_choices(const LaneRules& rules, std::int64_t rows, std::int64_t columns) {
    const std::vector<AxisChoice> first = axis_choices(rules, rows), second = axis_choices(rules, columns);
    std::vector<LaneChoice> result;
    for (std::size_t i = 0; i < first.size(); ++i)
        for (std::size_t j = rows == columns ? i : 0; j < second.size(); ++j)
            if (disjoint(first[i], second[j]) && keeps_hints(rules, {first[i], second[j]}))
                result.push_back({first[i], second[j]});
    return result;
}

}  // namespace accelsim::search
