// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/plain_search.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "mappings/lowering.hpp"
#include "models/interstellar/from_design.hpp"

namespace accelsim::testing {

namespace {

using namespace interstellar;
using search::PerLoop;
using search::Space;
using List = std::vector<std::int64_t>;

/// Calls `use` with every list of `count` numbers whose product is `number`.
void all_products(std::int64_t number, std::size_t count, const std::function<void(const List&)>& use) {
    if (count == 0) {
        if (number == 1) use({});
        return;
    }
    for (std::int64_t f = 1; f <= number; ++f) {
        if (number % f != 0) continue;
        all_products(number / f, count - 1, [&](List rest) {
            rest.insert(rest.begin(), f);
            use(rest);
        });
    }
}

std::int64_t product(const List& list, std::size_t count) {
    std::int64_t result = 1;
    for (std::size_t i = 0; i < count; ++i) result *= list[i];
    return result;
}

std::int64_t up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// All tiles per level of one loop.
std::vector<List> program_tiles(const Space& space, std::size_t x) {
    const std::size_t levels = space.machine.levels.size();
    const std::int64_t size = space.layer.sizes[x];
    std::vector<List> result;
    std::size_t h = 0;
    while (h < levels && !space.hints[h][x].given()) ++h;
    if (h == levels) {
        all_products(size, levels, [&](const List& l) { result.push_back(l); });
        return result;
    }
    const std::int64_t unroll = space.hints[h][x].unroll.value_or(1);
    const std::int64_t fixed = unroll * space.hints[h][x].trips.value_or(1);
    std::set<List> inner;
    if (h == 0) inner.insert(List{});
    for (std::int64_t sub = 1; h > 0 && sub <= size; ++sub)
        if (up(size, fixed) % sub == 0) all_products(sub, h, [&](const List& l) { inner.insert(l); });
    for (const List& in : inner) {
        const std::int64_t left = up(size, product(in, h));
        for (std::int64_t tile = 1; tile <= std::max(left, fixed); ++tile) {
            const bool taken = space.hints[h][x].trips ? tile == fixed : left % tile == 0 && tile >= unroll;
            if (!taken) continue;
            const std::int64_t rest = up(size, product(in, h) * tile);
            const auto add = [&](const List& out) {
                List all = in;
                all.push_back(tile);
                all.insert(all.end(), out.begin(), out.end());
                result.push_back(all);
            };
            if (h + 1 == levels)
                add({});
            else
                all_products(rest, levels - h - 1, add);
        }
    }
    return result;
}

struct Lanes {
    PerLoop factors{1, 1, 1, 1, 1, 1, 1};
    std::vector<std::vector<LoopName>> loops;
};

/// What the lanes of a level may take of its tiles.
std::vector<Lanes> program_lanes(const Space& space, std::size_t level, const PerLoop& tile) {
    const MemoryLevel& memory = space.machine.levels[level];
    if (memory.parallel_count == 1) return {{}};
    const auto width = memory.array_dimensions == 1
                           ? memory.parallel_count
                           : static_cast<std::int64_t>(std::sqrt(static_cast<double>(memory.parallel_count)));
    const auto enough = [&](std::int64_t f) {
        return f <= width && static_cast<double>(f) >= static_cast<double>(width) * space.min_utilization;
    };
    std::vector<std::size_t> hinted;
    std::int64_t hinted_lanes = 1;
    bool any = false;
    for (const auto& hints : space.hints)
        for (const search::LoopHint& hint : hints) any = any || hint.given();
    for (std::size_t x = 0; x < loop_count; ++x)
        if (space.hints[level][x].unroll) hinted.push_back(x), hinted_lanes *= *space.hints[level][x].unroll;
    const auto in_tile = [&](std::size_t x) {
        List result;
        for (std::int64_t f = 2; f <= tile[x]; ++f)
            if (tile[x] % f == 0) result.push_back(f);
        return result;
    };
    using Axis = std::vector<std::pair<std::size_t, std::int64_t>>;
    std::vector<std::vector<Axis>> axes;
    if (any) {
        if (memory.parallel_count < 2 * hinted_lanes || space.replicate.empty() ||
            hinted.size() != static_cast<std::size_t>(memory.array_dimensions)) {
            Lanes lanes;
            for (const std::size_t x : hinted) {
                lanes.factors[x] = *space.hints[level][x].unroll;
                lanes.loops.push_back({static_cast<LoopName>(x)});
            }
            return {lanes};
        }
        for (const std::size_t x : hinted) {
            const std::int64_t given = *space.hints[level][x].unroll;
            axes.emplace_back();
            if (given == width) {
                axes.back().push_back({{x, given}});
                continue;
            }
            for (const LoopName y : space.replicate)
                for (const std::int64_t f : in_tile(y)) {
                    if (!enough(f * given)) continue;
                    if (static_cast<std::size_t>(y) == x) {
                        axes.back().push_back({{x, f * given}});
                    } else {
                        axes.back().push_back({{x, given}, {y, f}});
                        axes.back().push_back({{y, f}, {x, given}});
                    }
                }
        }
    } else {
        std::vector<Axis> one;
        for (std::size_t x = 0; x < loop_count; ++x)
            for (const std::int64_t f : in_tile(x)) {
                if (space.replication ? enough(f) : f <= width) {
                    one.push_back({{x, f}});
                } else if (space.replication) {
                    for (std::size_t y = 0; y < loop_count; ++y)
                        for (const std::int64_t g : in_tile(y))
                            if (x != y && enough(f * g)) one.push_back({{x, f}, {y, g}});
                }
            }
        axes.assign(static_cast<std::size_t>(memory.array_dimensions), one);
    }
    std::vector<Lanes> result;
    const auto add = [&](const std::vector<Axis>& chosen) {
        Lanes lanes;
        std::set<std::size_t> seen;
        for (const Axis& axis : chosen) {
            lanes.loops.emplace_back();
            for (const auto& [x, f] : axis) {
                if (!seen.insert(x).second) return;
                lanes.factors[x] = f;
                lanes.loops.back().push_back(static_cast<LoopName>(x));
            }
        }
        result.push_back(lanes);
    };
    for (const Axis& a : axes[0]) {
        if (axes.size() == 1) add({a});
        for (std::size_t b = 0; axes.size() > 1 && b < axes[1].size(); ++b) add({a, axes[1][b]});
    }
    return result;
}

/// All orders of the loops that a level has.
void all_orders(LevelMapping& level, const std::function<void()>& use) {
    std::vector<std::size_t> present;
    for (std::size_t x = 0; x < loop_count; ++x)
        if (level.blocking[x] > 1) present.push_back(x);
    do {
        for (std::size_t i = 0; i < present.size(); ++i) level.order[present[i]] = static_cast<int>(i);
        use();
    } while (std::next_permutation(present.begin(), present.end()));
}

class ProgramSearch {
public:
    explicit ProgramSearch(const Space& space) : space_(space), levels_(space.machine.levels.size()) {
        for (std::size_t x = 0; x < loop_count; ++x) tiles_.push_back(program_tiles(space, x));
    }

