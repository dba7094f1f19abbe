// SPDX-License-Identifier: Apache-2.0
#include "models/default_mapping.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "mappings/blocking.hpp"
#include "models/energy.hpp"
#include "models/exact_counts.hpp"

namespace accelsim {

namespace {

constexpr double illegal = std::numeric_limits<double>::infinity();
constexpr int rounds = 3;
constexpr std::int64_t most_costed = std::int64_t{1} << 18;

/// Cycles for which ports are taken, if nothing else waits for them.
struct PortCycles {
    double reads = 0;
    double writes = 0;
};

/// An estimate of a run's cycles from its counts: what steps and ports need at least, what a tile's round trip through its slots
/// takes, and the first fill and the last drain.
class CycleEstimate {
public:
    CycleEstimate(const Design& design, const Counts& counts) : design_(design), counts_(counts) {
        for (const LevelCounts& level : counts.levels) add_ports(level);
    }

    double cycles() {
        double most = static_cast<double>(design_.steps);
        for (const auto& [memory, taken] : taken_) {
            if (memory->ports.shared)
                most = std::max(most, (taken.reads + taken.writes) / memory->ports.reads);
            else
                most = std::max({most, taken.reads / memory->ports.reads, taken.writes / std::max(1, memory->ports.writes)});
        }
        double ends = 0;
        for (const Boundary& boundary : design_.boundaries)
            most = std::max(most, boundary.stream ? revisits(boundary) : round_trips(boundary, ends));
        return most + ends;
    }

private:
    const TensorCounts* find(int level, int tensor) const {
        for (const LevelCounts& l : counts_.levels)
            for (const TensorCounts& c : l.tensors)
                if (l.name == design_.level(level).name && c.tensor == design_.tensor(tensor).name) return &c;
        return nullptr;
    }

    /// A tensor's mover uses one port of a memory at a time.
    double port_cycles(int level, int tensor, std::int64_t words) const {
        const double width = static_cast<double>(design_.memory(level, tensor).width_bits) *
                             static_cast<double>(design_.instances[static_cast<std::size_t>(level)]);
        return static_cast<double>(words) * design_.tensor(tensor).bits / width;
    }

    void add_ports(const LevelCounts& level) {
        const int index = design_.architecture.find_level(level.name);
        for (const TensorCounts& c : level.tensors) {
            const int t = design_.workload.find_tensor(c.tensor);
            // The MAC has ports of its own at the innermost buffer.
            const auto& keepers = design_.keepers[static_cast<std::size_t>(t)];
            const bool at_mac = design_.direct[static_cast<std::size_t>(t)] && keepers.back() == index;
            PortCycles& taken = taken_[&design_.memory(index, t)];
            taken.reads += port_cycles(index, t, c.reads_to_parent + (at_mac ? 0 : c.reads_to_child));
            taken.writes += port_cycles(index, t, c.writes_from_parent + (at_mac ? 0 : c.writes_from_child));
        }
    }

    /// A tile occupies its slot while it is filled, used and drained; `ends` gets the first fill and the last drain.
    double round_trips(const Boundary& boundary, double& ends) {
        const TensorCounts* child = find(boundary.child, boundary.tensor);
        const TensorCounts* parent = find(boundary.parent, boundary.tensor);
        const bool output = design_.tensor(boundary.tensor).is_output;
        const double words =
            static_cast<double>(design_.instances[static_cast<std::size_t>(boundary.child)] * boundary.tile_words);
        const double tiles =
            std::max(1.0, static_cast<double>(output ? child->reads_to_parent : child->writes_from_parent) / words);
        const double own = std::max(port_cycles(boundary.parent, boundary.tensor, parent->reads_to_child),
                                    port_cycles(boundary.child, boundary.tensor, child->writes_from_parent));
        double move = own + tiles * static_cast<double>(boundary.flight_down + 2);
        if (output) {
            // A read-back waits in line with all other reads of the parent.
            const PortCycles& line = taken_[&design_.memory(boundary.parent, boundary.tensor)];
            move = (own > 0 ? line.reads + tiles * static_cast<double>(boundary.flight_down + 2) : 0) +
                   std::max(port_cycles(boundary.parent, boundary.tensor, parent->writes_from_child),
                            port_cycles(boundary.child, boundary.tensor, child->reads_to_parent)) +
                   tiles * static_cast<double>(boundary.flight_up + 2);
        }
        ends += move / tiles;
        return (static_cast<double>(design_.steps) + move) / static_cast<double>(std::max<std::int64_t>(1, boundary.depth));
    }

    /// A sum that streams is read back only after it has landed: sums that come again too soon wait.
    double revisits(const Boundary& boundary) const {
        if (!design_.tensor(boundary.tensor).is_output || boundary.accumulates) return 0;
        double between = 1;
        for (std::size_t i = boundary.above.size(); i-- > 0;) {
            const LoweredLoop& loop = design_.loops[static_cast<std::size_t>(boundary.above[i])];
            if (loop.bound > 1 && design_.workload.is_reduction(loop.dimension)) {
                const double wait = static_cast<double>(boundary.flight_down + boundary.flight_up +
                                                        design_.architecture.levels.back().latency_cycles + 3);
                return static_cast<double>(design_.steps) * std::max(1.0, wait / between);
            }
            between *= static_cast<double>(loop.bound);
        }
        return 0;
    }

    const Design& design_;
    const Counts& counts_;
    std::map<const Memory*, PortCycles> taken_;
};

double cost_of(const Design& design) {
    const Counts counts = count_exactly(design);
    double price_pj = price(design, counts).total_pj;
    if (price_pj == 0)
        for (const TensorCounts& c : counts.levels.front().tensors)
            price_pj += static_cast<double>(c.reads_to_child + c.writes_from_child);
    return price_pj * CycleEstimate(design, counts).cycles();
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
/// tiles and each order, and with tiles that grow in each way.
std::vector<LevelChoice> starts() {
    std::vector<LevelChoice> result;
    for (int order = 0; order < order_count(); ++order) result.push_back({growth_count() - 1, order});
    for (int growth = 0; growth < growth_count() - 1; growth += growth_shares()) result.push_back({growth, 0});
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
        const std::vector<LevelChoice> none(architecture_.levels.size(), LevelChoice{growth_count() - 1, 0});
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
        for (const LevelChoice& choice : choices) key.insert(key.end(), {choice.growth, choice.order});
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
