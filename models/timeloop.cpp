// SPDX-License-Identifier: Apache-2.0
#include "models/timeloop.hpp"

#include <algorithm>
#include <cmath>

#include "models/timeloop_walk.hpp"

namespace accelsim::timeloop {

namespace {

/// Lanes outside the level that ever have work in a dimension.
std::int64_t working_lanes(const std::vector<WalkLoop>& loops, int dimension, std::int64_t bound, int level) {
    Numbers firsts = {0};  // the lowest index of each lane
    for (const WalkLoop& loop : loops) {
        if (loop.kind == LoopKind::temporal || loop.level >= level || loop.dimension != dimension) continue;
        Numbers next;
        for (const std::int64_t first : firsts)
            for (std::int64_t value = 0; value < loop.bound; ++value) next.push_back(first + value * loop.stride);
        firsts = std::move(next);
    }
    return std::count_if(firsts.begin(), firsts.end(), [&](std::int64_t first) { return first < bound; });
}

/// Words of an output that all instances of a level ever hold: the tensor, once for each lane that sums a part of it.
std::int64_t partitions(const Design& design, const std::vector<WalkLoop>& loops, const Tensor& tensor, int level) {
    std::int64_t words = tensor.words();
    for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d)
        if (!tensor.depends_on(static_cast<int>(d)))
            words *= working_lanes(loops, static_cast<int>(d), design.workload.dimensions[d].bound, level);
    return words;
}

LevelAnswer& level_answer(Answer& answer, int level) {
    return *std::find_if(answer.levels.begin(), answer.levels.end(), [&](const LevelAnswer& l) { return l.level == level; });
}

/// Rules 1 to 3: fills are what is new in a tile, reads and updates the parent's side of it; a first update reads nothing.
void count_tensor(const Design& design, const std::vector<WalkLoop>& loops, int tensor, Sharing sharing, Answer& answer) {
    const std::vector<int>& keepers = design.keepers[static_cast<std::size_t>(tensor)];
    const Tensor& shape = design.tensor(tensor);
    for (const int keeper : keepers) level_answer(answer, keeper).tensors.push_back({tensor, 0, 0, 0});
    for (std::size_t k = 0; k < keepers.size(); ++k) {
        const int child = k + 1 < keepers.size() ? keepers[k + 1] : design.architecture.mac_level();
        const Walk::Result move = Walk(design, loops, tensor, keepers[k], child, sharing).count();
        TensorAnswer& parent = level_answer(answer, keepers[k]).tensors.back();
        parent.reads = move.parent_words;
        if (shape.is_output) {
            parent.updates = move.parent_words;
            parent.reads -= partitions(design, loops, shape, keepers[k]);
        }
        if (child == design.architecture.mac_level()) continue;
        level_answer(answer, child).tensors.back().fills =
            move.new_words - (shape.is_output ? partitions(design, loops, shape, child) : 0);
    }
}

/// What a memory's ports carry.
TimeloopFigures::Bandwidth port_bandwidth(const Memory& memory, int bits) {
    const double row = static_cast<double>(memory.width_bits) / bits;
    if (memory.ports.shared) return {0, 0, memory.ports.reads * row};
    return {memory.ports.reads * row, memory.ports.writes * row, 0};
}

class CycleRule {
public:
    explicit CycleRule(const Design& design) : design_(design) {
        for (const Loop& loop : design.nest.loops) steps_ *= loop.kind == LoopKind::temporal ? loop.bound : 1;
    }

    /// Rule 4: the slowest of the steps and of each memory's words at its bandwidth.
    std::int64_t cycles(const Answer& answer) const {
        std::int64_t result = steps_;
        for (const LevelAnswer& level : answer.levels) {
            const auto given = design_.architecture.timeloop.bandwidths.find(design_.level(level.level).name);
            if (given != design_.architecture.timeloop.bandwidths.end()) {
                result = std::max(result, at_bandwidth(level, level.tensors, given->second));
                continue;
            }
            for (const TensorAnswer& first : level.tensors) {  // once per memory would do; tensors that share one give the same
                std::vector<TensorAnswer> sharing;
                const Memory* memory = &design_.memory(level.level, first.tensor);
                for (const TensorAnswer& t : level.tensors)
                    if (&design_.memory(level.level, t.tensor) == memory) sharing.push_back(t);
                result =
                    std::max(result, at_bandwidth(level, sharing, port_bandwidth(*memory, design_.tensor(first.tensor).bits)));
            }
        }
        return result + design_.architecture.timeloop.network_latency_cycles;
    }

private:
    std::int64_t at_bandwidth(const LevelAnswer& level, const std::vector<TensorAnswer>& tensors,
                              const TimeloopFigures::Bandwidth& limit) const {
        double reads = 0;
        double writes = 0;
        for (const TensorAnswer& t : tensors) {
            reads += static_cast<double>(t.reads) / static_cast<double>(level.instances);
            writes += static_cast<double>(t.fills + t.updates) / static_cast<double>(level.instances);
        }
        double slowdown = 1;
        const auto need = [&](double words, double bandwidth) {
            if (bandwidth > 0 && words > 0) slowdown = std::min(slowdown, bandwidth / (words / static_cast<double>(steps_)));
        };
        need(reads, limit.read);
        need(writes, limit.write);
        need(reads + writes, limit.shared);
        return static_cast<std::int64_t>(std::ceil(static_cast<double>(steps_) / slowdown));
    }

    const Design& design_;
    std::int64_t steps_ = 1;  ///< residual iterations in full
};

/// Rule 5: accesses of an instance in whole blocks of the price's width.
void price_levels(const Design& design, Answer& answer) {
    for (LevelAnswer& level : answer.levels) {
        const auto instances = static_cast<double>(level.instances);
        const auto own_price = design.architecture.timeloop.update_pj.find(design.level(level.level).name);
        for (const TensorAnswer& t : level.tensors) {
            const AccessEnergy& energy = design.memory(level.level, t.tensor).energy;
            const auto blocks = [&](std::int64_t words) {
                return std::ceil(static_cast<double>(words) / instances * design.tensor(t.tensor).bits / energy.reference_bits);
            };
            const double update_pj =
                own_price == design.architecture.timeloop.update_pj.end() ? energy.write_pj : own_price->second;
            level.energy_pj += instances * (blocks(t.reads) * energy.read_pj + blocks(t.fills) * energy.write_pj +
                                            blocks(t.updates) * update_pj);
        }
        answer.energy_pj += level.energy_pj;
    }
    answer.mac_energy_pj = static_cast<double>(design.workload.macs()) * design.architecture.levels.back().mac_pj;
    answer.energy_pj += answer.mac_energy_pj;
}

}  // namespace

Options options_of(const Design& design) {
    Options options;
    options.links_neighbours = design.architecture.timeloop.links;
    return options;
}

Answer evaluate(const Design& design, const Options& options) {
    const std::vector<WalkLoop> loops = walk_loops(design);
    Answer answer;
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        if (!design.architecture.levels[l].is_buffer()) continue;
        LevelAnswer level;
        level.level = static_cast<int>(l);
        for (const WalkLoop& loop : loops)
            if (loop.kind != LoopKind::temporal && loop.level < level.level) level.instances *= loop.bound;
        answer.levels.push_back(level);
    }
    for (std::size_t t = 0; t < design.workload.tensors.size(); ++t)
        count_tensor(design, loops, static_cast<int>(t), {options.links_neighbours, options.merges_whole_deltas}, answer);
    answer.cycles = CycleRule(design).cycles(answer);
    price_levels(design, answer);
    return answer;
}

}  // namespace accelsim::timeloop
