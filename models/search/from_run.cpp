// SPDX-License-Identifier: Apache-2.0
#include "models/search/from_run.hpp"

#include <algorithm>
#include <cmath>

#include "mappings/lowering.hpp"
#include "models/interstellar/from_design.hpp"
#include "models/search/rooms.hpp"

namespace accelsim::search {

namespace {

using interstellar::MemoryLevel;

/// Of a level's memories the shared one is the first; tensors' own follow.
class Placer {
public:
    Placer(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules, Rules whose)
        : workload_(workload), architecture_(architecture), search_(search), rules_(rules) {
        result_.space.rules = whose;
    }

    PlacedSpace place() {
        const interstellar::ExpressedWorkload expressed = interstellar::express(workload_, rules_.where);
        loop_of_ = expressed.loop_of;
        tensor_of_ = expressed.tensor_of;
        Space& space = result_.space;
        space.layer = expressed.layer;
        result_.dimension_of.fill(-1);
        for (std::size_t d = 0; d < loop_of_.size(); ++d) {
            result_.dimension_of[loop_of_[d]] = static_cast<int>(d);
            space.exact[loop_of_[d]] = !tail_is_masked(workload_, static_cast<int>(d));
        }
        space.machine.precision_bits = tensor(interstellar::input).bits;
        space.machine.mac_holds_operands = architecture_.levels.back().operand_latch;
        space.machine.refuses_underutilized = search_.half_full;
        space.half_full = search_.half_full;
        space.replication = search_.replication;
        space.min_utilization = search_.min_utilization;
        for (const int d : search_.replicate) space.replicate.push_back(loop_of_[static_cast<std::size_t>(d)]);
        read_levels();
        read_hints();
        return std::move(result_);
    }

private:
    const Tensor& tensor(std::size_t name) const { return workload_.tensors[static_cast<std::size_t>(tensor_of_[name])]; }

    [[noreturn]] void refuse(const std::string& why, const Location& where) const {
        throw UserError("Interstellar's model cannot express this design: " + why, where);
    }

    void read_levels() {
        int array = -1;
        for (std::size_t l = 0; l < architecture_.levels.size(); ++l) {
            const Level& level = architecture_.levels[l];
            if (level.kind == LevelKind::array) {
                if (array >= 0) refuse("two arrays follow each other", level.where);
                array = static_cast<int>(l);
            }
            if (!level.is_buffer()) continue;
            add_level(static_cast<int>(l), array);
            array = -1;
        }
        if (array >= 0) {
            const Level& level = architecture_.levels[static_cast<std::size_t>(array)];
            refuse("the lanes of '" + level.name + "' have no memory of their own", level.where);
        }
        if (result_.level_of.size() < 2) throw UserError("there is no memory between DRAM and MAC to search tiles for");
        result_.space.rooms.pop_back();  // the DRAM's
    }

    void add_level(int l, int array) {
        const Level& level = architecture_.levels[static_cast<std::size_t>(l)];
        MemoryLevel memory;
        add_memory(level, level, memory, level.energy.reference_bits);
        for (std::size_t t = 0; t < tensor_count; ++t) {
            memory.memories[t] = std::nullopt;
            if (!keeps_tensor(architecture_, l, workload_, tensor_of_[t], rules_)) continue;
            const auto own = level.memories.find(tensor(t).name);
            const bool alone = own != level.memories.end();
            // By the machine's rules rooms say what fits, and every tensor has the price of its own words.
            const bool listed = alone || result_.space.rules == Rules::machine;
            memory.memories[t] = listed ? static_cast<int>(memory.capacities.size()) : 0;
            if (listed) add_memory(level, alone ? own->second : level, memory, tensor(t).bits);
        }
        memory.separate = !level.keeps_all || memory.capacities.size() > 1;
        Space& space = result_.space;
        std::array<std::int64_t, 2> axes{1, 1};
        if (array >= 0) {
            const Level& fan_out = architecture_.levels[static_cast<std::size_t>(array)];
            interstellar::express_array(fan_out, workload_, memory);
            axes = {fan_out.rows, fan_out.columns};
            if (space.rules == Rules::program) axes = program_axes(memory);
        }
        space.machine.levels.insert(space.machine.levels.begin(), memory);
        space.rooms.insert(space.rooms.begin(), rooms_of(architecture_, l, workload_, tensor_of_, rules_));
        space.axes.insert(space.axes.begin(), axes);
        result_.level_of.insert(result_.level_of.begin(), l);
        result_.array_of.insert(result_.array_of.begin(), array);
    }

    void add_memory(const Level& level, const Memory& memory, MemoryLevel& result, int bits) const {
        const bool unlimited = level.kind == LevelKind::dram || memory.capacity_bytes == 0;
        result.capacities.push_back(unlimited ? INT64_MAX / 4 : memory.capacity_bytes * 8 / result_.space.machine.precision_bits);
        result.access_costs.push_back(memory.energy.read_pj * bits / memory.energy.reference_bits);
    }

    /// A square, whatever the units' number; or a row.
    static std::array<std::int64_t, 2> program_axes(const MemoryLevel& memory) {
        if (memory.array_dimensions == 1) return {memory.parallel_count, 1};
        const auto width = static_cast<std::int64_t>(std::sqrt(static_cast<double>(memory.parallel_count)));
        return {width, width};
    }

