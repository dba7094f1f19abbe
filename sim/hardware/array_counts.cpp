// SPDX-License-Identifier: Apache-2.0
// What the MACs of a run access (docs/microarchitecture.md, 7); runs that are cut alike are counted once.
#include <algorithm>

#include "mappings/boxes.hpp"
#include "sim/hardware/array.hpp"

namespace accelsim {

std::int64_t Array::run_length() const {
    std::int64_t length = 1;
    for (std::size_t d = 0; d < reach_.size(); ++d) {
        length *= count_dimension_values(*design_, inner_loops_, static_cast<int>(d), outer_->offsets()[d]);
    }
    return length;
}

const Array::RunCounts& Array::find_run_counts() {
    run_key_.clear();
    clip_key_.append(outer_->offsets(), run_key_);
    if (last_run_ != nullptr && run_key_ == last_run_key_) return *last_run_;
    last_run_key_ = run_key_;
    auto found = run_counts_.find(run_key_);
    if (found == run_counts_.end()) found = run_counts_.emplace(run_key_, measure_run()).first;
    return *(last_run_ = &found->second);
}

void Array::count_run() {
    const RunCounts& run = find_run_counts();
    run_left_ = run.steps;
    macs_ += run.macs;
    padding_macs_ += run.padding;
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        const Operand& operand = tensors_[t];
        if (operand.stream) continue;
        TensorCounts& counts = *operand.channel->child_counts;
        counts.reads_to_child += latches_[t] == nullptr ? run.inside[t] : latches_[t]->pass(outer_->offsets(), *run.latch[t]);
        if (operand.channel->is_output()) counts.writes_from_child += run.inside[t];
    }
}

/// Active MACs of a run over all lanes, and those whose element is inside each tensor.
Array::RunCounts Array::measure_run() const {
    std::vector<int> loops = inner_loops_;
    for (std::size_t i = 0; i < design_->loops.size(); ++i) {
        if (!design_->loops[i].is_temporal()) loops.push_back(static_cast<int>(i));
    }
    std::vector<std::vector<std::int64_t>> values;
    RunCounts counts;
    counts.macs = 1;
    std::int64_t all = 1;
    counts.steps = run_length();
    for (std::size_t d = 0; d < reach_.size(); ++d) {
        values.push_back(dimension_values(*design_, loops, static_cast<int>(d), outer_->offsets()[d]));
        all *= static_cast<std::int64_t>(values.back().size());
        const std::int64_t bound = design_->workload.dimensions[d].bound;
        counts.macs *= std::count_if(values.back().begin(), values.back().end(), [&](std::int64_t v) { return v < bound; });
    }
    counts.padding = all - counts.macs;
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        const Tensor& tensor = design_->workload.tensors[t];
        std::int64_t inside = all;
        for (const Axis& axis : tensor.axes) {
            if (!may_leave_tensor(*design_, axis)) continue;
            std::vector<std::int64_t> reached{axis.offset};
            for (const Term& term : axis.terms) {
                std::vector<std::int64_t> next;
                for (std::int64_t base : reached) {
                    for (std::int64_t v : values[static_cast<std::size_t>(term.dimension)])
                        next.push_back(base + term.coefficient * v);
                }
                reached = std::move(next);
            }
            const auto good =
                std::count_if(reached.begin(), reached.end(), [&](std::int64_t c) { return c >= 0 && c < axis.size; });
            // Axes depend on different dimensions, so their fractions multiply exactly.
            inside = inside / static_cast<std::int64_t>(reached.size()) * good;
        }
        counts.inside[t] = inside;
        const Channel& channel = *tensors_[t].channel;
        if (!tensors_[t].stream && !channel.is_output() && channel.windowed()) counts.stairs[t] = measure_stairs(channel);
        if (latches_[t] != nullptr) counts.latch[t] = std::make_unique<LatchRun>(latches_[t]->measure(outer_->offsets()));
    }
    return counts;
}

/// The addresses that lane 0 uses in a run, as the rising minimum of those still to come.
std::vector<Array::Stair> Array::measure_stairs(const Channel& channel) const {
    const std::vector<std::int64_t> strides = row_major_strides(channel.boundary->extents);
    std::vector<std::int64_t> addresses;
    LoopWalk walk(*design_, inner_loops_, outer_->offsets());
    do {
        std::int64_t address = 0;
        for (std::size_t a = 0; a < strides.size(); ++a) {
            for (const Term& term : channel.tensor->axes[a].terms) {
                const auto d = static_cast<std::size_t>(term.dimension);
                address += term.coefficient * (walk.offsets()[d] - outer_->offsets()[d]) * strides[a];
            }
        }
        addresses.push_back(address);
    } while (walk.next());
    std::vector<Stair> stairs;
    std::int64_t low = channel.boundary->tile_words;
    for (std::size_t step = addresses.size(); step-- > 0;) {
        // After this step the lowest one left is `low`; the stair belongs where it was reached.
        if (!stairs.empty() && stairs.back().address == low)
            stairs.back().step = static_cast<std::int64_t>(step);
        else
            stairs.push_back({static_cast<std::int64_t>(step), low});
        low = std::min(low, addresses[step]);
    }
    std::reverse(stairs.begin(), stairs.end());
    return stairs;
}

}  // namespace accelsim
