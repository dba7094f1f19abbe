// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the steps that were issued: of a whole run at once, its operands are all there, or step by step where each
// step has tiles of its own or somebody looks at lanes. Operands come out of the slots that the movers filled.
#include "mappings/lowering.hpp"
#include "mappings/positions.hpp"
#include "sim/hardware/array.hpp"

namespace accelsim {

/// A run's steps are all that its loops can issue: those that a tail leaves out meet zeros, or sums beyond the bound
/// (docs/decisions/0004-nominal-data.md).
void Array::make_kernels(int split) {
    run_kernel_.reset();
    step_kernel_.reset();
    if (!data_) return;
    std::vector<KernelLoop> run;
    std::vector<KernelLoop> step;
    for (std::size_t i = 0; i < design_->loops.size(); ++i) {
        const LoweredLoop& loop = design_->loops[i];
        if (loop.is_temporal() && loop.level < split) continue;
        const auto words = [&](std::size_t t) {
            return loop.is_temporal() && tensors_[t].stream ? 0 : tensors_[t].channel->layout.step(static_cast<int>(i));
        };
        run.push_back({loop.bound, words(0), words(1), words(2)});
        if (!loop.is_temporal()) step.push_back(run.back());
    }
    // A direct tile's words stay over the innermost loops that they do not depend on.
    const auto fresh = [&](std::size_t t, int level) {
        double share = 1;
        for (std::size_t i = design_->loops.size(); i-- > 0 && !tensors_[t].stream;) {
            const LoweredLoop& loop = design_->loops[i];
            if (!loop.is_temporal() || loop.level >= level || loop.bound == 1) continue;
            if (design_->workload.tensors[t].depends_on(loop.dimension)) break;
            share /= static_cast<double>(loop.bound);
        }
        return share;
    };
    const int mac = design_->architecture.mac_level();
    const MicroKernels& kernels = micro_kernels().front();
    run_kernel_ = std::make_unique<TileKernel>(std::move(run), kernels, TileKernel::Fresh{fresh(0, split), fresh(1, split)});
    step_kernel_ = std::make_unique<TileKernel>(std::move(step), kernels, TileKernel::Fresh{fresh(0, mac), fresh(1, mac)});
}

void Array::flush() {
    if (watched_ || (data_ && streams_ && !inner_.empty())) {
        while (computed_ < step_) compute_step();
    } else if (data_ && computed_ < step_) {
        compute_run();
    }
    computed_ = step_;
}

void Array::compute_run() {
    const auto at = [&](std::size_t t) { return tensors_[t].stream ? computed_ : tensors_[t].tile; };
    for (std::size_t t = 0; t < tensors_.size(); ++t) tensors_[t].channel->tiles.expect(at(t), name());
    run_kernel_->run(tensors_[2].channel->tiles.sums(at(2)), {tensors_[0].channel->tiles.operands(at(0)), at(0)},
                     {tensors_[1].channel->tiles.operands(at(1)), at(1)});
}

void Array::compute_step() {
    const auto at = [&](const Operand& operand) { return operand.stream ? computed_ : operand.tile; };
    for (const Operand& operand : tensors_) operand.channel->tiles.expect(at(operand), name());
    if (data_) {
        for (WatchedLane& lane : lanes_) look_at_lane(lane);
        // The same words of the same tile have the same number.
        const auto words = [&](const Operand& operand) {
            const std::int64_t tile = at(operand);
            return TileKernel::Words{operand.channel->tiles.operands(tile) + operand.word,
                                     tile * operand.channel->layout.words() + operand.word};
        };
        step_kernel_->run(tensors_[2].channel->tiles.sums(at(tensors_[2])) + tensors_[2].word, words(tensors_[0]),
                          words(tensors_[1]));
    }
    ++computed_;
    if (watched_) {
        seen_loops_ = outer_->values();
        for (const InnerLoop& loop : inner_) seen_loops_.push_back(loop.value);
    }
    advance_inner();
}

/// An odometer with guarded tails.
void Array::advance_inner() {
    for (std::size_t i = inner_.size(); i-- > 0;) {
        InnerLoop& loop = inner_[i];
        std::int64_t offset = outer_->offsets()[static_cast<std::size_t>(loop.dimension)];
        for (const InnerLoop& l : inner_) offset += l.dimension == loop.dimension ? l.value * l.stride : 0;
        if (loop.value + 1 < loop.bound && offset + loop.stride < loop.limit) {
            ++loop.value;
            for (std::size_t t = 0; t < tensors_.size(); ++t) tensors_[t].word += loop.word_step[t];
            return;
        }
        for (std::size_t t = 0; t < tensors_.size(); ++t) tensors_[t].word -= loop.value * loop.word_step[t];
        loop.value = 0;
    }
}

void Array::watch(const std::vector<std::int64_t>& lanes) {
    watched_ = true;
    const Positions positions(*design_, spatial_loops_between(*design_, -1, design_->architecture.mac_level()));
    for (std::int64_t lane : lanes) {
        WatchedLane watched{};
        watched.lane = lane;
        watched.tile = -1;
        watched.head = true;
        for (std::size_t i = 0; i < positions.loops.size(); ++i) {
            const std::int64_t value = positions.values[static_cast<std::size_t>(lane)][i];
            const LoweredLoop& loop = design_->loops[static_cast<std::size_t>(positions.loops[i])];
            watched.head = watched.head && (value == 0 || !design_->workload.is_reduction(loop.dimension));
            for (std::size_t t = 0; t < tensors_.size(); ++t)
                watched.word[t] += value * tensors_[t].channel->layout.step(positions.loops[i]);
        }
        lanes_.push_back(std::move(watched));
    }
}

/// Before the array's own arithmetic of the step: the sums of a chain, kept in one place, are still what the head was given.
void Array::look_at_lane(WatchedLane& lane) {
    const auto at = [&](std::size_t t) { return tensors_[t].stream ? computed_ : tensors_[t].tile; };
    const auto operand = [&](std::size_t t) {
        return tensors_[t].channel->tiles.operands(at(t))[tensors_[t].word + lane.word[t]];
    };
    if (lane.tile != at(2)) {
        lane.tile = at(2);
        const std::int32_t* given = tensors_[2].channel->tiles.sums(lane.tile);
        lane.sums.assign(static_cast<std::size_t>(tensors_[2].channel->layout.words() - lane.word[2]), 0);
        for (std::size_t i = 0; i < lane.sums.size() && lane.head; ++i)
            lane.sums[i] = given[static_cast<std::int64_t>(i) + lane.word[2]];
    }
    std::int32_t& sum = lane.sums[static_cast<std::size_t>(tensors_[2].word)];
    const std::int32_t product = std::int32_t{operand(0)} * operand(1);
    sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) + static_cast<std::uint32_t>(product));
    lane.view = {operand(0), operand(1), sum};
}

Array::LaneView Array::view(std::int64_t lane) const {
    for (const WatchedLane& watched : lanes_) {
        if (watched.lane == lane) return watched.view;
    }
    return {};
}

}  // namespace accelsim
