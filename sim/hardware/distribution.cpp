// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/distribution.hpp"

#include <algorithm>
#include <cstring>
#include <map>

#include "mappings/lowering.hpp"

namespace accelsim {

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
    find_chains();
}

void Distribution::find_runs() {
    const auto& offsets = instance_offsets_;
    for (std::size_t i = 0; i < offsets.size();) {
        std::size_t end = i + 1;
        const std::int64_t stride = end < offsets.size() ? offsets[end] - offsets[i] : 1;
        if (end < offsets.size() && head_[end] != head_[i])
            end = i + 1;
        else
            while (end < offsets.size() && offsets[end] - offsets[end - 1] == stride && head_[end] == head_[i]) ++end;
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

/// Joins the runs that end in the same words of the parent. Chains that do not line up run by run become runs of one.
void Distribution::find_chains() {
    std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> known;  // (offset, count) -> chains
    for (const Run& run : runs_) {
        longest_run_ = std::max(longest_run_, run.count);
        const auto [found, fresh] = known.try_emplace({run.offset, run.count}, chains_.size());
        if (fresh) chains_.push_back({run, {}});
        Chains& chains = chains_[found->second];
        const bool lines_up = run.count == 1 || chains.heads.stride == run.stride;
        if (lines_up && (!fresh || head_[static_cast<std::size_t>(run.first)])) {
            chains.firsts.push_back(run.first);
            continue;
        }
        chains_.clear();
        break;
    }
    if (!chains_.empty()) return;
    std::map<std::int64_t, std::size_t> single;
    for (std::size_t i = 0; i < instance_offsets_.size(); ++i) {
        const auto [found, fresh] = single.try_emplace(instance_offsets_[i], chains_.size());
        if (fresh) chains_.push_back({{static_cast<std::int64_t>(i), 1, instance_offsets_[i], 1}, {}});
        chains_[found->second].firsts.push_back(static_cast<std::int64_t>(i));
    }
}

/// Calls visit(child address, parent offset) for every address of the child's tile, row by row.
template <typename Visit>
void Distribution::for_each_address(Visit visit) const {
    if (child_words_ == 1) return visit(0, 0);
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

namespace {

/// The same word to all, neighbouring words, or words at a distance; parent and child are different tiles.
inline void copy_run(std::int16_t* __restrict to, const std::int16_t* __restrict from, std::int64_t count, std::int64_t stride) {
    if (stride == 0) {
        const std::int16_t word = *from;
        for (std::int64_t i = 0; i < count; ++i) to[i] = word;
    } else if (stride == 1) {
        for (std::int64_t i = 0; i < count; ++i) to[i] = from[i];
    } else {
        for (std::int64_t i = 0; i < count; ++i) to[i] = from[i * stride];
    }
}

}  // namespace

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
        for (const Run& run : runs_) copy_run(to + run.first, from + run.offset, run.count, run.stride);
    });
}

void Distribution::read_back(std::int32_t* child, const std::int32_t* parent, std::int64_t offset) const {
    const std::int64_t instances = child_instances();
    std::fill_n(child, child_words_ * instances, 0);
    for_each_address([&](std::int64_t address, std::int64_t at) {
        std::int32_t* to = child + address * instances;
        const std::int32_t* from = parent + (offset + at) * parent_instances_;
        for (const Chains& chains : chains_) {
            const Run& run = chains.heads;
            for (std::int64_t i = 0; i < run.count; ++i) to[run.first + i] = from[run.offset + i * run.stride];
        }
    });
}

void Distribution::write_back(const std::int32_t* child, std::int32_t* parent, std::int64_t offset, bool add) const {
    const std::int64_t instances = child_instances();
    sums_.resize(static_cast<std::size_t>(longest_run_));
    for_each_address([&](std::int64_t address, std::int64_t at) {
        const std::int32_t* from = child + address * instances;
        std::int32_t* to = parent + (offset + at) * parent_instances_;
        for (const Chains& chains : chains_) {
            const Run& run = chains.heads;
            for (std::int64_t i = 0; i < run.count; ++i)
                sums_[static_cast<std::size_t>(i)] = add ? static_cast<std::uint32_t>(to[run.offset + i * run.stride]) : 0U;
            for (std::int64_t first : chains.firsts) {
                for (std::int64_t i = 0; i < run.count; ++i)
                    sums_[static_cast<std::size_t>(i)] += static_cast<std::uint32_t>(from[first + i]);
            }
            for (std::int64_t i = 0; i < run.count; ++i) {
                to[run.offset + i * run.stride] = static_cast<std::int32_t>(sums_[static_cast<std::size_t>(i)]);
            }
        }
    });
}

}  // namespace accelsim
