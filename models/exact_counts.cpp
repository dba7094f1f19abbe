// SPDX-License-Identifier: Apache-2.0
#include "models/exact_counts.hpp"

#include <algorithm>

#include "models/boundary_counter.hpp"

namespace accelsim {

namespace {

using Values = std::vector<std::int64_t>;

/// Number of MACs whose element of the tensor is inside it (padding reads nothing).
std::int64_t inside_macs(const Design& design, const Tensor& tensor) {
    std::int64_t total = 1;
    std::vector<bool> seen(design.workload.dimensions.size(), false);
    for (const Axis& axis : tensor.axes) {
        Values reached{axis.offset};
        std::int64_t count = 1;
        for (const Term& term : axis.terms) {
            const std::int64_t bound = design.workload.dimensions[static_cast<std::size_t>(term.dimension)].bound;
            seen[static_cast<std::size_t>(term.dimension)] = true;
            count *= bound;
            if (axis.offset == 0) continue;
            Values next;
            for (std::int64_t base : reached) {
                for (std::int64_t v = 0; v < bound; ++v) next.push_back(base + v * term.coefficient);
            }
            reached = std::move(next);
        }
        total *= axis.offset == 0
                     ? count
                     : std::count_if(reached.begin(), reached.end(), [&](std::int64_t c) { return c >= 0 && c < axis.size; });
    }
    for (std::size_t d = 0; d < seen.size(); ++d) total *= seen[d] ? 1 : design.workload.dimensions[d].bound;
    return total;
}

void add_operand(Counts& counts, const Design& design, const Boundary& boundary) {
    const BoundaryCounter::Totals fill = BoundaryCounter(design, boundary).operand_fill();
    tensor_counts(counts, design, boundary.parent, boundary.tensor).reads_to_child += fill.words;
    if (!boundary.stream) tensor_counts(counts, design, boundary.child, boundary.tensor).writes_from_parent += fill.copies;
    LinkCounts& link = link_counts(counts, design, boundary);
    link.injected += fill.words;
    link.delivered += fill.copies;
    link.hops += fill.hops;
    link.hop_lengths += fill.hop_lengths;
}

void add_output(Counts& counts, const Design& design, const Boundary& boundary) {
    const BoundaryCounter counter(design, boundary);
    const bool to_all = design.nest.partials == Partials::copy;
    const auto read = [&](bool first) { return to_all ? counter.read_back_to_all(first) : counter.read_back_to_heads(first); };
    const auto up = counter.write_back(false);
    const auto all = read(false);
    const auto first = read(true);
    TensorCounts& parent = tensor_counts(counts, design, boundary.parent, boundary.tensor);
    parent.reads_to_child += all.words - first.words;
    parent.writes_from_child += up.words;
    if (!boundary.stream) {
        TensorCounts& child = tensor_counts(counts, design, boundary.child, boundary.tensor);
        child.writes_from_parent += all.copies - first.copies;
        child.reads_to_parent += up.copies;
        if (design.direct[static_cast<std::size_t>(boundary.tensor)] &&
            design.keepers[static_cast<std::size_t>(boundary.tensor)].back() == boundary.child) {
            // Every element of a lane's tile that started at zero is not read for its first update.
            child.writes_from_child += design.workload.macs();
            child.reads_to_child += design.workload.macs() - (up.copies - (all.copies - first.copies));
        }
    }
    LinkCounts& link = link_counts(counts, design, boundary);
    link.injected += all.words - first.words + up.copies;
    link.delivered += all.copies - first.copies + up.words;
    link.hops += all.hops - first.hops + up.hops;
    link.hop_lengths += all.hop_lengths - first.hop_lengths + up.hop_lengths;
}

}  // namespace

Counts count_exactly(const Design& design) {
    Counts counts = make_counts(design);
    counts.mac_operations = design.workload.macs();
    for (const Boundary& boundary : design.boundaries) {
        if (design.tensor(boundary.tensor).is_output) {
            add_output(counts, design, boundary);
        } else {
            add_operand(counts, design, boundary);
        }
    }
    for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
        const Tensor& tensor = design.workload.tensors[t];
        if (!design.direct[t] || tensor.is_output) continue;
        tensor_counts(counts, design, design.keepers[t].back(), static_cast<int>(t)).reads_to_child +=
            inside_macs(design, tensor);
    }
    return counts;
}

}  // namespace accelsim