    std::optional<PlainBest> run() {
        std::vector<PerLoop> tiles(levels_);
        choose_tiles(0, tiles);
        return best_;
    }

private:
    void choose_tiles(std::size_t x, std::vector<PerLoop>& tiles) {
        if (x == loop_count) {
            if (tiles_fit(tiles)) choose_lanes(0, tiles, {});
            return;
        }
        for (const List& list : tiles_[x]) {
            for (std::size_t l = 0; l < levels_; ++l) tiles[l][x] = list[l];
            choose_tiles(x + 1, tiles);
        }
    }

    bool tiles_fit(const std::vector<PerLoop>& tiles) const {
        PerLoop all{1, 1, 1, 1, 1, 1, 1};
        for (std::size_t l = 0; l + 1 < levels_; ++l) {
            for (std::size_t x = 0; x < loop_count; ++x) all[x] *= tiles[l][x];
            const std::int64_t units = space_.machine.levels[l].parallel_count;
            if (!fits(l, all, units, space_.half_full && units == 1)) return false;
        }
        return true;
    }

    bool fits(std::size_t l, const PerLoop& held, std::int64_t units, bool half) const {
        const auto [i, o, w] = space_.layer.tensor_sizes(held);
        const std::int64_t room = space_.machine.levels[l].capacities[0] * units;
        return i + o + w <= room && (!half || 2 * (i + o + w) >= room);
    }