    void read_hints() {
        Space& space = result_.space;
        space.hints.resize(space.levels());
        for (const SearchHint& hint : search_.hints) {
            const auto level = std::find(result_.level_of.begin(), result_.level_of.end(), hint.level);
            LoopHint& ours = space.hints[static_cast<std::size_t>(level - result_.level_of.begin())]
                                        [loop_of_[static_cast<std::size_t>(hint.dimension)]];
            if (hint.trips) ours.trips = hint.trips;
            if (hint.unroll) ours.unroll = hint.unroll;
            if (hint.order) ours.order = hint.order;
        }
    }

    const Workload& workload_;
    const Architecture& architecture_;
    const SearchSpace& search_;
    const Nest& rules_;
    std::vector<LoopName> loop_of_;
    std::array<int, tensor_count> tensor_of_{};
    PlacedSpace result_;
};

/// Onto which axis each group of loops of an array goes.
struct AxisPlaces {
    std::vector<LoopKind> kinds;
    std::int64_t rows = 1;
    std::int64_t columns = 1;
};

/// The first of all distributions of the groups that is within the array; without one, that whose longer axis is shortest.
AxisPlaces distribute(const std::vector<std::int64_t>& groups, std::int64_t rows, std::int64_t columns) {
    AxisPlaces best;
    bool fits = false;
    for (unsigned choice = 0; choice < (1U << groups.size()) && !fits; ++choice) {
        AxisPlaces places;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            // The first group is vertical, as in `U | V`, where there is a choice.
            const bool on_rows = g == 0 ? (choice & 1U) == 0 : ((choice >> g) & 1U) != 0;
            places.kinds.push_back(on_rows ? LoopKind::rows : LoopKind::columns);
            (on_rows ? places.rows : places.columns) *= groups[g];
        }
        fits = places.rows <= rows && places.columns <= columns;
        const bool shorter = std::max(places.rows, places.columns) < std::max(best.rows, best.columns);
        if (fits || best.kinds.empty() || shorter) best = places;
    }
    return best;
}

std::vector<std::int64_t> group_sizes(const interstellar::LevelMapping& level) {
    std::vector<std::int64_t> sizes;
    for (const std::vector<LoopName>& loops : level.array_loops) {
        sizes.push_back(1);
        for (const LoopName x : loops) sizes.back() *= level.partitioning[x];
    }
    return sizes;
}

/// Gives the array the shape that the mapping needs, if it has the lanes.
void reshape(Level& array, const AxisPlaces& places, std::vector<std::string>& notes) {
    if (places.rows <= array.rows && places.columns <= array.columns) return;
    const std::int64_t count = std::int64_t{array.rows} * array.columns;
    if (places.rows * places.columns > count)
        throw UserError("the mapping unrolls over " + std::to_string(places.rows * places.columns) + " lanes of '" + array.name +
                            "', which has " + std::to_string(count),
                        array.where);
    notes.push_back("the " + std::to_string(count) + " lanes of '" + array.name + "' stand as " + std::to_string(places.rows) +
                    " x " + std::to_string(count / places.rows) + ": the mapping does not go on " + std::to_string(array.rows) +
                    " x " + std::to_string(array.columns));
    array.rows = static_cast<int>(places.rows);
    array.columns = static_cast<int>(count / places.rows);
}

}  // namespace

PlacedSpace place_space(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                        Rules whose) {
    return Placer(workload, architecture, search, rules, whose).place();
}

PlacedMapping place_mapping(const PlacedSpace& placed, const Architecture& architecture, const Mapping& mapping,
                            const Nest& rules) {
    PlacedMapping result{rules, architecture, {}};
    result.nest.loops.clear();
    const auto add = [&](std::size_t x, std::int64_t bound, int level, LoopKind kind) {
        if (bound > 1) result.nest.loops.push_back({placed.dimension_of[x], bound, level, kind, rules.where});
    };
    for (std::size_t l = mapping.size(); l-- > 0;) {
        const interstellar::LevelMapping& level = mapping[l];
        for (int order = interstellar::absent; order >= 0; --order)
            for (std::size_t x = 0; x < loop_count; ++x)
                if (level.order[x] == order) add(x, level.blocking[x], placed.level_of[l], LoopKind::temporal);
        if (l == 0 || mapping[l - 1].array_loops.empty()) continue;
        const interstellar::LevelMapping& inside = mapping[l - 1];
        Level& array = result.architecture.levels[static_cast<std::size_t>(placed.array_of[l - 1])];
        const AxisPlaces places = distribute(group_sizes(inside), array.rows, array.columns);
        reshape(array, places, result.notes);
        for (const LoopKind kind : {LoopKind::rows, LoopKind::columns})
            for (std::size_t g = 0; g < places.kinds.size(); ++g)
                // The adjacent loop is given first and stands last in a nest.
                for (std::size_t i = inside.array_loops[g].size(); places.kinds[g] == kind && i-- > 0;)
                    add(inside.array_loops[g][i], inside.partitioning[inside.array_loops[g][i]], placed.array_of[l - 1], kind);
    }
    return result;
}

}  // namespace accelsim::search
