// SPDX-License-Identifier: Apache-2.0
#include "models/search/unrollings.hpp"

#include <algorithm>

#include "models/search/lane_choices.hpp"
#include "models/search/tilings.hpp"

namespace accelsim::search {

namespace {

constexpr std::array<LoopName, loop_count> all_loops = {LoopName::FX, LoopName::FY, LoopName::OX, LoopName::OY,
                                                        LoopName::OC, LoopName::IC, LoopName::ON};

class LevelChoices {
public:
    LevelChoices(const Space& space, std::size_t level) : space_(space), level_(level) {
        for (const LoopName x : all_loops) {
            const LoopHint& hint = space.hints[level][x];
            hinted_product_ *= hint.unroll.value_or(1);
            if (hint.unroll) hinted_.push_back(x);
            rules_.sizes.push_back(space.layer.sizes[x]);
            rules_.exact.push_back(space.exact[x]);
            rules_.hinted.push_back(hint.unroll);
        }
        for (const LoopName x : space.replicate) rules_.replicate.push_back(x);
        rules_.replication = space.replication;
        rules_.min_utilization = space.min_utilization;
        rules_.program = space.rules == Rules::program;
    }

    std::vector<LevelUnrolling> all() {
        const auto [rows, columns] = space_.axes[level_];
        const bool program = space_.rules == Rules::program;
        if (program && space_.has_hints()) return hinted_by_program();
        std::vector<LevelUnrolling> result;
        // The program uses both axes or none.
        const bool needs_both = program && space_.machine.levels[level_].array_dimensions == 2;
        for (const LaneChoice& choice : lane_choices(rules_, rows, columns))
            if (!needs_both || (!choice.rows.loops.empty() && !choice.columns.loops.empty()))
                add({choice.rows, choice.columns}, result);
        if (result.empty() && needs_both)
            for (const AxisChoice& choice : axis_choices(rules_, rows)) add({choice}, result);
        return result;
    }

private:
    /// `given`: factors that stand already and need not divide a tile.
    void add(const std::vector<AxisChoice>& axes, std::vector<LevelUnrolling>& result, const PerLoop* given = nullptr) const {
        LevelUnrolling level;
        for (const AxisChoice& axis : axes) {
            std::vector<LoopName> names;
            for (std::size_t i = 0; i < axis.loops.size(); ++i) {
                const auto x = static_cast<std::size_t>(axis.loops[i]);
                names.push_back(static_cast<LoopName>(x));
                level.factors[x] *= axis.factors[i];
                level.divides[x] *= given != nullptr ? axis.factors[i] / (*given)[x] : axis.factors[i];
            }
            if (!names.empty()) level.array_loops.push_back(names);
        }
        result.push_back(level);
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
        PerLoop given{1, 1, 1, 1, 1, 1, 1};
        for (const LoopName x : hinted_) given[x] = *space_.hints[level_][x].unroll;
        const std::vector<AxisChoice> first = filled_by_program(hinted_[0]);
        if (hinted_.size() == 1) {
            for (const AxisChoice& axis : first) add({axis}, result, &given);
            return result;
        }
        for (const AxisChoice& a : first)
            for (const AxisChoice& b : filled_by_program(hinted_[1]))
                if (std::none_of(a.loops.begin(), a.loops.end(),
                                 [&](int x) { return std::find(b.loops.begin(), b.loops.end(), x) != b.loops.end(); }))
                    add({a, b}, result, &given);
        return result;
    }

    std::vector<AxisChoice> filled_by_program(LoopName hinted) const {
        const std::int64_t axis = space_.axes[level_][0];
        const std::int64_t given = *space_.hints[level_][hinted].unroll;
        if (given == axis) return {{{hinted}, {given}}};
        std::vector<AxisChoice> result;
        for (const LoopName x : space_.replicate) {
            for (const std::int64_t f : divisors(program_size(x))) {
                if (f == 1 || !fills(rules_, f * given, axis)) continue;
                if (x == hinted) {
                    result.push_back({{hinted}, {f * given}});
                } else {
                    result.push_back({{hinted, x}, {given, f}});
                    result.push_back({{x, hinted}, {f, given}});
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
    LaneRules rules_;
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
