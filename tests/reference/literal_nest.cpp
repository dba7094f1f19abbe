// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/literal_nest.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace accelsim::testing {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

bool outside_level(const LiteralLoop& loop, int level) { return loop.level < level; }

}  // namespace

std::int64_t row_major(const Values& position, const Values& extents) {
    std::int64_t address = 0;
    for (std::size_t a = 0; a < extents.size(); ++a) {
        if (position[a] < 0 || position[a] >= extents[a]) throw std::runtime_error("reference: a word outside its tile");
        address = address * extents[a] + position[a];
    }
    return address;
}

bool advance_odometer(Values& position, const Values& extents) {
    for (std::size_t i = extents.size(); i-- > 0;) {
        if (++position[i] < extents[i]) return true;
        position[i] = 0;
    }
    return false;
}

bool Box::holds(const Values& coordinate) const {
    if (empty) return false;
    for (std::size_t a = 0; a < axes.size(); ++a) {
        if (coordinate[a] < axes[a].first || coordinate[a] > axes[a].second) return false;
        if (!reached.empty() && reached[a][at(static_cast<int>(coordinate[a] - axes[a].first))] == 0) return false;
    }
    return true;
}

LiteralNest::LiteralNest(const Workload& w, const Architecture& a, const Nest& n) : workload(w), architecture(a), nest(n) {
    for (std::size_t d = 0; d < workload.dimensions.size(); ++d) {
        const std::int64_t wanted = d < nest.issued.size() ? nest.issued[d] : 0;
        issued_.push_back(std::max(workload.dimensions[d].bound, wanted));
    }
    cut_loops();
    find_keepers();
    find_boundaries();
    walk_steps();
    for (LiteralBoundary& boundary : boundaries) {
        size_tiles(boundary);
        boundary.window = window_of(boundary);
        walk_tiles(boundary);
    }
}

// Section 1, loops: the stride is the product of the bounds inside; a bound beyond its dimension is cut first.
void LiteralNest::cut_loops() {
    for (const Loop& loop : nest.loops) loops.push_back({loop.dimension, loop.bound, 1, loop.level, loop.kind});
    for (std::size_t i = loops.size(); i-- > 0;) {
        for (std::size_t j = i + 1; j < loops.size(); ++j) {
            if (loops[j].dimension == loops[i].dimension) loops[i].stride *= loops[j].bound;
        }
        const std::int64_t size = bound(at(loops[i].dimension));
        while (loops[i].bound > 1 && (loops[i].bound - 1) * loops[i].stride >= size) --loops[i].bound;
    }
}

bool LiteralNest::is_padding(const Values& indices) const {
    for (std::size_t d = 0; d < indices.size(); ++d) {
        if (indices[d] >= workload.dimensions[d].bound) return true;
    }
    return false;
}

// Section 1, memories: a tensor's own memory at the level, else the one that the others share.
const Memory& LiteralNest::memory(int l, int t) const {
    const auto found = level(l).memories.find(tensor(t).name);
    if (found != level(l).memories.end()) return found->second;
    return level(l);
}

// Section 3, windows: W is the tensor's share of the capacity.
std::int64_t LiteralNest::window_of(const LiteralBoundary& boundary) const {
    if (boundary.stream || !memory(boundary.child, boundary.tensor).windowed) return 0;
    const Level& child = level(boundary.child);
    const std::string& name = tensor(boundary.tensor).name;
    std::int64_t bytes = memory(boundary.child, boundary.tensor).capacity_bytes;
    const auto partition = child.partitions.find(name);
    if (child.memories.count(name) == 0 && partition != child.partitions.end()) bytes = partition->second;
    return bytes * 8 / tensor(boundary.tensor).bits;
}

bool LiteralNest::is_reduction(int dimension) const {
    return !depends_on(static_cast<int>(workload.tensors.size()) - 1, dimension);
}

bool LiteralNest::depends_on(int t, int dimension) const {
    for (const Axis& axis : tensor(t).axes) {
        for (const Term& term : axis.terms) {
            if (term.dimension == dimension) return true;
        }
    }
    return false;
}

