// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/distribution.hpp"

#include <cstring>

#include "mappings/lowering.hpp"

namespace accelsim {

namespace {

/// A stretch of an axis: so many coordinates from here on in the child's box stand from there on in the parent's.
struct Stretch {
    std::int64_t child, parent, length;
};

constexpr std::int64_t nowhere = -1;

/// Where the coordinates of the children's boxes on an axis stand in the parent's, `nowhere`: between the children.
std::vector<std::int64_t> places_on_axis(const Design& design, const Boundary& boundary, std::size_t axis,
                                         const TileLayout& child, const TileLayout& parent) {
    std::vector<Stretch> lanes{{0, 0, storage_extents(design, boundary.tensor, boundary.child)[axis]}};
    for (int loop : spatial_loops_between(design, -1, boundary.child)) {
        if (child.axis_step(axis, loop) == 0) continue;
        std::vector<Stretch> next;
        for (const Stretch& lane : lanes) {
            for (std::int64_t v = 0; v < design.loops[static_cast<std::size_t>(loop)].bound; ++v)
                next.push_back(
                    {lane.child + v * child.axis_step(axis, loop), lane.parent + v * parent.axis_step(axis, loop), lane.length});
        }
        lanes = std::move(next);
    }
    std::vector<std::int64_t> places(static_cast<std::size_t>(child.extents()[axis]), nowhere);
    for (const Stretch& lane : lanes) {
        for (std::int64_t i = 0; i < lane.length; ++i) places[static_cast<std::size_t>(lane.child + i)] = lane.parent + i;
    }
    return places;
}

std::vector<Stretch> stretches_of(const std::vector<std::int64_t>& places) {
    std::vector<Stretch> result;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i] == nowhere) continue;
        const bool goes_on = i > 0 && places[i - 1] != nowhere && places[i] == places[i - 1] + 1;
        if (goes_on)
            ++result.back().length;
        else
            result.push_back({static_cast<std::int64_t>(i), places[i], 1});
    }
    return result;
}

}  // namespace

Distribution::Distribution(const Design& design, int boundary, const TileLayout& child, const TileLayout& parent)
    : parent_strides_(parent.strides()) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    std::vector<std::vector<Stretch>> axes;  // of the outer axes word by word
    for (std::size_t a = 0; a < parent_strides_.size(); ++a) {
        std::vector<Stretch> stretches = stretches_of(places_on_axis(design, b, a, child, parent));
        if (a + 1 < parent_strides_.size()) {
            std::vector<Stretch> words;
            for (const Stretch& s : stretches) {
                for (std::int64_t i = 0; i < s.length; ++i) words.push_back({s.child + i, s.parent + i, 1});
            }
            stretches = std::move(words);
        }
        axes.push_back(std::move(stretches));
    }
    std::vector<std::size_t> at(axes.size(), 0);
    for (bool more = true; more;) {
        std::int64_t to = 0;
        std::int64_t from = 0;
        for (std::size_t a = 0; a < axes.size(); ++a) {
            to += axes[a][at[a]].child * child.strides()[a];
            from += axes[a][at[a]].parent * parent_strides_[a];
        }
        append(to, from, axes.back()[at.back()].length);
        more = false;
        for (std::size_t a = axes.size(); a-- > 0 && !more;) {
            more = ++at[a] < axes[a].size();
            if (!more) at[a] = 0;
        }
    }
}

/// Rows that follow each other on both sides become one; equal rows at equal distances a block.
void Distribution::append(std::int64_t child, std::int64_t parent, std::int64_t words) {
    if (!blocks_.empty()) {
        Block& last = blocks_.back();
        if (last.rows == 1 && last.child + last.words == child && last.parent + last.words == parent) {
            last.words += words;
            return;
        }
        const std::int64_t child_step = child - last.child - (last.rows - 1) * last.child_step;
        const std::int64_t parent_step = parent - last.parent - (last.rows - 1) * last.parent_step;
        if (last.words == words && (last.rows == 1 || (child_step == last.child_step && parent_step == last.parent_step))) {
            last.child_step = child_step;
            last.parent_step = parent_step;
            ++last.rows;
            return;
        }
    }
    blocks_.push_back({child, parent, words});
}

std::int64_t Distribution::offset(const std::vector<std::int64_t>& child_origin,
                                  const std::vector<std::int64_t>& parent_origin) const {
    std::int64_t result = 0;
    for (std::size_t a = 0; a < child_origin.size(); ++a) result += (child_origin[a] - parent_origin[a]) * parent_strides_[a];
    return result;
}

/// Calls visit(child's word, parent's word, words) for all rows.
template <typename Visit>
void Distribution::for_each_row(Visit visit) const {
    for (const Block& block : blocks_) {
        for (std::int64_t row = 0; row < block.rows; ++row)
            visit(block.child + row * block.child_step, block.parent + row * block.parent_step, block.words);
    }
}

template <typename Word>
void Distribution::copy(Word* child, const Word* parent) const {
    for (const Block& block : blocks_) {
        Word* to = child + block.child;
        const Word* from = parent + block.parent;
        for (std::int64_t row = 0; row < block.rows; ++row, to += block.child_step, from += block.parent_step) {
            if (block.words == 1)
                *to = *from;
            else
                std::memcpy(to, from, static_cast<std::size_t>(block.words) * sizeof *to);
        }
    }
}

void Distribution::fill(std::int16_t* child, const std::int16_t* parent, std::int64_t offset) const {
    copy(child, parent + offset);
}

void Distribution::read_back(std::int32_t* child, const std::int32_t* parent, std::int64_t offset) const {
    copy(child, parent + offset);
}

void Distribution::write_back(const std::int32_t* child, std::int32_t* parent, std::int64_t offset, bool add) const {
    for_each_row([&](std::int64_t from, std::int64_t to, std::int64_t words) {
        std::int32_t* sums = parent + offset + to;
        if (!add) {
            for (std::int64_t i = 0; i < words; ++i) sums[i] = child[from + i];
            return;
        }
        for (std::int64_t i = 0; i < words; ++i)
            sums[i] =
                static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[i]) + static_cast<std::uint32_t>(child[from + i]));
    });
}

}  // namespace accelsim
