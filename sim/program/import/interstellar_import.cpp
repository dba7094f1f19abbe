// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/interstellar_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "mappings/design.hpp"
#include "sim/program/yaml/section.hpp"

namespace accelsim {

namespace {

using namespace interstellar;

constexpr int unlimited_ports = 4;
constexpr int unlimited_width_bits = 65536;
constexpr std::int64_t longest_axis = 4096;

/// Our dimension's name for a loop, and our tensor's number.
constexpr std::array<const char*, loop_count> dimension_of_loop = {"FX", "FY", "X", "Y", "K", "C", "N"};

struct Grid {
    std::int64_t rows = 1;
    std::int64_t columns = 1;
};

class Importer {
public:
    Importer(const InterstellarDesign& design, std::string name) : design_(design), machine_(design.machine) {
        config_.name = std::move(name);
        config_.notes = design.notes;
    }

    RunConfig import() {
        make_workload();
        config_.architecture.name = "interstellar";
        config_.nest.where = design_.mapping ? design_.mapping_where : design_.layer_where;
        level_of_.resize(machine_.levels.size());
        for (std::size_t l = machine_.levels.size(); l-- > 0;) add_memory(l);
        Level mac;
        mac.name = "MAC";
        mac.kind = LevelKind::mac;
        mac.where = design_.arch_where;
        mac.operand_latch = machine_.mac_holds_operands;
        config_.architecture.levels.push_back(mac);
        with_place(design_.arch_where, [&] { validate(config_.architecture); });
        if (design_.mapping)
            check_mapping();
        else
            make_search();
        config_.resolved_yaml = to_yaml(config_);
        return std::move(config_);
    }

private:
    void check_mapping() {
        lower(config_.workload, config_.architecture, config_.nest, config_.name);
        if (!evaluate(design_.layer, machine_, *design_.mapping).fits)
            config_.notes.push_back(
                "by its own rules (capacities with all copies, memories half full) Interstellar refuses this mapping");
    }

    void make_workload() {
        const Layer& layer = design_.layer;
        const auto& s = layer.sizes;
        Conv2dShape shape;
        shape.n = s[ON];
        shape.k = s[OC];
        shape.c = s[IC];
        shape.y = s[OY];
        shape.x = s[OX];
        shape.fy = s[FY];
        shape.fx = s[FX];
        shape.stride_y = layer.stride_y;
        shape.stride_x = layer.stride_x;
        const int bits = machine_.precision_bits;
        config_.workload = make_conv2d(shape, bits, bits, bits);
        config_.workload.name = "layer";
        for (Dimension& dimension : config_.workload.dimensions) dimension.where = design_.layer_where;
        with_place(design_.layer_where, [&] { validate(config_.workload); });
    }

    int tensor_index(std::size_t tensor) const { return config_.workload.find_tensor(interstellar::tensor_names()[tensor]); }
    int dimension_index(std::size_t loop) const { return config_.workload.find_dimension(dimension_of_loop[loop]); }

    /// A memory with its loops, and around it the fan-out to its units.
    void add_memory(std::size_t l) {
        const bool outermost = l + 1 == machine_.levels.size();
        if (machine_.levels[l].parallel_count > 1 || spatial_product(l) > 1) add_fan_out(l);
        config_.architecture.levels.push_back(outermost ? make_dram() : make_buffer(l));
        level_of_[l] = static_cast<int>(config_.architecture.levels.size()) - 1;
        if (design_.mapping) add_temporal_loops(l);
    }

    Memory make_memory(std::size_t l, std::size_t memory) const {
        const MemoryLevel& level = machine_.levels[l];
        Memory result;
        result.capacity_bytes = level.capacities[memory] * machine_.precision_bits / 8;
        result.depth = 1;
        result.width_bits = unlimited_width_bits;
        result.ports = {unlimited_ports, unlimited_ports, false};
        result.energy = {level.access_costs[memory], level.access_costs[memory], machine_.precision_bits};
        return result;
    }

    Level make_dram() {
        Level level;
        const std::size_t last = machine_.levels.size() - 1;
        static_cast<Memory&>(level) = make_memory(last, 0);
        level.capacity_bytes = 0;
        level.name = "DRAM";
        level.kind = LevelKind::dram;
        level.where = design_.arch_where;
        for (std::size_t t = 0; t < tensor_count; ++t)
            if (!machine_.levels[last].memories[t])
                config_.notes.push_back(fmt::format("{} at the DRAM costs nothing there; here its accesses are priced",
                                                    interstellar::tensor_names()[t]));
        return level;
    }

