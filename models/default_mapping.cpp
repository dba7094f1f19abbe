// SPDX-License-Identifier: Apache-2.0
#include "models/default_mapping.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "mappings/blocking.hpp"
#include "models/energy.hpp"
#include "models/exact_counts.hpp"
#include "models/latency.hpp"

namespace accelsim {

namespace {

constexpr double illegal = std::numeric_limits<double>::infinity();
constexpr int rounds = 3;
constexpr std::int64_t most_costed = std::int64_t{1} << 16;

double cost_of(const Design& design) {
    const Counts counts = count_exactly(design);
    double price_pj = price(design, counts).total_pj;
    if (price_pj == 0)
        for (const TensorCounts& c : counts.levels.front().tensors)
            price_pj += static_cast<double>(c.reads_to_child + c.writes_from_child);
    return price_pj * static_cast<double>(estimate_latency(design, counts));
}

/// The workload with no dimension beyond what is costed: the closed form takes time by a dimension's loops.
Workload shortened(Workload workload) {
    bool any = false;
    for (Dimension& dimension : workload.dimensions) {
        any = any || dimension.bound > most_costed;
        dimension.bound = std::min(dimension.bound, most_costed);
    }
    if (any) derive_axis_sizes(workload);
    return workload;
}

/// One choice after the other ends where no single change helps; where that is depends on where it begins: with the smallest
/// tiles and each order, with tiles that grow in each way, with tiles that grow regardless of the memories outside.
std::vector<LevelChoice> starts() {
    std::vector<LevelChoice> result;
    for (int order = 0; order < order_count(); ++order) result.push_back({growth_count() - 1, order, 0});
    for (int growth = 0; growth < growth_count() - 1; growth += growth_shares()) result.push_back({growth, 0, 0});
    result.push_back({growth_count() - 1, 0, 1});
    return result;
}

class Search {
public:
    Search(const Workload& workload, const Architecture& architecture, std::vector<Loop> spatial, const Nest& rules)
        : workload_(workload),
          costed_(shortened(workload)),
          architecture_(architecture),
          spatial_(std::move(spatial)),
          rules_(rules) {}

    /// Empty when the smallest tiles do not fit; `why` then says so.
    std::optional<Nest> run(std::string& why) {
        const std::vector<LevelChoice> none(architecture_.levels.size(), LevelChoice{growth_count() - 1, 0, 0});
        const Nest smallest = nest(workload_, none);
        if (!is_legal(smallest, why)) return std::nullopt;
        std::vector<LevelChoice> choices = none;
        double least = illegal;
        for (const LevelChoice& start : starts()) {
            std::vector<LevelChoice> begun(architecture_.levels.size(), start);
            best_ = cost(begun);
            improve_until_none_is_better(begun);
            if (best_ < least * 0.9999) least = best_, choices = begun;
        }
        best_ = least;
        // A tile that grows may need another order of its loops at once.
        if (improve_pairs(choices)) improve_until_none_is_better(choices);
        const Nest best = nest(workload_, choices);
        std::string ignored;  // what fits a shortened workload need not fit the whole
        return is_legal(best, ignored) ? best : smallest;
    }

private:
    Nest nest(const Workload& workload, const std::vector<LevelChoice>& choices) const {
        return block(workload, architecture_, spatial_, choices, rules_);
    }

    bool is_legal(const Nest& nest, std::string& why) const {
        try {
            lower(workload_, architecture_, nest);
        } catch (const UserError& error) {
            why = error.what();
            return false;
        }
        return true;
    }

    /// Starts that meet ask for the same choices again.
    double cost(const std::vector<LevelChoice>& choices) {
        std::vector<int> key;
        for (const LevelChoice& choice : choices) key.insert(key.end(), {choice.growth, choice.order, choice.room});
        const auto [entry, added] = costs_of_choices_.try_emplace(std::move(key), illegal);
        if (added) entry->second = cost_of_nest(choices);
        return entry->second;
    }

    /// Many choices make the same nest, which is costed once.
    double cost_of_nest(const std::vector<LevelChoice>& choices) {
        const Nest candidate = nest(costed_, choices);
        std::vector<std::int64_t> key;
        for (const Loop& loop : candidate.loops) key.insert(key.end(), {loop.dimension, loop.bound, loop.level});
        const auto [entry, added] = costs_.try_emplace(std::move(key), illegal);
        if (!added) return entry->second;
        try {
            entry->second = cost_of(lower(costed_, architecture_, candidate));
        } catch (const UserError&) {
        }
        return entry->second;
    }

    void improve_until_none_is_better(std::vector<LevelChoice>& choices) {
        bool improved = true;
        for (int round = 0; round < rounds && improved; ++round) improved = improve_all(choices);
    }

    /// Both choices of a level together.
    bool improve_pairs(std::vector<LevelChoice>& choices) {
        bool improved = false;
        for (std::size_t l = choices.size(); l-- > 1;) {
            if (!architecture_.levels[l].is_buffer()) continue;
            LevelChoice best = choices[l];
            for (int growth = 0; growth < growth_count(); ++growth) {
                choices[l].growth = growth;
                choices[l].order = best.order;
                if (improve(choices, choices[l].order, order_count())) best = choices[l], improved = true;
            }
            choices[l] = best;
        }
        return improved;
    }

    bool improve_all(std::vector<LevelChoice>& choices) {
        bool improved = false;
        for (std::size_t l = choices.size(); l-- > 0;) {
            if (!architecture_.levels[l].is_buffer()) continue;
            if (l > 0) improved = improve(choices, choices[l].growth, growth_count()) || improved;
            improved = improve(choices, choices[l].order, order_count()) || improved;
            if (l > 0) improved = improve(choices, choices[l].room, room_count()) || improved;
        }
        return improved;
    }

    /// Tries all values of one choice and keeps the first of the best.
    bool improve(std::vector<LevelChoice>& choices, int& choice, int count) {
        const int before = choice;
        int best = before;
        for (int value = 0; value < count; ++value) {
            choice = value;
            const double cost_here = cost(choices);
            if (cost_here < best_ * 0.9999) best_ = cost_here, best = value;
        }
        choice = best;
        return best != before;
    }

    const Workload& workload_;
    Workload costed_;
    const Architecture& architecture_;
    std::vector<Loop> spatial_;
    const Nest& rules_;
    double best_ = illegal;
    std::map<std::vector<int>, double> costs_of_choices_;
    std::map<std::vector<std::int64_t>, double> costs_;
};

}  // namespace

Nest default_mapping(const Workload& workload, const Architecture& architecture, const Dataflow& dataflow, const Nest& rules) {
    std::string why;
    for (const Filling filling : {Filling::replicated, Filling::wished, Filling::none}) {
        Search search(workload, architecture, unroll(workload, architecture, dataflow, filling), rules);
        if (std::optional<Nest> nest = search.run(why)) return *nest;
    }
    throw UserError("there is no default mapping, even tiles of single elements are refused: " + why);
}

}  // namespace accelsim
