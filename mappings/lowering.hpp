// SPDX-License-Identifier: Apache-2.0
// The passes of lower(): checks that throw UserError, and what they and the simulator derive from a design.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

void check_names(const Design& design);  ///< keeps, partitions, networks name tensors of the workload
void check_loops(const Design& design);  ///< loops stand at levels of their kind, in order, and fit their axis
void check_window(const Design& design, const Boundary& boundary);  ///< a window holds a tile, and nothing is used again
void check_tails(const Design& design);                             ///< a reduction tail must meet zeros of an operand
void check_capacities(const Design& design);                        ///< all slots of all tiles fit
void check_widths(const Design& design);    ///< every port and network carries at least one element a cycle
void check_ports(const Design& design);     ///< the MAC alone has ports enough where it shares them
void check_bursts(const Design& design);    ///< a detailed DRAM holds the tensors as asked, and need not add
void check_counts(const Design& design);    ///< no number of words or hops can exceed 64 bits
void check_networks(const Design& design);  ///< systolic only where sharing is along an axis

/// Whether indices beyond the dimension's bound add nothing: they are other outputs', or an operand reads as zero there.
bool tail_is_masked(const Workload& workload, int dimension);

/// "C | K": loops on rows | loops on columns, adjacent loop first; several fan-outs are joined by " / ", outermost first.
std::string dataflow_name(const Design& design);

/// Whether an operand's words, or the output's sums, go from neighbour to neighbour.
bool is_systolic(const Level& array, const Tensor& tensor);

/// Largest chain position on the axes of this fan-out that carry a tensor systolically, summed (section 3); 0 for buffers.
std::int64_t systolic_skew(const Design& design, int level);

/// Span of every dimension inside a level: product of the bounds of its loops there, not capped at the dimension's bound.
std::vector<std::int64_t> spans_inside(const Design& design, int level);

/// Extent of an axis where dimension d has span(d) values.
template <class Span>
std::int64_t axis_extent(const Axis& axis, const Span& span) {
    std::int64_t extent = 1;
    for (const Term& term : axis.terms) extent += term.coefficient * (span(static_cast<std::size_t>(term.dimension)) - 1);
    return extent;
}
/// Extents of a tensor's axes for given spans of the dimensions.
std::vector<std::int64_t> axis_extents(const Tensor& tensor, const std::vector<std::int64_t>& spans);
/// Nominal tile of one instance of the level (spans capped at the issued bounds).
std::vector<std::int64_t> nominal_extents(const Design& design, int tensor, int level);
/// The same without the cap: what the loops inside can ever address, tails included.
std::vector<std::int64_t> storage_extents(const Design& design, int tensor, int level);

/// Spatial loops on the fan-outs between two levels (exclusive), as indices into Design::loops, outermost first.
std::vector<int> spatial_loops_between(const Design& design, int parent, int child);

/// The part of a level's capacity that is a windowed tensor's own; throws UserError when it shares with others.
std::int64_t window_share_bytes(const Design& design, const Boundary& boundary);

/// Bytes that all slots of this boundary's tiles take in one instance of the child.
std::int64_t bytes_needed(const Design& design, const Boundary& boundary);

}  // namespace accelsim