Network LiteralNest::network(int l, int t) const {
    const auto found = level(l).networks.find(tensor(t).name);
    return found == level(l).networks.end() ? Network{} : found->second;
}

// Section 1, keepers: the DRAM, and every buffer that keeps the tensor and is not bypassed by it.
void LiteralNest::find_keepers() {
    keepers.assign(workload.tensors.size(), {0});
    for (int t = 0; t < static_cast<int>(workload.tensors.size()); ++t) {
        for (int l = 1; l < architecture.mac_level(); ++l) {
            if (level(l).kind != LevelKind::buffer) continue;
            const auto& names = level(l).keeps;
            const bool keeps = level(l).keeps_all || std::find(names.begin(), names.end(), tensor(t).name) != names.end();
            const auto found = nest.bypass.find(l);
            const bool bypassed =
                found != nest.bypass.end() && std::find(found->second.begin(), found->second.end(), t) != found->second.end();
            if (keeps && !bypassed) keepers[at(t)].push_back(l);
        }
    }
}

// Section 1, keepers: a boundary joins a keeper to the next one inside it, or to the MAC where the tensor streams.
void LiteralNest::find_boundaries() {
    const int mac = architecture.mac_level();
    for (int child = 1; child <= mac; ++child) {
        for (int t = 0; t < static_cast<int>(workload.tensors.size()); ++t) {
            const std::vector<int>& kept = keepers[at(t)];
            LiteralBoundary boundary;
            boundary.tensor = t;
            boundary.child = child;
            boundary.stream = child == mac;
            if (boundary.stream) {
                const bool direct = kept.back() != 0 && kept.back() == mac - 1;
                if (direct) continue;
                boundary.parent = kept.back();
            } else {
                const auto found = std::find(kept.begin(), kept.end(), child);
                if (found == kept.end()) continue;
                boundary.parent = *(found - 1);
            }
            boundary.parents = instances(-1, boundary.parent);
            boundary.lanes = instances(boundary.parent, child);
            boundary.children = instances(-1, child);
            const bool output = t + 1 == static_cast<int>(workload.tensors.size());
            for (int l = boundary.parent + 1; l < child; ++l) {
                if (level(l).kind != LevelKind::array || !output) continue;
                if (network(l, t).reduction == Reduction::none) boundary.accumulates = true;
            }
            boundary.reuses_halo = nest.halo == Halo::reuse && !output && !boundary.stream;
            boundaries.push_back(boundary);
        }
    }
    chains.assign(workload.tensors.size(), {});
    for (std::size_t b = 0; b < boundaries.size(); ++b) {
        std::vector<int>& chain = chains[at(boundaries[b].tensor)];
        boundaries[b].outer = chain.empty() ? -1 : chain.back();
        chain.push_back(static_cast<int>(b));
    }
}

std::vector<int> LiteralNest::spatial_loops(int outside, int inside) const {
    std::vector<int> result;
    for (std::size_t i = 0; i < loops.size(); ++i) {
        if (loops[i].kind != LoopKind::temporal && loops[i].level > outside && loops[i].level < inside) {
            result.push_back(static_cast<int>(i));
        }
    }
    return result;
}

// Section 1, lanes: outer fan-out first, rows before columns, and on one axis the adjacent loop turns fastest.
std::vector<Instance> LiteralNest::instances(int outside, int inside) const {
    std::vector<int> digits;
    for (int l = outside + 1; l < inside; ++l) {
        for (LoopKind kind : {LoopKind::rows, LoopKind::columns}) {
            for (int i : spatial_loops(outside, inside)) {
                if (loops[at(i)].level == l && loops[at(i)].kind == kind) digits.push_back(i);
            }
        }
    }
    Values sizes;
    for (int i : digits) sizes.push_back(loops[at(i)].bound);
    std::vector<Instance> result;
    Values position(digits.size(), 0);
    do {
        Instance instance;
        instance.loop_values.assign(loops.size(), 0);
        for (std::size_t i = 0; i < digits.size(); ++i) instance.loop_values[at(digits[i])] = position[i];
        instance.indices = indices_of(instance.loop_values);
        result.push_back(instance);
    } while (advance_odometer(position, sizes));
    return result;
}

