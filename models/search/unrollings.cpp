// SPDX-License-Identifier: Apache-2.0
#include "models/search/unrollings.hpp"

#include <algorithm>

#include "mappings/unrolling.hpp"
#include "models/search/tilings.hpp"

namespace accelsim::search {

namespace {

/// Loops on one axis, adjacent first.
struct AxisChoice {
    std::vector<LoopName> loops;
    std::vector<std::int64_t> factors;
    std::vector<std::int64_t> divides;
};

constexpr std::array<LoopName, loop_count> all_loops = {LoopName::FX, LoopName::FY, LoopName::OX, LoopName::OY,
                                                        LoopName::OC, LoopName::IC, LoopName::ON};

class LevelChoices {
public:
    LevelChoices(const Space& space, std::size_t level) : space_(space), level_(level) {
        for (const LoopName x : all_loops) {
            const LoopHint& hint = space.hints[level][x];
            any_hint_ = any_hint_ || hint.unroll.has_value();
            hinted_product_ *= hint.unroll.value_or(1);
            if (hint.unroll) hinted_.push_back(x);
        }
    }

    std::vector<LevelUnrolling> all() {
        const auto [rows, columns] = space_.axes[level_];
        if (space_.rules == Rules::program && space_.has_hints()) return hinted_by_program();
        std::vector<LevelUnrolling> result;
        const std::vector<AxisChoice> first = axis_choices(rows), second = axis_choices(columns);
        const bool needs_both = space_.rules == Rules::program && space_.machine.levels[level_].array_dimensions == 2;
        for (std::size_t i = 0; i < first.size(); ++i) {
            // Of two axes of one length either may be the first.
            for (std::size_t j = rows == columns ? i : 0; j < second.size(); ++j) {
                if (needs_both && (first[i].loops.empty() || second[j].loops.empty())) continue;
                if (disjoint(first[i], second[j])) add({first[i], second[j]}, result);
            }
        }
        if (result.empty() && needs_both)
            for (const AxisChoice& choice : first) add({choice}, result);
        return result;
    }

private:
    static bool disjoint(const AxisChoice& a, const AxisChoice& b) {
        return std::none_of(a.loops.begin(), a.loops.end(),
                            [&](LoopName x) { return std::find(b.loops.begin(), b.loops.end(), x) != b.loops.end(); });
    }

    void add(const std::vector<AxisChoice>& axes, std::vector<LevelUnrolling>& result) const {
        LevelUnrolling level;
        for (const AxisChoice& axis : axes) {
            for (std::size_t i = 0; i < axis.loops.size(); ++i) {
                level.factors[axis.loops[i]] *= axis.factors[i];
                level.divides[axis.loops[i]] *= axis.divides[i];
            }
            if (!axis.loops.empty()) level.array_loops.push_back(axis.loops);
        }
        for (const LoopName x : hinted_)
            if (space_.rules == Rules::machine && level.factors[x] != *space_.hints[level_][x].unroll) return;
        result.push_back(level);
    }

    /// At least the asked share of an axis and at most the whole of it.
    bool fills(std::int64_t lanes, std::int64_t axis) const {
        return lanes <= axis && static_cast<double>(lanes) >= static_cast<double>(axis) * space_.min_utilization;
    }

    bool may_stand(LoopName x) const {
        if (!any_hint_) return true;
        const auto in = [&](const std::vector<LoopName>& list) { return std::find(list.begin(), list.end(), x) != list.end(); };
        return in(hinted_) || (space_.replication && (space_.replicate.empty() || in(space_.replicate)));
    }

    std::vector<std::int64_t> factors(LoopName x, std::int64_t room) const {
        if (!may_stand(x)) return {};
        const std::optional<std::int64_t>& hint = space_.hints[level_][x].unroll;
        if (hint) return *hint > 1 && *hint <= room ? std::vector<std::int64_t>{*hint} : std::vector<std::int64_t>{};
        std::vector<std::int64_t> result;
        for (const std::int64_t f : divisors(space_.layer.sizes[x]))
            if (f > 1 && f <= room) result.push_back(f);
        if (space_.rules == Rules::machine && !space_.exact[x]) {
            for (const std::int64_t f : balanced_factors(space_.layer.sizes[x], room, false))
                if (f > 1) result.push_back(f);
            std::sort(result.begin(), result.end());
            result.erase(std::unique(result.begin(), result.end()), result.end());
        }
        return result;
    }

