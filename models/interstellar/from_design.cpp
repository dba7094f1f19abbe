// SPDX-License-Identifier: Apache-2.0
#include "models/interstellar/from_design.hpp"

#include <algorithm>
#include <map>

namespace accelsim::interstellar {

namespace {

constexpr std::size_t longest_axis = 2;  ///< a loop and its replica

[[noreturn]] void refuse(const std::string& why, const Location& where = {}) {
    throw UserError("Interstellar's model cannot express this design: " + why, where);
}

void read_axis(const Axis& axis, const Workload& workload, ExpressedWorkload& result) {
    for (const Term& term : axis.terms) {
        const auto dimension = static_cast<std::size_t>(term.dimension);
        const LoopName loop = result.loop_of[dimension];
        if (loop == OX) result.layer.stride_x = term.coefficient;
        if (loop == OY) result.layer.stride_y = term.coefficient;
        if ((loop == FX || loop == FY) && term.coefficient != 1)
            refuse("its windows are dilated", workload.dimensions[dimension].where);
    }
}

class Expression {
public:
    explicit Expression(const Design& design) : design_(design) {}

    ExpressedDesign express() {
        read_workload();
        read_levels();
        result_.sums_to_all_lanes = design_.nest.partials == Partials::copy;
        result_.mapping.resize(result_.level_of.size());
        for (std::size_t l = 0; l < result_.mapping.size(); ++l) {
            read_temporal_loops(l);
            read_spatial_loops(l);
        }
        return std::move(result_);
    }

private:
    void read_workload() {
        ExpressedWorkload workload = accelsim::interstellar::express(design_.workload, design_.nest.where);
        result_.layer = workload.layer;
        result_.tensor_of = workload.tensor_of;
        loop_of_ = std::move(workload.loop_of);
        result_.machine.precision_bits = design_.tensor(result_.tensor_of[input]).bits;
        result_.machine.mac_holds_operands = design_.architecture.levels.back().operand_latch;
    }

    void read_levels() {
        const std::vector<Level>& levels = design_.architecture.levels;
        int array = -1;
        for (std::size_t l = 0; l < levels.size(); ++l) {
            if (levels[l].kind == LevelKind::array) {
                if (array >= 0) refuse("two arrays follow each other", levels[l].where);
                array = static_cast<int>(l);
            }
            if (!levels[l].is_buffer()) continue;
            result_.level_of.insert(result_.level_of.begin(), static_cast<int>(l));
            result_.array_of.insert(result_.array_of.begin(), array);
            result_.machine.levels.insert(result_.machine.levels.begin(), describe(static_cast<int>(l), array));
            std::array<bool, tensor_count> unicast{};
            for (std::size_t t = 0; t < tensor_count && array >= 0; ++t)
                unicast[t] = t != output && design_.level(array).network(tensor_names()[t]).transport == Transport::unicast;
            result_.unicast.insert(result_.unicast.begin(), unicast);
            array = -1;
        }
        if (array >= 0)
            refuse("the lanes of '" + levels[static_cast<std::size_t>(array)].name + "' have no memory of their own",
                   levels[static_cast<std::size_t>(array)].where);
    }

    MemoryLevel describe(int l, int array) const {
        MemoryLevel memory;
        memory.separate = true;
        for (std::size_t t = 0; t < tensor_count; ++t) {
            const std::vector<int>& keepers = design_.keepers[static_cast<std::size_t>(result_.tensor_of[t])];
            memory.memories[t] = std::nullopt;
            if (std::find(keepers.begin(), keepers.end(), l) == keepers.end()) continue;
            memory.memories[t] = static_cast<int>(memory.capacities.size());
            const Memory& own = design_.memory(l, result_.tensor_of[t]);
            memory.capacities.push_back(own.capacity_bytes * 8 / result_.machine.precision_bits);
            memory.access_costs.push_back(own.energy.read_pj);
        }
        if (array < 0) return memory;
        express_array(design_.level(array), design_.workload, memory);
        return memory;
    }

