// SPDX-License-Identifier: Apache-2.0
#include "models/search/design_space.hpp"

#include <algorithm>
#include <numeric>

#include "mappings/lowering.hpp"
#include "models/search/rooms.hpp"
#include "models/search/tilings.hpp"

namespace accelsim::search {

namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

void add_loops(const AxisChoice& axis, int level, LoopKind kind, const Location& where, std::vector<Loop>& loops) {
    for (std::size_t i = axis.loops.size(); i-- > 0;)  // adjacent is last
        loops.push_back({axis.loops[i], axis.factors[i], level, kind, where});
}

std::size_t pick(std::size_t count, std::mt19937_64& random) { return static_cast<std::size_t>(random() % count); }

}  // namespace

DesignSpace::DesignSpace(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules)
    : workload_(workload), architecture_(architecture), rules_(rules), half_full_(search.half_full) {
    for (int l = static_cast<int>(architecture.levels.size()); l-- > 0;) {
        if (!architecture.levels[static_cast<std::size_t>(l)].is_buffer()) continue;
        buffers_.push_back(l);
        hints_.emplace_back(dimension_count());
        for (const SearchHint& hint : search.hints)
            if (hint.level == l) hints_.back()[static_cast<std::size_t>(hint.dimension)] = {hint.trips, hint.unroll, hint.order};
        if (l > 0) rooms_.push_back(rooms_of(architecture, l, workload, {0, 1, 2}, rules));
    }
    lanes_.push_back({{}, std::vector<std::int64_t>(dimension_count(), 1), {}});
    for (std::size_t l = 0; l < architecture.levels.size(); ++l)
        if (architecture.levels[l].kind == LevelKind::array) add_array(l, search);
    if (lanes_.empty())
        throw UserError("no loops for the arrays' lanes keep the hints and 'min_utilization' of the search", rules.where);
    finish_lanes();
}

/// Every choice so far with every choice for this array.
void DesignSpace::add_array(std::size_t level, const SearchSpace& search) {
    const Level& array = architecture_.levels[level];
    LaneRules rules;
    const auto inside = std::find(buffers_.begin(), buffers_.end(), static_cast<int>(level) + 1);
    for (std::size_t d = 0; d < dimension_count(); ++d) {
        rules.sizes.push_back(workload_.dimensions[d].bound);
        rules.exact.push_back(!tail_is_masked(workload_, static_cast<int>(d)));
        rules.hinted.push_back(std::nullopt);
        if (inside != buffers_.end()) rules.hinted.back() = hints_[static_cast<std::size_t>(inside - buffers_.begin())][d].unroll;
    }
    rules.replicate = search.replicate;
    rules.replication = search.replication;
    rules.min_utilization = search.min_utilization;
    std::vector<Lanes> longer;
    for (const LaneChoice& choice : lane_choices(rules, array.rows, array.columns)) {
        for (Lanes lanes : lanes_) {
            add_loops(choice.rows, static_cast<int>(level), LoopKind::rows, rules_.where, lanes.loops);
            add_loops(choice.columns, static_cast<int>(level), LoopKind::columns, rules_.where, lanes.loops);
            longer.push_back(std::move(lanes));
        }
    }
    lanes_ = std::move(longer);
}

void DesignSpace::finish_lanes() {
    for (Lanes& lanes : lanes_) {
        lanes.inside.assign(buffers_.size(), std::vector<std::int64_t>(dimension_count(), 1));
        for (const Loop& loop : lanes.loops) {
            lanes.unrolled[static_cast<std::size_t>(loop.dimension)] *= loop.bound;
            for (std::size_t b = 0; b < buffers_.size(); ++b)
                if (loop.level > buffers_[b]) lanes.inside[b][static_cast<std::size_t>(loop.dimension)] *= loop.bound;
        }
    }
}

std::vector<Trips> DesignSpace::tilings(std::size_t lanes, std::size_t dimension) const {
    std::vector<Trips> result;
    for_each_product(ceil_div(workload_.dimensions[dimension].bound, lanes_[lanes].unrolled[dimension]), buffers_.size(),
                     [&](const Trips& trips) {
                         for (std::size_t b = 0; b < buffers_.size(); ++b)
                             if (hints_[b][dimension].trips.value_or(trips[b]) != trips[b]) return;
                         result.push_back(trips);
                     });
    return result;
}

double DesignSpace::tiling_count() const {
    double all = 0;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        double count = 1;
        for (std::size_t d = 0; d < dimension_count(); ++d) count *= static_cast<double>(tilings(i, d).size());
        all += count;
    }
    return all;
}

bool DesignSpace::fits(const Choice& choice) const {
    std::vector<std::int64_t> spans(dimension_count(), 1);
    for (std::size_t b = 0; b + 1 < buffers_.size(); ++b) {
        std::vector<std::int64_t> capped(dimension_count());
        for (std::size_t d = 0; d < dimension_count(); ++d) {
            spans[d] *= choice.trips[d][b];
            capped[d] = std::min(spans[d] * lanes_[choice.lanes].inside[b][d], workload_.dimensions[d].bound);
        }
        PerTensor sizes{};
        for (std::size_t t = 0; t < tensor_count; ++t) {
            const std::vector<std::int64_t> extents = axis_extents(workload_.tensors[t], capped);
            sizes[t] = std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies<>());
        }
        if (!fits_rooms(rooms_[b], sizes, half_full_)) return false;
    }
    return true;
}