    void choose_lanes(std::size_t l, const std::vector<PerLoop>& tiles, Mapping mapping) {
        if (l == levels_) {
            PerLoop bank{1, 1, 1, 1, 1, 1, 1};
            for (std::size_t k = 0; k + 1 < levels_; ++k) {
                for (std::size_t x = 0; x < loop_count; ++x) bank[x] *= mapping[k].blocking[x];
                if (space_.machine.levels[k].parallel_count > 1 && !fits(k, bank, 1, space_.half_full)) return;
            }
            choose_orders(0, mapping);
            return;
        }
        for (const Lanes& lanes : program_lanes(space_, l, tiles[l])) {
            LevelMapping level;
            level.partitioning = lanes.factors;
            level.array_loops = lanes.loops;
            for (std::size_t x = 0; x < loop_count; ++x) level.blocking[x] = up(tiles[l][x], lanes.factors[x]);
            Mapping longer = mapping;
            longer.push_back(level);
            choose_lanes(l + 1, tiles, longer);
        }
    }

    void choose_orders(std::size_t l, Mapping& mapping) {
        if (l < levels_) return all_orders(mapping[l], [&] { choose_orders(l + 1, mapping); });
        const double energy = evaluate(space_.layer, space_.machine, mapping).total_energy_pj;
        if (!best_) best_ = PlainBest{energy, 0};
        best_->energy_pj = std::min(best_->energy_pj, energy);
        ++best_->mappings;
    }

    const Space& space_;
    std::size_t levels_;
    std::vector<std::vector<List>> tiles_;
    std::optional<PlainBest> best_;
};

}  // namespace

namespace {

class AllNests {
public:
    AllNests(const Workload& workload, const Architecture& architecture, double min_utilization,
             const std::function<void(const Design&)>& use)
        : workload_(workload), architecture_(architecture), min_utilization_(min_utilization), use_(use) {}

    void run() { level(0, {}, std::vector<std::int64_t>(workload_.dimensions.size(), 1)); }

private:
    using Loops = std::vector<Loop>;

    /// Chooses the loops of this level and all inside it; `above`: product of the factors so far, per dimension.
    void level(std::size_t l, const Loops& loops, const std::vector<std::int64_t>& above) {
        if (l == architecture_.levels.size()) return finish(loops);
        const Level& here = architecture_.levels[l];
        if (here.kind == LevelKind::array) {
            axis(l, LoopKind::rows, here.rows, loops, above, {});
        } else if (here.is_buffer()) {
            temporal(l, 0, {}, loops, above);
        } else {
            level(l + 1, loops, above);
        }
    }

    std::int64_t bound(int d) const { return workload_.dimensions[static_cast<std::size_t>(d)].bound; }

    bool may_take(int d, std::int64_t f) const {
        return bound(d) % f == 0 || (f <= bound(d) && up(bound(d), f) < up(bound(d), f - 1) && tail_is_masked(workload_, d));
    }

    bool enough(std::int64_t lanes, std::int64_t size) const {
        return static_cast<double>(lanes) >= static_cast<double>(size) * min_utilization_;
    }