    void read_temporal_loops(std::size_t l) {
        LevelMapping& mapping = result_.mapping[l];
        int order = 0;
        for (std::size_t i = design_.loops.size(); i-- > 0;) {
            const LoweredLoop& loop = design_.loops[i];
            if (loop.level != result_.level_of[l] || !loop.is_temporal() || loop.bound == 1) continue;
            const auto x = static_cast<std::size_t>(loop_of_[static_cast<std::size_t>(loop.dimension)]);
            if (mapping.blocking[x] > 1)
                refuse("'" + design_.level(loop.level).name + "' has two loops of " + dimension_name(loop), design_.nest.where);
            mapping.blocking[x] = loop.bound;
            mapping.order[x] = order++;
        }
    }

    void read_spatial_loops(std::size_t l) {
        if (result_.array_of[l] < 0) return;
        LevelMapping& mapping = result_.mapping[l];
        for (const LoopKind kind : {LoopKind::rows, LoopKind::columns}) {
            std::vector<LoopName> axis;
            for (std::size_t i = design_.loops.size(); i-- > 0;) {
                const LoweredLoop& loop = design_.loops[i];
                if (loop.level != result_.array_of[l] || loop.kind != kind || loop.bound == 1) continue;
                const LoopName name = loop_of_[static_cast<std::size_t>(loop.dimension)];
                if (mapping.partitioning[static_cast<std::size_t>(name)] > 1)
                    refuse("'" + design_.level(loop.level).name + "' has two loops of " + dimension_name(loop),
                           design_.nest.where);
                mapping.partitioning[static_cast<std::size_t>(name)] = loop.bound;
                axis.push_back(name);
            }
            if (axis.size() > longest_axis)
                refuse("an axis of '" + design_.level(result_.array_of[l]).name + "' has more than a loop and its replica",
                       design_.nest.where);
            if (!axis.empty()) mapping.array_loops.push_back(axis);
        }
    }

    const std::string& dimension_name(const LoweredLoop& loop) const {
        return design_.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name;
    }

    const Design& design_;
    std::vector<LoopName> loop_of_;  ///< by dimension
    ExpressedDesign result_;
};

}  // namespace

ExpressedWorkload express(const Workload& workload, const Location& where) {
    static const std::map<std::string, LoopName> names = {{"FX", FX}, {"FY", FY}, {"X", OX}, {"Y", OY},
                                                          {"K", OC},  {"C", IC},  {"N", ON}};
    const bool known = workload.type == "conv2d" || workload.type == "gemm" || workload.type == "fc";
    if (!known) refuse("its workload is of type " + workload.type + ", not conv2d, gemm or fc", where);
    ExpressedWorkload result;
    for (const Dimension& dimension : workload.dimensions) {
        const auto name = names.find(dimension.name);
        if (name == names.end()) refuse("it has the dimension " + dimension.name, dimension.where);
        result.loop_of.push_back(name->second);
        result.layer.sizes[static_cast<std::size_t>(name->second)] = dimension.bound;
    }
    for (std::size_t t = 0; t < tensor_count; ++t) result.tensor_of[t] = workload.find_tensor(tensor_names()[t]);
    const Tensor& inputs = workload.tensors[static_cast<std::size_t>(result.tensor_of[input])];
    for (const Axis& axis : inputs.axes) read_axis(axis, workload, result);
    return result;
}

void express_array(const Level& fan_out, const Workload& workload, MemoryLevel& inside) {
    inside.parallel_count = std::int64_t{fan_out.rows} * fan_out.columns;
    inside.array_dimensions = fan_out.rows > 1 && fan_out.columns > 1 ? 2 : 1;
    bool systolic = false;
    for (const Tensor& tensor : workload.tensors) {
        const Network& network = fan_out.network(tensor.name);
        systolic =
            systolic || (tensor.is_output ? network.reduction == Reduction::systolic : network.transport == Transport::systolic);
        if (tensor.is_output && network.reduction == Reduction::none)
            refuse("'" + fan_out.name + "' does not add the sums of its lanes", fan_out.where);
    }
    const double price = systolic ? fan_out.hop_pj : fan_out.delivery_pj;
    inside.parallel_mode = systolic ? 1 : price > 0 ? 2 : 0;
    const int bits = workload.tensors[static_cast<std::size_t>(workload.find_tensor(tensor_names()[input]))].bits;
    inside.parallel_cost = price * bits / network_reference_bits;
}

ExpressedDesign express(const Design& design) { return Expression(design).express(); }

}  // namespace accelsim::interstellar
