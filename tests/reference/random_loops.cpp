// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_parts.hpp"

#include <algorithm>

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// Factors of all dimensions, dealt to the axes of the arrays and to the buffers, in random order.
class LoopDealer {
public:
    LoopDealer(RandomNumbers& random, RandomDesign& design) : random_(random), design_(design) {
        for (const Dimension& dimension : design.workload.dimensions) remaining_.push_back(dimension.bound);
    }

    void deal() {
        const auto& levels = design_.architecture.levels;
        for (std::size_t l = 0; l < levels.size(); ++l) {
            if (levels[l].kind != LevelKind::array) continue;
            deal_axis(static_cast<int>(l), LoopKind::rows, levels[l].rows);
            deal_axis(static_cast<int>(l), LoopKind::columns, levels[l].columns);
        }
        deal_temporal();
        order();
    }

private:
    /// Takes a factor, sometimes one that does not divide, rarely one that is too large.
    std::int64_t take(int dimension, std::int64_t most) {
        std::int64_t& rest = remaining_[at(dimension)];
        most = std::min(most, rest + (random_.chance(5) ? 1 : 0));
        std::int64_t factor = random_.between(std::min<std::int64_t>(most, random_.chance(90) ? 2 : 1), most);
        if (random_.chance(40)) {
            for (std::int64_t f = std::min(most, rest); f > 1; --f) {
                if (rest % f == 0 && (f < rest || random_.chance(50))) {
                    factor = f;
                    break;
                }
            }
        }
        rest = (rest + factor - 1) / factor;
        return factor;
    }

    int any_dimension() {
        std::vector<int> open;
        for (std::size_t d = 0; d < remaining_.size(); ++d) {
            if (remaining_[d] > 1) open.push_back(static_cast<int>(d));
        }
        if (open.empty() || random_.chance(3))
            return static_cast<int>(random_.between(0, static_cast<std::int64_t>(remaining_.size()) - 1));
        return random_.one_of(open);
    }

    void deal_axis(int level, LoopKind kind, std::int64_t size) {
        const bool prefers_sums = random_.chance(35);
        for (std::int64_t loops = random_.between(0, 9) < 1 ? 0 : random_.between(1, 2); loops > 0 && size > 1; --loops) {
            int dimension = any_dimension();
            for (int tries = 0; tries < 3 && prefers_sums && !design_.workload.is_reduction(dimension); ++tries)
                dimension = any_dimension();
            const std::int64_t factor = take(dimension, size);
            if (factor == 1 && random_.chance(80)) continue;
            size /= factor;
            design_.nest.loops.push_back({dimension, factor, level, kind, {}});
        }
    }

    void deal_temporal() {
        std::vector<int> buffers;
        for (std::size_t l = 0; l < design_.architecture.levels.size(); ++l) {
            if (design_.architecture.levels[l].is_buffer()) buffers.push_back(static_cast<int>(l));
        }
        for (std::size_t d = 0; d < remaining_.size(); ++d) {
            const int dimension = static_cast<int>(d);
            for (int tries = 0; remaining_[d] > 1; ++tries) {
                const std::int64_t rest = remaining_[d];
                const std::int64_t factor = random_.chance(35) || tries > 3 ? rest : take(dimension, rest);
                if (factor == rest) remaining_[d] = 1;
                if (factor > 1)
                    design_.nest.loops.push_back({dimension, factor, random_.one_of(buffers), LoopKind::temporal, {}});
            }
        }
    }

    /// By level; inside a fan-out rows before columns; otherwise in any order.
    void order() {
        shuffle(design_.nest.loops, random_);
        std::stable_sort(design_.nest.loops.begin(), design_.nest.loops.end(), [](const Loop& a, const Loop& b) {
            return a.level != b.level ? a.level < b.level : static_cast<int>(a.kind) < static_cast<int>(b.kind);
        });
    }

    RandomNumbers& random_;
    RandomDesign& design_;
    std::vector<std::int64_t> remaining_;
};

/// Rounds the issued bounds of some dimensions up, as far as their loops reach.
void round_up(RandomNumbers& random, RandomDesign& design) {
    const auto& dimensions = design.workload.dimensions;
    std::vector<std::int64_t> cover(dimensions.size(), 1);
    for (const Loop& loop : design.nest.loops) cover[at(loop.dimension)] *= loop.bound;
    design.nest.issued.assign(dimensions.size(), 0);
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
        if (cover[d] > dimensions[d].bound && random.chance(70))
            design.nest.issued[d] = random.chance(50) ? cover[d] : random.between(dimensions[d].bound, cover[d]);
    }
}

}  // namespace

void deal_random_loops(RandomNumbers& random, RandomDesign& design) {
    design.nest.loops.clear();
    design.nest.issued.clear();
    LoopDealer(random, design).deal();
    if (random.chance(35)) round_up(random, design);
}

}  // namespace accelsim::testing
