// SPDX-License-Identifier: Apache-2.0
// Enumerates the copies of a tile: lanes, clipped boxes, words, groups, hops; used by move.cpp alone.
#pragma once

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mappings/lowering.hpp"
#include "mappings/move.hpp"

namespace accelsim {

using Vector = std::vector<std::int64_t>;

/// All combinations of the values of some spatial loops, first loop outermost.
struct Positions {
    std::vector<int> loops;
    std::vector<Vector> values;         ///< per position, per loop
    std::vector<Vector> displacements;  ///< per position, per dimension

    Positions(const Design& design, std::vector<int> spatial) : loops(std::move(spatial)) {
        Vector value(loops.size(), 0);
        const std::size_t dims = design.workload.dimensions.size();
        while (true) {
            Vector displacement(dims, 0);
            for (std::size_t i = 0; i < loops.size(); ++i) {
                const LoweredLoop& loop = design.loops[static_cast<std::size_t>(loops[i])];
                displacement[static_cast<std::size_t>(loop.dimension)] += value[i] * loop.stride;
            }
            values.push_back(value);
            displacements.push_back(displacement);
            std::size_t i = loops.size();
            while (i > 0 && ++value[i - 1] == design.loops[static_cast<std::size_t>(loops[i - 1])].bound) value[--i] = 0;
            if (i == 0) break;
        }
    }
};

/// Per axis, the first and one-past-last element of a lane's clipped box, relative to its nominal origin.
struct ClippedBox {
    Vector low;
    Vector high;
    bool contains(const Vector& element) const {
        for (std::size_t a = 0; a < element.size(); ++a) {
            if (element[a] < low[a] || element[a] >= high[a]) return false;
        }
        return true;
    }
};

struct MoveTable::Geometry {
    const Design* design;
    const Boundary* boundary;
    const Tensor* tensor;
    Positions parents;               ///< instances of the parent
    Positions lanes;                 ///< child instances below one parent
    Vector spans;                    ///< of every dimension inside the child, capped at its bound
    Vector reach;                    ///< per dimension: largest index inside, over all instances and lanes
    Vector address_keys, lane_keys;  ///< parts of a word's number
    std::int64_t key_range = 1;
    std::vector<std::size_t> hops_users;  ///< the word counted last, its hops
    MoveKind hops_kind = MoveKind::operand_fill;
    MoveCounts hops_counts;
    std::vector<Vector> elements;           ///< per address, per axis
    std::vector<std::int64_t> share;        ///< per lane: number of its sharing class (unicast positions)
    std::vector<std::int64_t> chain_share;  ///< per lane: class of a chain's words going up (none: everything reduces)
    std::vector<bool> head;
    std::vector<std::size_t> systolic_down, systolic_up;  ///< positions in lanes.loops, adjacent first
    std::vector<std::size_t> others_down, others_up;
    std::int64_t parent_group = 0;  ///< words that one group may hold (parent port, networks)
    std::int64_t lane_group = 0;    ///< words per lane and group, 0: no limit

    Geometry(const Design& d, int index)
        : design(&d),
          boundary(&d.boundaries[static_cast<std::size_t>(index)]),
          tensor(&d.tensor(boundary->tensor)),
          parents(d, spatial_loops_between(d, -1, boundary->parent)),
          lanes(d, spatial_loops_between(d, boundary->parent, boundary->child)) {
        find_spans();
        classify_lanes();
        find_limits();
        if (!is_plain()) list_elements();
    }

    void find_spans() {
        const auto& dimensions = design->workload.dimensions;
        spans = spans_inside(*design, boundary->child);
        reach.assign(dimensions.size(), 0);
        for (std::size_t i = 0; i < spans.size(); ++i) {
            spans[i] = std::min(spans[i], dimensions[i].bound);
            reach[i] = spans[i] - 1;
        }
        for (const Positions* positions : {&parents, &lanes}) {
            const Vector& last = positions->displacements.back();
            for (std::size_t i = 0; i < reach.size(); ++i) reach[i] += last[i];
        }
    }

    const LoweredLoop& lane_loop(std::size_t i) const { return design->loops[static_cast<std::size_t>(lanes.loops[i])]; }

    void classify_lanes() {
        for (std::size_t i = lanes.loops.size(); i-- > 0;) {
            const Network& network = design->level(lane_loop(i).level).network(tensor->name);
            (network.transport == Transport::systolic ? systolic_down : others_down).push_back(i);
            (network.reduction == Reduction::systolic ? systolic_up : others_up).push_back(i);
        }
        for (const Vector& value : lanes.values) {
            std::int64_t unicast = 0;
            bool is_head = true;
            for (std::size_t i = 0; i < value.size(); ++i) {
                const LoweredLoop& loop = lane_loop(i);
                const bool shared = design->level(loop.level).network(tensor->name).transport != Transport::unicast;
                if (!shared) unicast = unicast * loop.bound + value[i];
                is_head = is_head && (value[i] == 0 || !design->workload.is_reduction(loop.dimension));
            }
            // A read-back to heads alone never shares; its chains are told apart by coordinate.
            share.push_back(unicast);
            head.push_back(is_head);
        }
        chain_share.assign(share.size(), 0);
    }

