// SPDX-License-Identifier: Apache-2.0
// What the MACs of a run access (docs/microarchitecture.md, 7); runs that are cut alike are counted once.
#include <algorithm>

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
    for (const Tensor& tensor : design_->workload.tensors) append_clip_key(*design_, tensor, outer_->offsets(), reach_, run_key_);
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
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        const Operand& operand = tensors_[t];
        if (operand.stream) continue;
        operand.channel->child_counts->reads_to_child += run.reads[t];
        if (operand.channel->is_output()) operand.channel->child_counts->writes_from_child += run.macs;
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
    counts.steps = run_length();
    for (std::size_t d = 0; d < reach_.size(); ++d) {
        values.push_back(dimension_values(*design_, loops, static_cast<int>(d), outer_->offsets()[d]));
        counts.macs *= static_cast<std::int64_t>(values.back().size());
    }
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        const Tensor& tensor = design_->workload.tensors[t];
        std::int64_t inside = counts.macs;
        for (const Axis& axis : tensor.axes) {
            if (axis.offset == 0) continue;
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
        counts.reads[t] = inside;
    }
    return counts;
}

}  // namespace accelsim
