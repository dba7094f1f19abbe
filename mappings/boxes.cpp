// SPDX-License-Identifier: Apache-2.0
#include "mappings/boxes.hpp"

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

std::vector<std::int64_t> dram_box(const Design& design, int boundary, bool* sparse) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    const Tensor& tensor = design.tensor(b.tensor);
    std::vector<std::int64_t> spans = spans_inside(design, b.child);
    std::int64_t owned = product(axis_extents(tensor, spans));
    for (int index : spatial_loops_between(design, b.parent, b.child)) {
        const LoweredLoop& loop = design.loops[static_cast<std::size_t>(index)];
        spans[static_cast<std::size_t>(loop.dimension)] += (loop.bound - 1) * loop.stride;
        if (tensor.depends_on(loop.dimension)) owned *= loop.bound;
    }
    auto box = axis_extents(tensor, spans);
    if (sparse != nullptr) *sparse = owned != product(box);
    return box;
}

}  // namespace accelsim