    void find_limits() {
        parent_group = design->level(boundary->parent).width_bits / tensor->bits;
        for (int l = boundary->parent + 1; l < boundary->child; ++l) {
            const Level& level = design->level(l);
            if (level.kind != LevelKind::array) continue;
            const int width = level.network(tensor->name).width_bits;
            if (width > 0) parent_group = std::min<std::int64_t>(parent_group, width / tensor->bits);
        }
        lane_group = boundary->stream ? 0 : design->level(boundary->child).width_bits / tensor->bits;
    }

    /// A plain move's elements are listed only when a listener asks for them.
    void list_elements() {
        if (!elements.empty()) return;
        Vector element(tensor->axes.size(), 0);
        for (std::int64_t address = 0; address < boundary->tile_words; ++address) {
            elements.push_back(element);
            for (std::size_t a = element.size(); a-- > 0;) {
                if (++element[a] < boundary->extents[a]) break;
                element[a] = 0;
            }
        }
        number_words();
    }

    /// One instance, one lane: words are the elements of one clipped box, in order.
    bool is_plain() const { return parents.values.size() == 1 && lanes.values.size() == 1; }

    ClippedBox clip(const Vector& offsets, const Vector& instance, const Vector& lane) const {
        ClippedBox box;
        for (std::size_t a = 0; a < tensor->axes.size(); ++a) {
            const Axis& axis = tensor->axes[a];
            std::int64_t first = axis.offset;
            std::int64_t last = axis.offset;
            bool empty = false;
            for (const Term& term : axis.terms) {
                const auto d = static_cast<std::size_t>(term.dimension);
                const std::int64_t low = offsets[d] + instance[d] + lane[d];
                const std::int64_t high = std::min(low + spans[d], design->workload.dimensions[d].bound);
                empty = empty || low >= high;
                first += term.coefficient * low;
                last += term.coefficient * (high - 1);
            }
            box.low.push_back(std::max<std::int64_t>(0, -first));
            box.high.push_back(empty ? box.low.back() : std::min(last, axis.size - 1) - first + 1);
        }
        return box;
    }

    bool active(const Vector& offsets, const Vector& instance, const Vector& lane) const {
        for (std::size_t d = 0; d < offsets.size(); ++d) {
            if (offsets[d] + instance[d] + lane[d] >= design->workload.dimensions[d].bound) return false;
        }
        return true;
    }

    /// Numbers the coordinates relative to the parent instance's origin of the tile: the sum of a part of the address and a part
    /// of the lane is below key_range.
    void number_words() {
        address_keys.assign(elements.size(), 0);
        lane_keys.assign(lanes.values.size(), 0);
        key_range = 1;
        for (std::size_t a = 0; a < tensor->axes.size(); ++a) {
            std::int64_t extent = 1;
            for (const Term& term : tensor->axes[a].terms)
                extent += term.coefficient * reach[static_cast<std::size_t>(term.dimension)];
            for (std::size_t e = 0; e < elements.size(); ++e) address_keys[e] = address_keys[e] * extent + elements[e][a];
            for (std::size_t lane = 0; lane < lane_keys.size(); ++lane) {
                std::int64_t coordinate = 0;
                for (const Term& term : tensor->axes[a].terms) {
                    coordinate += term.coefficient * lanes.displacements[lane][static_cast<std::size_t>(term.dimension)];
                }
                lane_keys[lane] = lane_keys[lane] * extent + coordinate;
            }
            key_range *= extent;
        }
    }

    bool takes_part(std::size_t lane, MoveKind kind) const {
        return kind != MoveKind::read_back || design->nest.partials == Partials::copy || head[lane];
    }

    std::vector<std::vector<ClippedBox>> boxes(const Vector& offsets) const {
        std::vector<std::vector<ClippedBox>> result(parents.values.size());
        for (std::size_t p = 0; p < parents.values.size(); ++p) {
            for (const Vector& lane : lanes.displacements) result[p].push_back(clip(offsets, parents.displacements[p], lane));
        }
        return result;
    }

    WordList words(const Vector& offsets, MoveKind kind) {
        list_elements();
        const auto clipped = boxes(offsets);
        WordList result;
        std::unordered_map<std::int64_t, std::size_t> known;
        known.reserve(static_cast<std::size_t>(boundary->tile_words));
        for (std::int64_t address = 0; address < boundary->tile_words; ++address) {
            const Vector& element = elements[static_cast<std::size_t>(address)];
            for (std::size_t lane = 0; lane < lanes.values.size(); ++lane) {
                if (!takes_part(lane, kind)) continue;
                const bool live = std::any_of(clipped.begin(), clipped.end(),
                                              [&](const auto& instance) { return instance[lane].contains(element); });
                if (!live) continue;
                const std::int64_t sharing = kind == MoveKind::operand_fill ? share[lane] : chain_share[lane];
                const std::int64_t key = sharing * key_range + address_keys[static_cast<std::size_t>(address)] + lane_keys[lane];
                const auto [found, fresh] = known.try_emplace(key, result.size());
                if (fresh) result.emplace_back();
                result[found->second].push_back({address, static_cast<std::int32_t>(lane)});
            }
        }
        return result;
    }

