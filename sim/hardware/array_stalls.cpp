// SPDX-License-Identifier: Apache-2.0
// Why the array does not issue (docs/microarchitecture.md, 6).
#include "sim/hardware/array.hpp"

namespace accelsim {

void Array::name_causes() {
    stalls_ = {{"startup", 0}, {"drain", 0}, {"output_space", 0}, {"readback", 0}};
    const auto& levels = design_->architecture.levels;
    cause_of_.assign(tensors_.size(), std::vector<int>(levels.size(), -1));
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        for (int b : design_->boundaries_of(static_cast<int>(t))) {
            const int child = design_->boundaries[static_cast<std::size_t>(b)].child;
            cause_of_[t][static_cast<std::size_t>(child)] = static_cast<int>(stalls_.size());
            stalls_.push_back(
                {design_->tensor(static_cast<int>(t)).name + "@" + levels[static_cast<std::size_t>(child)].name, 0});
        }
    }
}

Channel* Array::outermost_missing(const Operand& operand, std::int64_t cycle, std::int64_t& tile) const {
    // The innermost fill mover stands at the tile that is missing or, while that is under way, behind it.
    Channel* missing = nullptr;
    std::int64_t number = needed(operand);
    Channel* channel = operand.channel;
    while (channel != nullptr && channel->usable.at(cycle) <= number) {
        missing = channel;
        tile = number;
        const FillMover* mover = fills_[static_cast<std::size_t>(channel->index)];
        // A tile already sent came from a source that was there.
        if (mover->done() || mover->tile().number != number) break;
        number = mover->tile().source;
        channel = channel->parent;
    }
    return missing;
}

int Array::find_cause(std::int64_t cycle) {
    std::int64_t tile = 0;
    const Operand& output = tensors_.back();
    if (Channel* missing = outermost_missing(output, cycle, tile)) {
        if (missing->reserved.at(cycle) <= tile) {
            if (!missing->fill->has_room(cycle)) return output_space;
            if (fills_[static_cast<std::size_t>(missing->index)]->hazard(cycle)) return readback;
        }
    }
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
        if (Channel* missing = outermost_missing(tensors_[t], cycle, tile)) {
            return cause_of_[t][static_cast<std::size_t>(missing->boundary->child)];
        }
    }
    throw InternalError("the array stalls without a cause");
}

std::vector<const Channel*> Array::missing(std::int64_t cycle) const {
    std::vector<const Channel*> result;
    std::int64_t tile = 0;
    for (const Operand& operand : tensors_) {
        const Channel* channel = done_ ? nullptr : outermost_missing(operand, cycle, tile);
        if (channel != nullptr) result.push_back(channel);
    }
    return result;
}

}  // namespace accelsim