    /// A loop that fills the axis stands alone; one that does not gets a replica where that is allowed.
    std::vector<AxisChoice> axis_choices(std::int64_t axis) const {
        std::vector<AxisChoice> result;
        if (axis == 1 || space_.min_utilization == 0) result.push_back({});
        if (axis == 1) return result;
        for (const LoopName x : all_loops) {
            for (const std::int64_t f : factors(x, axis)) {
                const bool alone = fills(f, axis) || (!space_.replication && space_.rules == Rules::program);
                if (alone) result.push_back({{x}, {f}, {f}});
                if (alone && (space_.rules == Rules::program || !any_hint_)) continue;
                add_replicas(x, f, axis, result);
            }
        }
        return result;
    }

    void add_replicas(LoopName x, std::int64_t f, std::int64_t axis, std::vector<AxisChoice>& result) const {
        if (!space_.replication) return;
        for (const LoopName y : all_loops) {
            if (y == x) continue;
            for (const std::int64_t g : factors(y, axis / f))
                if (fills(f * g, axis)) result.push_back({{x, y}, {f, g}, {f, g}});
        }
    }

    /// The program fixes what is hinted, and fills an axis only when half of the units or more would be left.
    std::vector<LevelUnrolling> hinted_by_program() const {
        const auto& level = space_.machine.levels[level_];
        std::vector<LevelUnrolling> result;
        const bool fills_up = level.parallel_count >= 2 * hinted_product_ && !space_.replicate.empty() &&
                              hinted_.size() == static_cast<std::size_t>(level.array_dimensions);
        if (level.parallel_count == 1 || !fills_up) {
            LevelUnrolling fixed;
            for (const LoopName x : hinted_) {
                fixed.factors[x] = *space_.hints[level_][x].unroll;
                if (fixed.factors[x] > 1) fixed.array_loops.push_back({x});
            }
            return {fixed};
        }
        const std::vector<AxisChoice> first = filled_by_program(hinted_[0]);
        if (hinted_.size() == 1) {
            for (const AxisChoice& axis : first) add({axis}, result);
            return result;
        }
        for (const AxisChoice& a : first)
            for (const AxisChoice& b : filled_by_program(hinted_[1]))
                if (disjoint(a, b)) add({a, b}, result);
        return result;
    }

    std::vector<AxisChoice> filled_by_program(LoopName hinted) const {
        const std::int64_t axis = space_.axes[level_][0];
        const std::int64_t given = *space_.hints[level_][hinted].unroll;
        if (given == axis) return {{{hinted}, {given}, {1}}};
        std::vector<AxisChoice> result;
        for (const LoopName x : space_.replicate) {
            const std::int64_t size = program_size(x);
            for (const std::int64_t f : divisors(size)) {
                if (f == 1 || !fills(f * given, axis)) continue;
                if (x == hinted) {
                    result.push_back({{hinted}, {f * given}, {f}});
                } else {
                    result.push_back({{hinted, x}, {given, f}, {1, f}});
                    result.push_back({{x, hinted}, {f, given}, {f, 1}});
                }
            }
        }
        return result;
    }

    /// What the tiles of a loop divide: a hint of its trips may reach beyond its size.
    std::int64_t program_size(LoopName x) const {
        const LoopHint& hint = space_.hints[level_][x];
        return hint.trips ? *hint.trips * hint.unroll.value_or(1) : space_.layer.sizes[x];
    }

    const Space& space_;
    std::size_t level_;
    std::vector<LoopName> hinted_;
    std::int64_t hinted_product_ = 1;
    bool any_hint_ = false;
};

}  // namespace

bool Space::has_hints() const {
    for (const auto& level : hints)
        for (const LoopHint& hint : level)
            if (hint.given()) return true;
    return false;
}

std::vector<Unrolling> unrollings(const Space& space) {
    std::vector<Unrolling> result = {{}};
    for (std::size_t l = 0; l < space.levels(); ++l) {
        std::vector<Unrolling> longer;
        for (const LevelUnrolling& level : LevelChoices(space, l).all()) {
            for (Unrolling unrolling : result) {
                unrolling.push_back(level);
                longer.push_back(std::move(unrolling));
            }
        }
        result = std::move(longer);
    }
    return result;
}

}  // namespace accelsim::search
