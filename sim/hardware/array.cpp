// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/array.hpp"

#include <algorithm>

#include "mappings/lowering.hpp"
#include "models/exact_counts.hpp"

namespace accelsim {

void Array::load(const Design& design, std::vector<Channel>& channels, const std::vector<FillMover*>& fills, Counts& counts,
                 bool data) {
    data_ = data;
    design_ = &design;
    channels_ = &channels;
    fills_ = fills;
    counts_ = &counts;
    const int mac = design.architecture.mac_level();
    const bool any_direct = std::find(design.direct.begin(), design.direct.end(), true) != design.direct.end();
    const int split = any_direct ? mac - 1 : mac;  // loops of this level and inside it make up a run
    tensors_.clear();
    tensors_.resize(design.workload.tensors.size());
    streams_ = windows_ = false;
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        Operand& operand = tensors_[t];
        operand.stream = !design.direct[t];
        operand.channel = &channels[static_cast<std::size_t>(design.boundaries_of(static_cast<int>(t)).back())];
        if (!operand.stream) operand.identity = std::make_unique<TileIdentity>(design, operand.channel->index);
        streams_ = streams_ || operand.stream;
        windows_ = windows_ || (!operand.stream && operand.channel->windowed() && !operand.channel->is_output());
    }
    inner_.clear();
    inner_loops_.clear();
    for (std::size_t i = 0; i < design.loops.size(); ++i) {
        const LoweredLoop& loop = design.loops[i];
        if (!loop.is_temporal() || loop.level < split) continue;
        InnerLoop inner{loop.dimension, loop.bound, loop.stride, design.issued[static_cast<std::size_t>(loop.dimension)],
                        {0, 0, 0},      0};
        for (std::size_t t = 0; t < tensors_.size(); ++t) {
            if (tensors_[t].stream) continue;
            inner.word_step[t] = tensors_[t].channel->layout.step(static_cast<int>(i));
        }
        inner_.push_back(inner);
        inner_loops_.push_back(static_cast<int>(i));
    }
    // Per dimension, the largest index that lanes and run reach above the run's offset.
    reach_.assign(design.workload.dimensions.size(), 0);
    for (const LoweredLoop& loop : design.loops) {
        if (!loop.is_temporal() || loop.level >= split)
            reach_[static_cast<std::size_t>(loop.dimension)] += (loop.bound - 1) * loop.stride;
    }
    std::vector<const Tensor*> all;
    for (const Tensor& tensor : design.workload.tensors) all.push_back(&tensor);
    clip_key_ = ClipKey(design, all, reach_);
    latches_.clear();
    latches_.resize(tensors_.size());
    for (std::size_t t = 0; t < tensors_.size() && design.architecture.levels.back().operand_latch; ++t) {
        if (!tensors_[t].stream && !design.workload.tensors[t].is_output)
            latches_[t] = std::make_unique<OperandLatch>(design, design.workload.tensors[t], inner_loops_);
    }
    run_counts_.clear();
    last_run_ = nullptr;
    outer_ = std::make_unique<LoopWalk>(design, temporal_loops_above(design, split));
    ahead_ = std::make_unique<LoopWalk>(*outer_);
    ahead_->next();
    name_causes();
    step_ = computed_ = macs_ = padding_macs_ = busy_ = 0;
    first_issue_ = last_issue_ = -1;
    was_busy_ = done_ = watched_ = false;
    cause_ = startup;
    lanes_.clear();
    make_kernels(split);
    seen_loops_.assign(temporal_loops_above(design, mac).size(), 0);
    begin_run();
}

void Array::begin_run() {
    for (InnerLoop& loop : inner_) loop.value = 0;
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        Operand& operand = tensors_[t];
        if (operand.stream) continue;
        operand.stays = !ahead_->done() && operand.identity->same(outer_->offsets(), ahead_->offsets());
        operand.word = 0;
        operand.stair = 0;
    }
    count_run();
}

bool Array::ready(std::int64_t cycle) {
    return std::all_of(tensors_.begin(), tensors_.end(),
                       [&](const Operand& operand) { return operand.channel->usable.at(cycle) > needed(operand); });
}

