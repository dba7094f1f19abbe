// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/timeloop_import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "mappings/design.hpp"
#include "sim/program/import/timeloop_levels.hpp"
#include "sim/program/import/timeloop_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

/// Factors must make the bound exactly: all full iterations but the last one, plus what the last one has.
void check_cover(const Workload& workload, const std::vector<TimeloopLevel>& levels) {
    for (std::size_t d = 0; d < workload.dimensions.size(); ++d) {
        const Dimension& dimension = workload.dimensions[d];
        std::int64_t stride = 1;
        std::int64_t reach = 1;
        for (std::size_t l = levels.size(); l-- > 0;) {
            for (const std::vector<TimeloopLoop>* loops : {&levels[l].spatial, &levels[l].temporal}) {
                for (const TimeloopLoop& loop : *loops) {
                    if (loop.dimension != static_cast<int>(d)) continue;
                    reach += (loop.last - 1) * stride;
                    stride *= loop.bound;
                    if (stride > INT32_MAX * std::int64_t{2})
                        throw UserError(
                            fmt::format("the factors of {} multiply beyond its bound {}", dimension.name, dimension.bound),
                            loop.where);
                }
            }
        }
        if (reach != dimension.bound)
            throw UserError(
                fmt::format("the mapping's factors of {} make {}, its bound is {}", dimension.name, reach, dimension.bound),
                dimension.where);
    }
}

class Importer {
public:
    explicit Importer(const std::vector<std::string>& paths) : files_(load_timeloop(paths)) {}

    RunConfig import() {
        std::vector<std::string> ignored;
        std::vector<std::string>* unknown = files_.dumped ? &ignored : nullptr;
        machine_ = read_timeloop_architecture(files_.need("architecture"), unknown);
        config_.notes = machine_.notes;
        config_.workload = read_timeloop_problem(files_.need("problem"), unknown);
        if (!ignored.empty())
            config_.notes.push_back(fmt::format("the front end's keys {} have no meaning here", fmt::join(ignored, ", ")));
        levels_ = read_timeloop_mapping(files_.need("mapping"), config_.workload, machine_, config_.notes);
        check_cover(config_.workload, levels_);
        config_.architecture.timeloop.links = files_.links;
        if (!files_.links) config_.notes.push_back("Timeloop ran without link transfers: no word comes from a mesh neighbour");
        find_unused_storages();
        build_levels();
        check_outermost();
        set_prices();
        build_nest();
        with_place(machine_.storages[0].where, [&] { validate(config_.architecture); });
        return std::move(config_);
    }

private:
    /// A storage that every data space bypasses is none: its loops belong to the storage around it, its fan-out stays. (Front
    /// ends write such storages where fan-outs follow each other.)
    void find_unused_storages() {
        used_.assign(levels_.size(), true);
        std::size_t around = 0;
        for (std::size_t s = 1; s < levels_.size(); ++s) {
            used_[s] = levels_[s].bypass.size() < config_.workload.tensors.size();
            if (used_[s]) {
                around = s;
                continue;
            }
            for (std::size_t between = around; between < s; ++between) check_movable(levels_[between], levels_[s], s);
            config_.notes.push_back(
                fmt::format("storage '{}' is bypassed by everything and left out", machine_.storages[s].name));
            std::vector<TimeloopLoop>& loops = levels_[around].temporal;
            loops.insert(loops.begin(), levels_[s].temporal.begin(), levels_[s].temporal.end());
        }
    }

    /// Loops can leave an unused storage outwards past a fan-out that splits other dimensions.
    void check_movable(const TimeloopLevel& fan_out, const TimeloopLevel& unused, std::size_t s) const {
        for (const TimeloopLoop& outer : fan_out.spatial)
            for (const TimeloopLoop& inner : unused.temporal)
                if (outer.dimension == inner.dimension)
                    throw UserError(
                        fmt::format("storage '{}' is bypassed by everything, yet a loop of it continues one of a fan-out "
                                    "around it; let it keep a data space",
                                    machine_.storages[s].name),
                        inner.where);
    }

    void build_levels() {
        std::vector<const TimeloopStorage*> used;
        for (std::size_t s = 0; s < used_.size(); ++s)
            if (used_[s]) used.push_back(&machine_.storages[s]);
        const int bits = timeloop_element_bits(used, config_.notes);
        for (Tensor& tensor : config_.workload.tensors) tensor.bits = bits;
        std::vector<Level>& levels = config_.architecture.levels;
        config_.architecture.name = "timeloop";
        for (std::size_t s = 0; s < used_.size(); ++s) {
            if (used_[s]) levels.push_back(timeloop_memory(machine_.storages[s], s == 0, bits, config_.notes));
            keep_figures(machine_.storages[s], used_[s]);
            level_of_.push_back(static_cast<int>(levels.size()) - 1);
            add_fan_out(s);
            fan_out_of_.push_back(static_cast<int>(levels.size()) - 1);
        }
        const TimeloopCompute& compute = machine_.compute;
        Level mac;
        mac.name = compute.name;
        mac.where = compute.where;
        mac.kind = LevelKind::mac;
        mac.latency_cycles = 1;
        levels.push_back(mac);
    }

    /// For Timeloop's model: what ports and networks of ours cannot say.
    void keep_figures(const TimeloopStorage& storage, bool used) {
        TimeloopFigures& figures = config_.architecture.timeloop;
        figures.network_latency_cycles += storage.fill_latency.value_or(0) + storage.drain_latency.value_or(0);
        if (used)
            figures.bandwidths[storage.name] = {storage.read_bandwidth.value_or(0), storage.write_bandwidth.value_or(0),
                                                storage.shared_bandwidth.value_or(0)};
    }