    /// The level's shared capacity is the memory that holds most tensors; each other tensor has a memory of its own.
    Level make_buffer(std::size_t l) {
        const MemoryLevel& given = machine_.levels[l];
        std::vector<std::size_t> members(given.capacities.size(), 0);
        for (std::size_t t = 0; t < tensor_count; ++t)
            if (kept(l, t)) ++members[memory_of(l, t)];
        const auto shared = static_cast<std::size_t>(std::max_element(members.begin(), members.end()) - members.begin());
        Level level;
        static_cast<Memory&>(level) = make_memory(l, shared);
        level.name = fmt::format("L{}", l);
        level.where = design_.arch_where;
        bool shares = false;
        for (std::size_t t = 0; t < tensor_count; ++t) {
            if (!kept(l, t)) continue;
            const std::size_t memory = memory_of(l, t);
            if (memory == shared && members[shared] > 1)
                shares = true;
            else if (given.capacities.size() > 1)
                level.memories[interstellar::tensor_names()[t]] = make_memory(l, memory);
            else
                shares = true;
        }
        if (!shares) level.capacity_bytes = 0;
        set_keeps(l, level);
        return level;
    }

    void set_keeps(std::size_t l, Level& level) const {
        for (std::size_t t = 0; t < tensor_count; ++t)
            if (kept(l, t)) level.keeps.push_back(interstellar::tensor_names()[t]);
        if (level.keeps.empty())
            throw UserError(fmt::format("level {} holds no tensor; leave it out of the arch", l), design_.arch_where);
        level.keeps_all = level.keeps.size() == tensor_count;
        if (level.keeps_all) level.keeps.clear();
    }

    /// Levels that the default of `memory_partitions` forgets hold everything all the same.
    bool kept(std::size_t l, std::size_t tensor) const {
        return !design_.partitions_given || machine_.levels[l].memories[tensor].has_value();
    }
    std::size_t memory_of(std::size_t l, std::size_t tensor) const {
        return static_cast<std::size_t>(machine_.levels[l].memories[tensor].value_or(0));
    }

    void add_fan_out(std::size_t l) {
        const MemoryLevel& given = machine_.levels[l];
        const Grid grid = place_units(l);
        Level level;
        level.name = fmt::format("PEs{}", l);
        level.kind = LevelKind::array;
        level.where = design_.arch_where;
        level.rows = static_cast<int>(grid.rows);
        level.columns = static_cast<int>(grid.columns);
        const double price = given.parallel_cost * network_reference_bits / machine_.precision_bits;
        const bool neighbours = given.parallel_mode == 1;
        if (neighbours) level.hop_pj = price;
        if (given.parallel_mode == 2) level.delivery_pj = price;
        for (std::size_t t = 0; t < tensor_count; ++t) {
            Network& network = level.networks[interstellar::tensor_names()[t]];
            const bool along_axis = t != input || windows_stay_on_axis(l);
            network.transport = neighbours && along_axis ? Transport::systolic : Transport::multicast;
            network.reduction = neighbours ? Reduction::systolic : Reduction::tree;
            if (neighbours && !along_axis)
                config_.notes.push_back(
                    fmt::format("'{}': windows overlap between units off an axis, so inputs go by multicast "
                                "instead of from neighbour to neighbour",
                                level.name));
        }
        config_.architecture.levels.push_back(level);
        if (design_.mapping) add_spatial_loops(l);
    }

    /// Units that differ in a window's loop and in an output's on the same tensor axis may need the same input element.
    bool windows_stay_on_axis(std::size_t l) const {
        if (!design_.mapping) return design_.layer.sizes[FX] == 1 && design_.layer.sizes[FY] == 1;
        const auto& p = (*design_.mapping)[l].partitioning;
        const auto& s = design_.layer.sizes;
        return (p[FX] == 1 || s[OX] == 1) && (p[FY] == 1 || s[OY] == 1) && (p[OX] == 1 || s[FX] == 1) &&
               (p[OY] == 1 || s[FY] == 1);
    }

    std::int64_t spatial_product(std::size_t l) const { return design_.mapping ? (*design_.mapping)[l].spatial_product() : 1; }

    std::int64_t axis_product(std::size_t l, std::size_t dimension) const {
        std::int64_t product = 1;
        if (!design_.mapping || dimension >= (*design_.mapping)[l].array_loops.size()) return 1;
        const LevelMapping& level = (*design_.mapping)[l];
        for (const LoopName x : level.array_loops[dimension]) product *= level.partitioning[static_cast<std::size_t>(x)];
        return product;
    }

    /// As square as the count allows, or a single row; another shape with a note where the mapping needs one.
    Grid place_units(std::size_t l) {
        const MemoryLevel& given = machine_.levels[l];
        const std::int64_t count = given.parallel_count;
        Grid grid{1, count};
        if (given.array_dimensions == 2) {
            grid.rows = static_cast<std::int64_t>(std::sqrt(static_cast<double>(count)));
            while (count % grid.rows != 0) --grid.rows;
            grid.columns = count / grid.rows;
        }
        if (design_.mapping) fit_grid(l, grid);
        if (std::max(grid.rows, grid.columns) > longest_axis)
            throw UserError(fmt::format("the {} units of level {} make an axis longer than {}", count, l, longest_axis),
                            design_.arch_where);
        return grid;
    }