    void axis(std::size_t l, LoopKind kind, std::int64_t size, const Loops& loops, const std::vector<std::int64_t>& above,
              const std::set<int>& taken) {
        const auto next = [&](const Loops& more, std::vector<std::int64_t> with, std::set<int> also) {
            for (std::size_t i = loops.size(); i < more.size(); ++i) {
                with[static_cast<std::size_t>(more[i].dimension)] *= more[i].bound;
                also.insert(more[i].dimension);
            }
            if (kind == LoopKind::rows)
                axis(l, LoopKind::columns, architecture_.levels[l].columns, more, with, also);
            else
                level(l + 1, more, with);
        };
        if (size == 1 || min_utilization_ == 0) next(loops, above, taken);
        for (int d = 0; d < static_cast<int>(workload_.dimensions.size()); ++d)
            for (std::int64_t f = 2; f <= size; ++f) {
                if (taken.count(d) > 0 || !may_take(d, f)) continue;
                Loops one = loops;
                if (enough(f, size)) {
                    one.push_back({d, f, static_cast<int>(l), kind, {}});
                    next(one, above, taken);
                    continue;
                }
                for (int e = 0; e < static_cast<int>(workload_.dimensions.size()); ++e)
                    for (std::int64_t g = 2; f * g <= size; ++g) {
                        if (e == d || taken.count(e) > 0 || !may_take(e, g) || !enough(f * g, size)) continue;
                        Loops two = loops;
                        two.push_back({e, g, static_cast<int>(l), kind, {}});
                        two.push_back({d, f, static_cast<int>(l), kind, {}});
                        next(two, above, taken);
                    }
            }
    }

    void temporal(std::size_t l, int d, const Loops& own, const Loops& loops, const std::vector<std::int64_t>& above) {
        if (d == static_cast<int>(workload_.dimensions.size())) {
            Loops order = own;
            std::sort(order.begin(), order.end(), [](const Loop& a, const Loop& b) { return a.dimension < b.dimension; });
            do {
                Loops more = loops;
                more.insert(more.end(), order.begin(), order.end());
                level(l + 1, more, above);
            } while (std::next_permutation(order.begin(), order.end(),
                                           [](const Loop& a, const Loop& b) { return a.dimension < b.dimension; }));
            return;
        }
        for (std::int64_t f = 1; f <= bound(d); ++f) {
            std::vector<std::int64_t> with = above;
            with[static_cast<std::size_t>(d)] *= f;
            if (with[static_cast<std::size_t>(d)] >= 2 * bound(d)) break;
            Loops more = own;
            if (f > 1) more.push_back({d, f, static_cast<int>(l), LoopKind::temporal, {}});
            temporal(l, d + 1, more, loops, with);
        }
    }

    /// Trips in time multiply to what the lanes leave of a dimension, rounded up.
    void finish(const Loops& loops) {
        for (int d = 0; d < static_cast<int>(workload_.dimensions.size()); ++d) {
            std::int64_t lanes = 1, trips = 1;
            for (const Loop& loop : loops)
                if (loop.dimension == d) (loop.kind == LoopKind::temporal ? trips : lanes) *= loop.bound;
            if (trips != up(bound(d), lanes)) return;
        }
        Nest nest;
        nest.loops = loops;
        std::optional<Design> design;
        try {
            design = lower(workload_, architecture_, nest);
        } catch (const UserError&) {
            return;
        }
        use_(*design);
    }

    const Workload& workload_;
    const Architecture& architecture_;
    double min_utilization_;
    const std::function<void(const Design&)>& use_;
};

}  // namespace

void for_each_nest(const Workload& workload, const Architecture& architecture, double min_utilization,
                   const std::function<void(const Design&)>& use) {
    AllNests(workload, architecture, min_utilization, use).run();
}

std::optional<PlainBest> search_as_interstellar(const Space& space) { return ProgramSearch(space).run(); }

}  // namespace accelsim::testing