Values LiteralNest::indices_of(const Values& loop_values) const {
    Values indices(workload.dimensions.size(), 0);
    for (std::size_t i = 0; i < loops.size(); ++i) indices[at(loops[i].dimension)] += loop_values[i] * loops[i].stride;
    return indices;
}

Values LiteralNest::displacement(int t, const Values& indices) const {
    Values result;
    for (const Axis& axis : tensor(t).axes) {
        std::int64_t value = 0;
        for (const Term& term : axis.terms) value += term.coefficient * indices[at(term.dimension)];
        result.push_back(value);
    }
    return result;
}

Values LiteralNest::coordinate(int t, const Values& indices) const {
    Values result = displacement(t, indices);
    for (std::size_t a = 0; a < result.size(); ++a) result[a] += tensor(t).axes[a].offset;
    return result;
}

// Section 1, loops: a step is issued when lane 0 is active, that is when every index is below its bound.
void LiteralNest::walk_steps() {
    Values sizes(loops.size(), 1);
    for (std::size_t i = 0; i < loops.size(); ++i) {
        if (loops[i].kind == LoopKind::temporal) sizes[i] = loops[i].bound;
    }
    Values values(loops.size(), 0);
    do {
        const Values indices = indices_of(values);
        bool active = true;
        for (std::size_t d = 0; d < indices.size(); ++d) active = active && indices[d] < bound(d);
        if (active) steps.push_back(values);
    } while (advance_odometer(values, sizes));
}

// Section 1, tiles: spans are products of the bounds inside, at most the dimension.
void LiteralNest::size_tiles(LiteralBoundary& boundary) {
    boundary.spans.assign(workload.dimensions.size(), 1);
    for (const LiteralLoop& loop : loops) {
        if (!outside_level(loop, boundary.child)) boundary.spans[at(loop.dimension)] *= loop.bound;
    }
    Values last(boundary.spans.size());
    for (std::size_t d = 0; d < last.size(); ++d) {
        boundary.spans[d] = std::min(boundary.spans[d], bound(d));
        last[d] = boundary.spans[d] - 1;
    }
    boundary.extents = displacement(boundary.tensor, last);
    for (std::int64_t& extent : boundary.extents) boundary.tile_words *= ++extent;
}

// Section 1, same tile: the same origin and, for every instance and axis, the same range after cutting at the bounds. Equal
// origins alone do not do: on an axis y + fy, (y = 0, fy = 2) and (y = 2, fy = 0) begin alike but may be cut differently.
bool LiteralNest::same_tile(const LiteralBoundary& boundary, const LiteralTile& before, const LiteralTile& now) const {
    if (before.origin != now.origin) return false;
    for (const Instance& child : boundary.children) {
        for (const Axis& axis : tensor(boundary.tensor).axes) {
            if (nest.skip_gaps) {
                if (coordinates_at_bounds(boundary, axis, before, child) != coordinates_at_bounds(boundary, axis, now, child))
                    return false;
            } else if (range_at_bounds(boundary, axis, before, child) != range_at_bounds(boundary, axis, now, child)) {
                return false;
            }
        }
    }
    return true;
}

// First and last coordinate of an axis, every dimension cut at its bound but not yet at the tensor; {1, 0} when nothing is left.
std::pair<std::int64_t, std::int64_t> LiteralNest::range_at_bounds(const LiteralBoundary& boundary, const Axis& axis,
                                                                   const LiteralTile& tile, const Instance& child) const {
    std::int64_t first = axis.offset, last = axis.offset;
    for (const Term& term : axis.terms) {
        const std::size_t d = at(term.dimension);
        const std::int64_t low = tile.indices[d] + child.indices[d];
        const std::int64_t end = std::min(low + boundary.spans[d], bound(d));
        if (end <= low) return {1, 0};
        first += term.coefficient * low;
        last += term.coefficient * (end - 1);
    }
    return {first, last};
}