    Vector group(const WordList& words) const {
        Vector begin{0};
        Vector per_lane(lanes.values.size(), 0);
        std::int64_t in_group = 0;
        for (std::size_t w = 0; w < words.size(); ++w) {
            bool fits = in_group < parent_group;
            for (const Copy& copy : words[w]) {
                const auto lane = static_cast<std::size_t>(copy.lane);
                fits = fits && (lane_group == 0 || per_lane[lane] < lane_group);
            }
            if (!fits) {
                begin.push_back(static_cast<std::int64_t>(w));
                std::fill(per_lane.begin(), per_lane.end(), 0);
                in_group = 0;
            }
            ++in_group;
            for (const Copy& copy : words[w]) ++per_lane[static_cast<std::size_t>(copy.lane)];
        }
        if (!words.empty()) begin.push_back(static_cast<std::int64_t>(words.size()));
        return begin;
    }

    /// Hops of one word to (from) these lanes: loop by loop, adjacent first, the number of different positions
    /// that the loop joins (microarchitecture.md, 7).
    void count_hops(const std::vector<std::size_t>& users, MoveKind kind, MoveCounts& counts) {
        if (users == hops_users && kind == hops_kind) {  // neighbouring words mostly go to the same lanes
            counts.hops += hops_counts.hops;
            counts.hop_lengths += hops_counts.hop_lengths;
            return;
        }
        hops_users = users;
        hops_kind = kind;
        hops_counts = {};
        measure_hops(users, kind, hops_counts);
        counts.hops += hops_counts.hops;
        counts.hop_lengths += hops_counts.hop_lengths;
    }

    void measure_hops(const std::vector<std::size_t>& users, MoveKind kind, MoveCounts& counts) const {
        const auto& systolic = kind == MoveKind::write_back ? systolic_up : systolic_down;
        const auto& others = kind == MoveKind::write_back ? others_up : others_down;
        if (systolic.empty() || users.size() < 2) return;
        std::vector<std::size_t> order = systolic;
        order.insert(order.end(), others.begin(), others.end());
        const auto distinct = [&](std::size_t from) {
            std::set<Vector> seen;
            for (std::size_t lane : users) {
                Vector tail;
                for (std::size_t i = from; i < order.size(); ++i) tail.push_back(lanes.values[lane][order[i]]);
                seen.insert(tail);
            }
            return static_cast<std::int64_t>(seen.size());
        };
        std::int64_t before = static_cast<std::int64_t>(users.size());
        for (std::size_t i = 0; i < systolic.size(); ++i) {
            const std::int64_t after = distinct(i + 1);
            counts.hops += before - after;
            counts.hop_lengths += (before - after) * hop_length(order[i]);
            before = after;
        }
    }

    /// Product of the bounds of the loops inside this one on its axis.
    std::int64_t hop_length(std::size_t position) const {
        std::int64_t length = 1;
        for (std::size_t i = position + 1; i < lanes.loops.size(); ++i) {
            const LoweredLoop& inner = lane_loop(i);
            if (inner.level == lane_loop(position).level && inner.kind == lane_loop(position).kind) length *= inner.bound;
        }
        return length;
    }

    MoveCounts count(const WordList& words, const Vector& offsets, MoveKind kind) {
        const auto clipped = boxes(offsets);
        MoveCounts counts;
        std::vector<std::size_t> users;
        for (std::size_t p = 0; p < parents.values.size(); ++p) {
            std::vector<bool> lane_active;
            for (const Vector& lane : lanes.displacements) lane_active.push_back(active(offsets, parents.displacements[p], lane));
            for (const auto& word : words) {
                users.clear();
                for (const Copy& copy : word) {
                    const auto lane = static_cast<std::size_t>(copy.lane);
                    if (lane_active[lane] && clipped[p][lane].contains(elements[static_cast<std::size_t>(copy.address)])) {
                        users.push_back(lane);
                    }
                }
                if (users.empty()) continue;
                ++counts.words;
                counts.copies += static_cast<std::int64_t>(users.size());
                count_hops(users, kind, counts);
            }
        }
        return counts;
    }

    Move plain_move(const Vector& offsets) const {
        const ClippedBox box = clip(offsets, parents.displacements[0], lanes.displacements[0]);
        std::int64_t words = 1;
        for (std::size_t a = 0; a < box.low.size(); ++a) words *= std::max<std::int64_t>(0, box.high[a] - box.low[a]);
        const std::int64_t per_group = lane_group > 0 ? std::min(parent_group, lane_group) : parent_group;
        Move move;
        for (std::int64_t begin = 0; begin < words; begin += per_group) move.group_begin.push_back(begin);
        move.group_begin.push_back(words);
        const bool is_active = active(offsets, parents.displacements[0], lanes.displacements[0]);
        move.counts.words = move.counts.copies = is_active ? words : 0;
        return move;
    }
};

}  // namespace accelsim