bool DesignSpace::order_holds(const Choice& choice, std::size_t buffer) const {
    int last = -1;
    for (const int d : choice.orders[buffer]) {
        const auto dimension = static_cast<std::size_t>(d);
        const std::optional<int>& wish = hints_[buffer][dimension].order;
        if (!wish || choice.trips[dimension][buffer] == 1) continue;
        if (*wish < last) return false;
        last = *wish;
    }
    return true;
}

bool DesignSpace::allows(const Choice& choice) const {
    for (std::size_t b = 0; b < buffers_.size(); ++b)
        if (!order_holds(choice, b)) return false;
    return fits(choice);
}

Nest DesignSpace::nest(const Choice& choice) const {
    Nest nest = rules_;
    nest.loops.clear();
    for (std::size_t b = buffers_.size(); b-- > 0;) {
        for (std::size_t i = choice.orders[b].size(); i-- > 0;) {
            const int d = choice.orders[b][i];
            const std::int64_t trips = choice.trips[static_cast<std::size_t>(d)][b];
            if (trips > 1) nest.loops.push_back({d, trips, buffers_[b], LoopKind::temporal, rules_.where});
        }
        const int next = b > 0 ? buffers_[b - 1] : static_cast<int>(architecture_.levels.size());
        for (const Loop& loop : lanes_[choice.lanes].loops)
            if (loop.level > buffers_[b] && loop.level < next) nest.loops.push_back(loop);
    }
    return nest;
}

void DesignSpace::for_each_order(Choice& choice, std::size_t buffer, const std::function<void()>& use) const {
    std::vector<int> present, absent;
    for (int d = 0; d < static_cast<int>(dimension_count()); ++d)
        (choice.trips[static_cast<std::size_t>(d)][buffer] > 1 ? present : absent).push_back(d);
    do {
        choice.orders[buffer] = present;
        choice.orders[buffer].insert(choice.orders[buffer].end(), absent.begin(), absent.end());
        if (order_holds(choice, buffer)) use();
    } while (std::next_permutation(present.begin(), present.end()));
}

Choice DesignSpace::random(std::mt19937_64& random) const {
    Choice choice;
    choice.lanes = pick(lanes_.size(), random);
    for (std::size_t d = 0; d < dimension_count(); ++d) {
        const std::vector<Trips> all = tilings(choice.lanes, d);
        choice.trips.push_back(all.empty() ? Trips(buffers_.size(), 0) : all[pick(all.size(), random)]);
    }
    std::vector<int> order(dimension_count());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t b = 0; b < buffers_.size(); ++b) {
        std::shuffle(order.begin(), order.end(), random);
        choice.orders.push_back(order);
    }
    return choice;
}

Choice DesignSpace::neighbour(Choice choice, std::mt19937_64& random) const {
    const std::size_t kind = pick(8, random);
    if (kind < 4) {
        const std::size_t d = pick(dimension_count(), random);
        const std::vector<Trips> all = tilings(choice.lanes, d);
        if (!all.empty()) choice.trips[d] = all[pick(all.size(), random)];
    } else if (kind < 7) {
        std::vector<int>& order = choice.orders[pick(buffers_.size(), random)];
        const std::size_t from = pick(order.size(), random), to = pick(order.size(), random);
        const int loop = order[from];
        order.erase(order.begin() + static_cast<std::ptrdiff_t>(from));
        order.insert(order.begin() + static_cast<std::ptrdiff_t>(to), loop);
    } else if (lanes_.size() > 1) {
        const std::size_t before = choice.lanes;
        choice.lanes = pick(lanes_.size(), random);
        for (std::size_t d = 0; d < dimension_count(); ++d) {
            if (lanes_[before].unrolled[d] == lanes_[choice.lanes].unrolled[d]) continue;
            const std::vector<Trips> all = tilings(choice.lanes, d);
            choice.trips[d] = all.empty() ? Trips(buffers_.size(), 0) : all[pick(all.size(), random)];
        }
    }
    return choice;
}

bool DesignSpace::read(const Nest& nest, Choice& choice) const {
    choice.trips.assign(dimension_count(), Trips(buffers_.size(), 1));
    choice.orders.assign(buffers_.size(), {});
    std::vector<std::array<std::int64_t, 4>> spatial;
    for (std::size_t i = nest.loops.size(); i-- > 0;) {
        const Loop& loop = nest.loops[i];
        if (loop.kind != LoopKind::temporal) {
            spatial.push_back({loop.dimension, loop.bound, loop.level, static_cast<int>(loop.kind)});
            continue;
        }
        const auto buffer = static_cast<std::size_t>(std::find(buffers_.begin(), buffers_.end(), loop.level) - buffers_.begin());
        choice.trips[static_cast<std::size_t>(loop.dimension)][buffer] *= loop.bound;
        choice.orders[buffer].push_back(loop.dimension);
    }
    for (std::size_t b = 0; b < buffers_.size(); ++b)
        for (std::size_t d = 0; d < dimension_count(); ++d)
            if (hints_[b][d].trips.value_or(choice.trips[d][b]) != choice.trips[d][b]) return false;
    for (std::vector<int>& order : choice.orders)
        for (int d = 0; d < static_cast<int>(dimension_count()); ++d)
            if (std::find(order.begin(), order.end(), d) == order.end()) order.push_back(d);
    for (choice.lanes = 0; choice.lanes < lanes_.size(); ++choice.lanes) {
        std::vector<std::array<std::int64_t, 4>> ours;
        for (std::size_t i = lanes_[choice.lanes].loops.size(); i-- > 0;) {
            const Loop& loop = lanes_[choice.lanes].loops[i];
            ours.push_back({loop.dimension, loop.bound, loop.level, static_cast<int>(loop.kind)});
        }
        if (ours == spatial) return true;
    }
    return false;
}

}  // namespace accelsim::search
