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

/// Bits through the read and the write ports of one memory, all instances together.
struct PortLoad {
    double reads = 0;
    double writes = 0;
};

double port_cycles(const Memory& memory, const PortLoad& load, double instances) {
    const double width = static_cast<double>(memory.width_bits) * instances;
    if (memory.ports.shared) return (load.reads + load.writes) / width / memory.ports.reads;
    return std::max(load.reads / memory.ports.reads, load.writes / std::max(1, memory.ports.writes)) / width;
}

double cycles_of(const Design& design, const Counts& counts) {
    double cycles = static_cast<double>(design.steps);
    for (const LevelCounts& level : counts.levels) {
        const int index = design.architecture.find_level(level.name);
        std::map<const Memory*, PortLoad> loads;
        for (const TensorCounts& c : level.tensors) {
            const int t = design.workload.find_tensor(c.tensor);
            // The MAC has ports of its own at the innermost buffer.
            const bool at_mac =
                design.direct[static_cast<std::size_t>(t)] && design.keepers[static_cast<std::size_t>(t)].back() == index;
            PortLoad& load = loads[&design.memory(index, t)];
            const double bits = design.tensor(t).bits;
            const PortLoad own = {static_cast<double>(c.reads_to_parent + (at_mac ? 0 : c.reads_to_child)) * bits,
                                  static_cast<double>(c.writes_from_parent + (at_mac ? 0 : c.writes_from_child)) * bits};
            load.reads += own.reads;
            load.writes += own.writes;
            // A tensor's mover uses one port at a time, however many there are.
            const double width = static_cast<double>(design.memory(index, t).width_bits) * static_cast<double>(level.instances);
            cycles = std::max({cycles, own.reads / width, own.writes / width});
        }
        for (const auto& [memory, load] : loads)
            cycles = std::max(cycles, port_cycles(*memory, load, static_cast<double>(level.instances)));
    }
    return cycles;
}

double cost_of(const Design& design) {
    const Counts counts = count_exactly(design);
    double price_pj = price(design, counts).total_pj;
    if (price_pj == 0)
        for (const TensorCounts& c : counts.levels.front().tensors)
            price_pj += static_cast<double>(c.reads_to_child + c.writes_from_child);
    return price_pj * cycles_of(design, counts);
}

class Search {
public:
    Search(const Workload& workload, const Architecture& architecture, std::vector<Loop> spatial, const Nest& rules)
        : workload_(workload), architecture_(architecture), spatial_(std::move(spatial)), rules_(rules) {}

    /// Empty when the smallest tiles do not fit; `why` then says so.
    std::optional<Nest> run(std::string& why) {
        std::vector<LevelChoice> choices(architecture_.levels.size());
        for (LevelChoice& choice : choices) choice.growth = growth_count() - 1;
        try {
            lower(workload_, architecture_, nest(choices));
        } catch (const UserError& error) {
            why = error.what();
            return std::nullopt;
        }
        best_ = cost(choices);
        bool improved = true;
        for (int round = 0; round < rounds && improved; ++round) improved = improve_all(choices);
        return nest(choices);
    }

private:
    Nest nest(const std::vector<LevelChoice>& choices) const {
        return block(workload_, architecture_, spatial_, choices, rules_);
    }

    double cost(const std::vector<LevelChoice>& choices) const {
        try {
            return cost_of(lower(workload_, architecture_, nest(choices)));
        } catch (const UserError&) {
            return illegal;
        }
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
    const Architecture& architecture_;
    std::vector<Loop> spatial_;
    const Nest& rules_;
    double best_ = illegal;
};

}  // namespace

double least_cycles(const Design& design) { return cycles_of(design, count_exactly(design)); }

Nest default_mapping(const Workload& workload, const Architecture& architecture, const Dataflow& dataflow, const Nest& rules) {
    std::string why;
    for (const Filling filling : {Filling::replicated, Filling::wished, Filling::none}) {
        Search search(workload, architecture, unroll(workload, architecture, dataflow, filling), rules);
        if (std::optional<Nest> nest = search.run(why)) return *nest;
    }
    throw UserError("there is no default mapping, even tiles of single elements are refused: " + why);
}

}  // namespace accelsim
