// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/distribution.hpp"

#include <algorithm>
#include <cstring>

#include "mappings/lowering.hpp"

namespace accelsim {

std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& extents) {
    std::vector<std::int64_t> strides(extents.size(), 1);
    for (std::size_t a = extents.size(); a-- > 1;) strides[a - 1] = strides[a] * extents[a];
    return strides;
}

std::int64_t product(const std::vector<std::int64_t>& extents) {
    std::int64_t result = 1;
    for (std::int64_t extent : extents) result *= extent;
    return result;
}

namespace {

/// Displacement of every combination of these spatial loops' values, first loop outermost: in words of a
/// tensor laid out with these strides, and whether all reduction loops stand at zero.
struct Lane {
    std::int64_t words = 0;
    bool head = true;
};

std::vector<Lane> lanes_of(const Design& design, const Tensor& tensor, const std::vector<int>& loops,
                           const std::vector<std::int64_t>& strides) {
    std::vector<Lane> lanes{Lane{}};
    for (int index : loops) {
        const LoweredLoop& loop = design.loops[static_cast<std::size_t>(index)];
        std::int64_t step = 0;
        for (std::size_t a = 0; a < tensor.axes.size(); ++a) {
            for (const Term& term : tensor.axes[a].terms) {
                if (term.dimension == loop.dimension) step += term.coefficient * loop.stride * strides[a];
            }
        }
        const bool reduction = design.workload.is_reduction(loop.dimension);
        std::vector<Lane> expanded;
        for (const Lane& lane : lanes) {
            for (std::int64_t v = 0; v < loop.bound; ++v) {
                expanded.push_back({lane.words + v * step, lane.head && (v == 0 || !reduction)});
            }
        }
        lanes = std::move(expanded);
    }
    return lanes;
}

}  // namespace

Distribution::Distribution(const Design& design, int boundary, std::vector<std::int64_t> parent_strides)
    : parent_strides_(std::move(parent_strides)) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    const Tensor& tensor = design.tensor(b.tensor);
    extents_ = storage_extents(design, b.tensor, b.child);
    child_words_ = product(extents_);
    const auto lanes = lanes_of(design, tensor, spatial_loops_between(design, b.parent, b.child), parent_strides_);
    parent_instances_ = design.instances[static_cast<std::size_t>(b.parent)];
    for (std::int64_t p = 0; p < parent_instances_; ++p) {
        for (const Lane& lane : lanes) {
            instance_offsets_.push_back(lane.words * parent_instances_ + p);
            head_.push_back(lane.head ? 1 : 0);
        }
    }
    find_runs();
}

void Distribution::find_runs() {
    const auto& offsets = instance_offsets_;
    for (std::size_t i = 0; i < offsets.size();) {
        std::size_t end = i + 1;
        const std::int64_t stride = end < offsets.size() ? offsets[end] - offsets[i] : 1;
        while (end < offsets.size() && offsets[end] - offsets[end - 1] == stride) ++end;
        runs_.push_back({static_cast<std::int64_t>(i), static_cast<std::int64_t>(end - i), offsets[i], stride});
        i = end;
    }
}

std::int64_t Distribution::offset(const std::vector<std::int64_t>& child_origin,
                                  const std::vector<std::int64_t>& parent_origin) const {
    std::int64_t result = 0;
    for (std::size_t a = 0; a < child_origin.size(); ++a) result += (child_origin[a] - parent_origin[a]) * parent_strides_[a];
    return result;
}

/// Calls visit(child address, parent offset) for every address of the child's tile, row by row.
template <typename Visit>
void Distribution::for_each_address(Visit visit) const {
    std::vector<std::int64_t> at(extents_.size(), 0);
    std::int64_t parent = 0;
    for (std::int64_t address = 0; address < child_words_; ++address) {
        visit(address, parent);
        for (std::size_t a = extents_.size(); a-- > 0;) {
            parent += parent_strides_[a];
            if (++at[a] < extents_[a]) break;
            parent -= at[a] * parent_strides_[a];
            at[a] = 0;
        }
    }
}

void Distribution::fill(std::int16_t* child, const std::int16_t* parent, std::int64_t offset) const {
    const std::int64_t instances = child_instances();
    if (instances == 1 && parent_strides_.back() == 1) {
        const std::int64_t row = extents_.back();
        for_each_address([&](std::int64_t address, std::int64_t at) {
            if (address % row == 0)
                std::memcpy(child + address, parent + offset + at, static_cast<std::size_t>(row) * sizeof *child);
        });
        return;
    }
    for_each_address([&](std::int64_t address, std::int64_t at) {
        std::int16_t* to = child + address * instances;
        const std::int16_t* from = parent + (offset + at) * parent_instances_;
        for (const Run& run : runs_) {
            if (run.stride == 0) {
                std::fill_n(to + run.first, run.count, from[run.offset]);
            } else {
                for (std::int64_t i = 0; i < run.count; ++i) to[run.first + i] = from[run.offset + i * run.stride];
            }
        }
    });
}

void Distribution::read_back(std::int32_t* child, const std::int32_t* parent, std::int64_t offset) const {
    const std::int64_t instances = child_instances();
    for_each_address([&](std::int64_t address, std::int64_t at) {
        std::int32_t* to = child + address * instances;
        const std::int32_t* from = parent + (offset + at) * parent_instances_;
        for (std::int64_t i = 0; i < instances; ++i) {
            const auto index = static_cast<std::size_t>(i);
            to[i] = head_[index] ? from[instance_offsets_[index]] : 0;
        }
    });
}

void Distribution::write_back(const std::int32_t* child, std::int32_t* parent, std::int64_t offset) const {
    const std::int64_t instances = child_instances();
    for_each_address([&](std::int64_t address, std::int64_t at) {
        const std::int32_t* from = child + address * instances;
        std::int32_t* to = parent + (offset + at) * parent_instances_;
        // A chain's head has the lowest number in it, so it resets the sum that the others add to.
        for (std::int64_t i = 0; i < instances; ++i) {
            const auto index = static_cast<std::size_t>(i);
            std::int32_t& sum = to[instance_offsets_[index]];
            const auto before = head_[index] ? 0U : static_cast<std::uint32_t>(sum);
            sum = static_cast<std::int32_t>(before + static_cast<std::uint32_t>(from[i]));
        }
    });
}

}  // namespace accelsim