// Section 1, gaps: all coordinates that the indices in the cut ranges reach, in order.
std::vector<std::int64_t> LiteralNest::coordinates_at_bounds(const LiteralBoundary& boundary, const Axis& axis,
                                                             const LiteralTile& tile, const Instance& child) const {
    std::vector<std::int64_t> reached{axis.offset};
    for (const Term& term : axis.terms) {
        const std::size_t d = at(term.dimension);
        const std::int64_t low = tile.indices[d] + child.indices[d];
        std::vector<std::int64_t> next;
        for (std::int64_t i = low; i < std::min(low + boundary.spans[d], bound(d)); ++i) {
            for (std::int64_t base : reached) next.push_back(base + term.coefficient * i);
        }
        reached = next;
    }
    std::sort(reached.begin(), reached.end());
    reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
    return reached;
}

// Section 1: a new tile begins where it is not the same as at the issued step before; on a stream at every step.
void LiteralNest::walk_tiles(LiteralBoundary& boundary) {
    std::map<Values, std::int64_t> latest;
    int accumulating = boundary.outer;  // the nearest one further out
    while (accumulating >= 0 && !boundaries[at(accumulating)].accumulates) accumulating = boundaries[at(accumulating)].outer;
    for (std::size_t s = 0; s < steps.size(); ++s) {
        Values above = steps[s];
        for (std::size_t i = 0; i < loops.size(); ++i) {
            if (!outside_level(loops[i], boundary.child)) above[i] = 0;
        }
        LiteralTile tile;
        tile.first_step = static_cast<std::int64_t>(s);
        tile.indices = indices_of(above);
        tile.origin = coordinate(boundary.tensor, tile.indices);
        // Section 2, first met: reduction loops stand where they stood when the enclosing accumulating tile began, else at zero.
        tile.first_met = true;
        for (int d = 0; at(d) < tile.indices.size(); ++d) {
            std::int64_t begin = 0;
            if (accumulating >= 0) {
                const LiteralBoundary& outer = boundaries[at(accumulating)];
                begin = outer.tiles[static_cast<std::size_t>(outer.tile_of_step[s])].indices[at(d)];
            }
            if (is_reduction(d) && tile.indices[at(d)] != begin) tile.first_met = false;
        }
        tile.starts_at_zero = tile.first_met || boundary.accumulates;
        if (boundary.tiles.empty() || boundary.stream || !same_tile(boundary, boundary.tiles.back(), tile)) {
            if (boundary.outer >= 0) tile.source = boundaries[at(boundary.outer)].tile_of_step[s];
            const auto number = static_cast<std::int64_t>(boundary.tiles.size());
            const auto found = latest.find(tile.origin);
            if (found != latest.end()) tile.same_box_before = found->second;
            latest[tile.origin] = number;
            boundary.tiles.push_back(tile);
        }
        boundary.tiles.back().last_step = static_cast<std::int64_t>(s);
        boundary.tile_of_step.push_back(static_cast<std::int64_t>(boundary.tiles.size()) - 1);
    }
}

// Section 1, clipping: [lo, lo + span) is cut at the bound, the axis box that results at [0, size).
Box LiteralNest::clipped_box(const LiteralBoundary& boundary, const LiteralTile& tile, const Instance& child) const {
    Box box;
    for (const Axis& axis : tensor(boundary.tensor).axes) {
        auto [first, last] = range_at_bounds(boundary, axis, tile, child);
        first = std::max<std::int64_t>(first, 0);
        last = std::min(last, axis.size - 1);
        if (last < first) box.empty = true;
        if (nest.skip_gaps) {
            std::vector<char> reached(static_cast<std::size_t>(std::max<std::int64_t>(0, last - first + 1)), 0);
            for (std::int64_t c : coordinates_at_bounds(boundary, axis, tile, child)) {
                if (c >= first && c <= last) reached[static_cast<std::size_t>(c - first)] = 1;
            }
            if (std::find(reached.begin(), reached.end(), 1) == reached.end()) box.empty = true;
            box.reached.push_back(reached);
        }
        box.axes.push_back({first, last});
    }
    return box;
}

// Section 1, lane masks: by every dimension of the workload, at the iteration with which the tile begins.
bool LiteralNest::masked(const LiteralTile& tile, const Instance& child) const {
    for (std::size_t d = 0; d < tile.indices.size(); ++d) {
        if (tile.indices[d] + child.indices[d] >= bound(d)) return true;
    }
    return false;
}

}  // namespace accelsim::testing
