// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/tile_layout.hpp"

#include "mappings/boxes.hpp"
#include "mappings/lowering.hpp"

namespace accelsim {

TileLayout::TileLayout(const Design& design, int tensor, int level, bool close_gaps)
    : extents_(storage_extents(design, tensor, level)) {
    const auto& axes = design.tensor(tensor).axes;
    for (std::size_t a = 0; a < axes.size(); ++a) {
        std::vector<std::int64_t> steps(design.loops.size(), 0);
        // From the inside out, so that loops of one dimension come by rising strides.
        for (std::size_t i = design.loops.size(); i-- > 0;) {
            const LoweredLoop& loop = design.loops[i];
            for (const Term& term : axes[a].terms) {
                if (term.dimension == loop.dimension) steps[i] = term.coefficient * loop.stride;
            }
            if (loop.is_temporal() || loop.level >= level || steps[i] == 0) continue;
            // Words between neighbours' boxes that a window of one of them could reach, were it larger, are no gap worth closing.
            const bool apart = axes[a].terms.size() == 1 && steps[i] >= extents_[a] + axes[a].terms[0].coefficient;
            if (apart && close_gaps) steps[i] = extents_[a];
            extents_[a] += (loop.bound - 1) * steps[i];
        }
        steps_.push_back(std::move(steps));
    }
    strides_ = row_major_strides(extents_);
    words_ = product(extents_);
}

std::int64_t TileLayout::step(int loop) const {
    std::int64_t words = 0;
    for (std::size_t a = 0; a < strides_.size(); ++a) words += axis_step(a, loop) * strides_[a];
    return words;
}

}  // namespace accelsim
