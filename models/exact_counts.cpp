// SPDX-License-Identifier: Apache-2.0
#include "models/exact_counts.hpp"

#include <algorithm>

#include "mappings/clip_key.hpp"
#include "mappings/loop_walk.hpp"
#include "mappings/lowering.hpp"
#include "models/boundary_counter.hpp"
#include "models/tile_positions.hpp"

namespace accelsim {

namespace {

using Values = std::vector<std::int64_t>;

/// Number of active (lane, step) pairs whose element of the tensor is inside it (padding reads nothing).
std::int64_t inside_macs(const Design& design, const Tensor& tensor) {
    std::int64_t total = 1;
    std::vector<bool> seen(design.issued.size(), false);
    for (const Axis& axis : tensor.axes) {
        const bool leaves = may_leave_tensor(design, axis);
        Values reached{axis.offset};
        std::int64_t count = 1;
        for (const Term& term : axis.terms) {
            const std::int64_t bound = design.issued[static_cast<std::size_t>(term.dimension)];
            seen[static_cast<std::size_t>(term.dimension)] = true;
            count *= bound;
            if (!leaves) continue;
            Values next;
            for (std::int64_t base : reached) {
                for (std::int64_t v = 0; v < bound; ++v) next.push_back(base + v * term.coefficient);
            }
            reached = std::move(next);
        }
        total *= leaves ? std::count_if(reached.begin(), reached.end(), [&](std::int64_t c) { return c >= 0 && c < axis.size; })
                        : count;
    }
    for (std::size_t d = 0; d < seen.size(); ++d) total *= seen[d] ? 1 : design.issued[d];
    return total;
}

/// The same where a latch holds the operand: without the pairs whose coordinate the lane's step before had, too. By classes
/// "loop j advances, the loops inside wrap", for every lane with its own tails.
std::int64_t latched_reads(const Design& design, const Tensor& tensor) {
    const std::vector<int> loops = temporal_loops_above(design, design.architecture.mac_level());
    const std::vector<int> spatial = spatial_loops_between(design, -1, design.architecture.mac_level());
    const int count = static_cast<int>(loops.size());
    const auto positions = [&](int advancing, int dimension) {
        std::vector<TilePosition> result;
        for (std::int64_t lane : dimension_values(design, spatial, dimension, 0)) {
            const auto of_lane = tile_positions(design, loops, 0, count, advancing, dimension, lane);
            result.insert(result.end(), of_lane.begin(), of_lane.end());
        }
        return result;
    };
    std::int64_t total = 0;
    for (int j = -1; j < count; ++j) {
        std::int64_t all = 1;
        std::int64_t held = j < 0 ? 0 : 1;
        for (const Axis& axis : tensor.axes) {
            std::vector<TilePosition> reached{{axis.offset, axis.offset}};  // coordinates now and before
            for (const Term& term : axis.terms) {
                std::vector<TilePosition> next;
                for (const auto& at : positions(j, term.dimension)) {
                    for (const auto& base : reached)
                        next.push_back({base.offset + term.coefficient * at.offset, base.before + term.coefficient * at.before});
                }
                reached = std::move(next);
            }
            std::int64_t axis_all = 0;
            std::int64_t axis_held = 0;
            for (const auto& at : reached) {
                if (at.offset < 0 || at.offset >= axis.size) continue;
                ++axis_all;
                axis_held += at.offset == at.before ? 1 : 0;
            }
            all *= axis_all;
            held *= axis_held;
        }
        for (std::size_t d = 0; d < design.issued.size() && all != 0; ++d) {
            if (tensor.depends_on(static_cast<int>(d))) continue;
            const auto free = static_cast<std::int64_t>(positions(j, static_cast<int>(d)).size());
            all *= free;
            held *= free;
        }
        total += all - held;
    }
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
    const auto down = boundary.accumulates ? BoundaryCounter::Totals{} : read(false) - read(true);
    TensorCounts& parent = tensor_counts(counts, design, boundary.parent, boundary.tensor);
    parent.reads_to_child += boundary.accumulates ? up.words - counter.first_updates() : down.words;
    parent.writes_from_child += up.words;
    if (!boundary.stream) {
        TensorCounts& child = tensor_counts(counts, design, boundary.child, boundary.tensor);
        child.writes_from_parent += down.copies;
        child.reads_to_parent += up.copies;
        if (design.direct[static_cast<std::size_t>(boundary.tensor)] &&
            design.keepers[static_cast<std::size_t>(boundary.tensor)].back() == boundary.child) {
            // Every element of a lane's tile that started at zero is not read for its first update.
            const std::int64_t updates = inside_macs(design, design.tensor(boundary.tensor));
            child.writes_from_child += updates;
            child.reads_to_child += updates - (up.copies - down.copies);
        }
    }
    LinkCounts& link = link_counts(counts, design, boundary);
    link.injected += down.words + up.copies;
    link.delivered += down.copies + up.words;
    link.hops += down.hops + up.hops;
    link.hop_lengths += down.hop_lengths + up.hop_lengths;
}

}  // namespace

Counts count_exactly(const Design& design) {
    Counts counts = make_counts(design);
    counts.mac_padding = design.padding_macs();
    counts.mac_operations = design.workload.macs() + counts.mac_padding;
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
        const bool latched = design.architecture.levels.back().operand_latch;
        tensor_counts(counts, design, design.keepers[t].back(), static_cast<int>(t)).reads_to_child +=
            latched ? latched_reads(design, tensor) : inside_macs(design, tensor);
    }
    return counts;
}

}  // namespace accelsim