    void fit_grid(std::size_t l, Grid& grid) {
        const LevelMapping& level = (*design_.mapping)[l];
        const std::int64_t count = machine_.levels[l].parallel_count;
        const std::size_t dimensions = level.array_loops.size();
        if (dimensions > 2)
            throw UserError(
                fmt::format("level {} unrolls onto {} array dimensions; an array has rows and columns", l, dimensions),
                design_.mapping_where);
        const std::int64_t product = spatial_product(l);
        if (product > count)
            throw UserError(fmt::format("level {} unrolls over {} units, {} more than its parallel_count of {}", l, product,
                                        product - count, count),
                            design_.mapping_where);
        const Grid used = used_grid(l);
        if (used.rows <= grid.rows && used.columns <= grid.columns) return;
        const Grid square = grid;
        grid = grid_for(used, count);
        config_.notes.push_back(
            fmt::format("the {} units of level {} stand as {} x {}: the mapping's {} x {} do not go on {} x {}", count, l,
                        grid.rows, grid.columns, used.rows, used.columns, square.rows, square.columns));
        if (grid.rows * grid.columns < count)
            config_.notes.push_back(
                fmt::format("{} of these units have no place there; its runtime, MACs over all units, is counted without them",
                            count - grid.rows * grid.columns));
    }

    /// All units, as near to a square as the mapping allows; some are left out where its axes need that.
    static Grid grid_for(const Grid& used, std::int64_t count) {
        std::optional<Grid> best;
        for (std::int64_t rows = used.rows; rows * used.columns <= count; ++rows) {
            const Grid grid{rows, count / rows};
            const auto off_square = [](const Grid& g) { return std::abs(g.rows - g.columns); };
            if (count % rows == 0 && (!best || off_square(grid) < off_square(*best))) best = grid;
        }
        return best.value_or(Grid{used.rows, count / used.rows});
    }

    /// The first array dimension is vertical, as in `U | V`; a single one lies along a row where there is only a row.
    Grid used_grid(std::size_t l) const {
        if (is_row(l)) return {1, axis_product(l, 0)};
        return {axis_product(l, 0), axis_product(l, 1)};
    }

    bool is_row(std::size_t l) const {
        return machine_.levels[l].array_dimensions == 1 && (*design_.mapping)[l].array_loops.size() < 2;
    }

    void add_spatial_loops(std::size_t l) {
        const LevelMapping& level = (*design_.mapping)[l];
        const int index = static_cast<int>(config_.architecture.levels.size()) - 1;
        for (std::size_t d = 0; d < level.array_loops.size(); ++d) {
            const LoopKind kind = d == 0 && !is_row(l) ? LoopKind::rows : LoopKind::columns;
            // The adjacent loop is given first and stands last in a nest.
            for (std::size_t i = level.array_loops[d].size(); i-- > 0;)
                add_loop(static_cast<std::size_t>(level.array_loops[d][i]), &LevelMapping::partitioning, l, index, kind);
        }
    }

    void add_temporal_loops(std::size_t l) {
        const LevelMapping& level = (*design_.mapping)[l];
        for (int order = absent; order >= 0; --order)
            for (std::size_t x = 0; x < loop_count; ++x)
                if (level.order[x] == order) add_loop(x, &LevelMapping::blocking, l, level_of_[l], LoopKind::temporal);
    }

    void add_loop(std::size_t x, std::array<std::int64_t, loop_count> LevelMapping::*trips, std::size_t l, int index,
                  LoopKind kind) {
        const std::int64_t bound = ((*design_.mapping)[l].*trips)[x];
        if (bound > 1) config_.nest.loops.push_back({dimension_index(x), bound, index, kind, design_.mapping_where});
    }

    void make_search() {
        SearchSpace space;
        for (const InterstellarHint& hint : design_.search.hints) {
            SearchHint ours;
            ours.dimension = dimension_index(hint.loop);
            ours.level = level_of_[static_cast<std::size_t>(hint.level)];
            ours.trips = hint.blocking;
            ours.unroll = hint.partitioning;
            if (hint.order) ours.order = static_cast<int>(*hint.order);
            space.hints.push_back(ours);
        }
        for (const LoopName loop : design_.search.replicated) space.replicate.push_back(dimension_index(loop));
        space.replication = design_.search.replication;
        space.min_utilization = design_.search.utilization_threshold;
        space.half_full = machine_.refuses_underutilized;
        space.memories = design_.search.memories;
        space.program_rules = true;
        config_.search = space;
    }

    const InterstellarDesign& design_;
    const Machine& machine_;
    std::vector<int> level_of_;  ///< our level of each memory level
    RunConfig config_;
};

}  // namespace

RunConfig import_interstellar(const InterstellarDesign& design, const std::string& name) {
    return Importer(design, name).import();
}

const ImportSource& interstellar_source() {
    static const ImportSource source = {
        "Interstellar",
        {"Interstellar has neither latencies nor bandwidths: 1 cycle everywhere, and nothing waits for a port",
         "a tile has one copy (depth 1) and moves whole (halo: refetch); the MACs' own energy is not counted",
         "operands and sums have the precision's width; operands are generated (data: seed)"}};
    return source;
}

}  // namespace accelsim