bool Array::tick(std::int64_t cycle) {
    was_busy_ = !done_ && ready(cycle);
    if (was_busy_) {
        issue(cycle);
    } else if (!done_ && first_issue_ >= 0) {
        cause_ = find_cause(cycle);
        ++stalls_[static_cast<std::size_t>(cause_)].cycles;
    } else {
        cause_ = done_ ? drain : startup;
    }
    return was_busy_;
}

void Array::tick_many(std::int64_t cycle, std::int64_t count) {
    if (done_ || first_issue_ < 0) return;
    if (ready(cycle)) {
        was_busy_ = true;
        step_ += count;
        busy_ += count;
        run_left_ -= count;
        last_issue_ = cycle + count - 1;
        if (windows_) give_back(last_issue_);
    } else {
        was_busy_ = false;
        cause_ = find_cause(cycle);
        stalls_[static_cast<std::size_t>(cause_)].cycles += count;
    }
}

std::int64_t Array::uniform_cycles(std::int64_t cycle) {
    if (done_ || !ready(cycle)) return never;
    if (streams_ || first_issue_ < 0) return 0;
    return windows_ ? std::min(run_left_ - 1, steps_until_wanted(cycle)) : run_left_ - 1;
}

/// Gives back what the steps issued so far have used last. A tile that the next run uses, too, is used again from its first
/// address on.
void Array::give_back(std::int64_t cycle) {
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        Operand& operand = tensors_[t];
        if (operand.stream || operand.stays) continue;
        const std::vector<Stair>& stairs = last_run_->stairs[t];
        const std::int64_t issued = last_run_->steps - run_left_;
        const std::size_t before = operand.stair;
        while (operand.stair < stairs.size() && stairs[operand.stair].step < issued) ++operand.stair;
        if (operand.stair > before) operand.channel->give_back(cycle + 1, operand.tile, stairs[operand.stair - 1].address);
    }
}

/// How many steps may be issued before a fill mover that waits for space must look again.
std::int64_t Array::steps_until_wanted(std::int64_t cycle) {
    std::int64_t steps = never;
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        Operand& operand = tensors_[t];
        if (operand.stream || operand.stays || !operand.channel->windowed() || operand.channel->is_output()) continue;
        const std::int64_t wanted = operand.channel->fill->wanted(cycle);
        if (wanted == 0) continue;
        const std::int64_t base = operand.tile * operand.channel->boundary->tile_words;
        for (std::size_t i = operand.stair; i < last_run_->stairs[t].size(); ++i) {
            const Stair& stair = last_run_->stairs[t][i];
            if (base + stair.address < wanted) continue;
            steps = std::min(steps, stair.step + 1 - (last_run_->steps - run_left_));
            break;
        }
    }
    return steps;
}

void Array::issue(std::int64_t cycle) {
    if (first_issue_ < 0) first_issue_ = cycle;
    last_issue_ = cycle;
    ++busy_;
    const std::int64_t retired = cycle + design_->architecture.levels.back().latency_cycles;
    for (Operand& operand : tensors_) {
        if (!operand.stream) continue;
        operand.channel->tiles.expect(step_, name());
        if (operand.channel->is_output()) {
            operand.channel->complete.set(retired, step_ + 1);
        } else {
            operand.channel->released.set(cycle + 1, step_ + 1);
        }
    }
    ++step_;
    if (streams_ || watched_) flush();
    --run_left_;
    if (windows_) give_back(cycle);
    if (run_left_ == 0) finish_run(cycle);
}

/// The last step of a run: direct tiles that the next run does not use are released (operands) or complete (the output).
void Array::finish_run(std::int64_t cycle) {
    flush();
    const bool end = ahead_->done();
    const std::int64_t retired = cycle + design_->architecture.levels.back().latency_cycles;
    for (Operand& operand : tensors_) {
        if (operand.stream || operand.stays) continue;
        ++operand.tile;
        if (operand.channel->is_output()) {
            operand.channel->complete.set(retired, operand.tile);
        } else {
            operand.channel->release(cycle + 1, operand.tile - 1);
        }
    }
    if (end) {
        done_ = true;
        return;
    }
    outer_->next();
    ahead_->next();
    begin_run();
}

}  // namespace accelsim