    void add_fan_out(std::size_t s) {
        const TimeloopStorage& outer = machine_.storages[s];
        const bool last = s + 1 == machine_.storages.size();
        const TimeloopCompute& compute = machine_.compute;
        const Level fan_out =
            last ? timeloop_fan_out(outer, compute.name, compute.mesh_x, compute.mesh_y, compute.where, config_.workload)
                 : timeloop_fan_out(outer, machine_.storages[s + 1].name, machine_.storages[s + 1].mesh_x,
                                    machine_.storages[s + 1].mesh_y, machine_.storages[s + 1].where, config_.workload);
        const bool latency = outer.fill_latency.value_or(0) > 0 || outer.drain_latency.value_or(0) > 0;
        if (fan_out.rows > 1 || fan_out.columns > 1 || latency || !levels_[s].spatial.empty())
            config_.architecture.levels.push_back(fan_out);
    }

    void check_outermost() const {
        const TimeloopStorage& storage = machine_.storages[0];
        if (!storage.size) return;
        const std::int64_t room = static_cast<std::int64_t>(static_cast<double>(*storage.size) / storage.multiple_buffering);
        std::int64_t need = 0;
        for (const Tensor& tensor : config_.workload.tensors) need += tensor.words();
        if (need > room)
            throw UserError(fmt::format("level '{}': the tensors need {} words, {} words over its {} words", storage.name, need,
                                        need - room, room),
                            storage.where);
    }

    void set_prices() {
        std::map<std::string, TimeloopPrices> tables;
        if (const Yaml* ert = files_.find("ERT")) tables = read_timeloop_energy(*ert);
        std::vector<std::string> unpriced;
        for (std::size_t s = 0; s < machine_.storages.size(); ++s) {
            if (!used_[s]) continue;
            const TimeloopStorage& storage = machine_.storages[s];
            Level& level = config_.architecture.levels[static_cast<std::size_t>(level_of_[s])];
            const auto table = tables.find(storage.name);
            if (table == tables.end() && !storage.access_pj) unpriced.push_back(storage.name);
            const TimeloopPrices prices = table == tables.end() ? TimeloopPrices{} : table->second;
            level.energy.read_pj = prices.read.value_or(storage.access_pj.value_or(0));
            level.energy.write_pj = prices.fill.value_or(storage.access_pj.value_or(0));
            if (prices.update && *prices.update != level.energy.write_pj) {
                config_.architecture.timeloop.update_pj[storage.name] = *prices.update;
                config_.notes.push_back(fmt::format("'{}': updates are priced as fills, {} pJ instead of {} pJ", storage.name,
                                                    level.energy.write_pj, *prices.update));
            }
            note_leak(storage.name, prices);
        }
        const TimeloopCompute& compute = machine_.compute;
        const TimeloopPrices prices = tables.contains(compute.name) ? tables[compute.name] : TimeloopPrices{};
        if (!prices.compute && !compute.op_pj) unpriced.push_back(compute.name);
        config_.architecture.levels.back().mac_pj = prices.compute.value_or(compute.op_pj.value_or(0));
        note_leak(compute.name, prices);
        if (!unpriced.empty())
            config_.notes.push_back(fmt::format("no energy is given for {}: its accesses are free", fmt::join(unpriced, ", ")));
    }

    void note_leak(const std::string& name, const TimeloopPrices& prices) {
        if (prices.leak.value_or(0) > 0)
            config_.notes.push_back(fmt::format("'{}': the leakage of {} pJ per cycle is left out", name, *prices.leak));
    }

    void build_nest() {
        Nest& nest = config_.nest;
        nest.where = files_.need("mapping").where;
        nest.partials = Partials::copy;
        nest.halo = Halo::reuse;
        for (std::size_t s = 0; s < levels_.size(); ++s) {
            if (used_[s]) add_loops(levels_[s].temporal, level_of_[s], false);
            add_loops(levels_[s].spatial, fan_out_of_[s], true);
            add_loops(levels_[s].spatial, fan_out_of_[s], false);
            if (used_[s] && !levels_[s].bypass.empty()) nest.bypass[level_of_[s]] = levels_[s].bypass;
        }
    }

    /// Appends loops, which stand innermost first, outermost first; of spatial ones those on Y (rows) or on X (columns).
    void add_loops(const std::vector<TimeloopLoop>& loops, int level, bool on_y) {
        for (std::size_t i = loops.size(); i-- > 0;) {
            const TimeloopLoop& loop = loops[i];
            if (loop.on_y != on_y) continue;
            const LoopKind kind = !loop.spatial ? LoopKind::temporal : on_y ? LoopKind::rows : LoopKind::columns;
            config_.nest.loops.push_back({loop.dimension, loop.bound, level, kind, loop.where});
        }
    }

    TimeloopFiles files_;
    TimeloopMachine machine_;
    std::vector<TimeloopLevel> levels_;  ///< by storage
    std::vector<bool> used_;             ///< by storage: some data space is kept
    std::vector<int> level_of_;          ///< index of a storage's level, and of the fan-out below it
    std::vector<int> fan_out_of_;
    RunConfig config_;
};

}  // namespace

RunConfig import_timeloop(const std::vector<std::string>& files, const std::string& name) {
    RunConfig config = Importer(files).import();
    config.name = name;
    lower(config.workload, config.architecture, config.nest, name);
    config.resolved_yaml = to_yaml(config);
    return config;
}

const ImportSource& timeloop_source() {
    static const ImportSource source = {
        "Timeloop",
        {"Timeloop has no latencies: 1 cycle for memories, MACs and networks that state none",
         "a tile has one copy (depth 1 per multiple_buffering of 1); what it shares with the one before it stays (halo: reuse)",
         "partial sums that are read back go to all lanes (partials: copy); operands are generated (data: seed)"}};
    return source;
}

}  // namespace accelsim
