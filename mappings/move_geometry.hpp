// SPDX-License-Identifier: Apache-2.0
// Enumerates the copies of a tile: words, groups, counts; used by move.cpp alone.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mappings/active_lanes.hpp"
#include "mappings/boxes.hpp"
#include "mappings/bundles.hpp"
#include "mappings/burst_list.hpp"
#include "mappings/clip_key.hpp"
#include "mappings/group_cutter.hpp"
#include "mappings/holding.hpp"
#include "mappings/hop_counter.hpp"
#include "mappings/lane_box.hpp"
#include "mappings/lowering.hpp"
#include "mappings/move.hpp"
#include "mappings/port_pools.hpp"
#include "mappings/positions.hpp"
#include "mappings/word_copies.hpp"

namespace accelsim {

using Vector = std::vector<std::int64_t>;

struct MoveTable::Geometry {
    const Design* design;
    const Boundary* boundary;
    const Tensor* tensor;
    std::vector<int> loops;  ///< spatial ones between parent and child: they make the lanes
    Positions parents;       ///< instances of the parent
    LaneClipper clipper;
    ActiveLanes active;
    HopCounter hops;
    ClipKey clip_key;       ///< of all instances together
    ClipKey lane_clip_key;  ///< of one instance of the parent
    GroupLimits limits;
    Vector parent_strides;            ///< of a windowed or banked parent's tile, per axis; empty: nobody asks
    bool windowed;                    ///< the child's memory is
    bool parent_windowed = false;     ///< and operands are given back there
    std::optional<BurstList> bursts;  ///< when the parent is a detailed DRAM
    Vector key_extents;               ///< per axis: of all lanes' tiles together
    struct Kind {
        Bundles bundles;
        WordNumbers numbers;
        /// Hops of a word to whole bundles, by these.
        std::unordered_map<std::vector<std::int32_t>, Hops, ClipKeyHash> hops;
    };
    std::unique_ptr<Kind> kinds[3];  ///< by MoveKind, made when asked for

    Geometry(const Design& d, int index, const TensorPlace* in_dram)
        : design(&d),
          boundary(&d.boundaries[static_cast<std::size_t>(index)]),
          tensor(&d.tensor(boundary->tensor)),
          loops(spatial_loops_between(d, boundary->parent, boundary->child)),
          parents(d, spatial_loops_between(d, -1, boundary->parent)),
          clipper(d, *boundary),
          active(d, *tensor, loops),
          hops(d, *tensor, loops),
          windowed(boundary->window_words > 0) {
        find_keys();
        find_limits();
        find_parent_strides();
        if (!boundary->stream) limits.child_banks = word_banks(d.memory(boundary->child, boundary->tensor));
        if (in_dram != nullptr) bursts.emplace(*in_dram, d.level(0).bursts->burst_bytes, dram_box(d, index));
    }

    void find_keys() {
        Vector reach;  // per dimension: largest index inside
        for (const std::int64_t span : clipper.spans()) reach.push_back(span - 1);
        for (const int l : loops) {
            const LoweredLoop& loop = design->loops[static_cast<std::size_t>(l)];
            reach[static_cast<std::size_t>(loop.dimension)] += (loop.bound - 1) * loop.stride;
        }
        lane_clip_key = ClipKey(*design, {tensor}, reach);
        for (const Axis& axis : tensor->axes) {
            key_extents.push_back(1);
            for (const Term& term : axis.terms)
                key_extents.back() += term.coefficient * reach[static_cast<std::size_t>(term.dimension)];
        }
        const Vector& last = parents.displacements.back();
        for (std::size_t i = 0; i < reach.size(); ++i) reach[i] += last[i];
        clip_key = ClipKey(*design, {tensor}, reach);
    }

    void find_limits() {
        limits.parent_group = design->memory(boundary->parent, boundary->tensor).width_bits / tensor->bits;
        for (int l = boundary->parent + 1; l < boundary->child; ++l) {
            const Level& level = design->level(l);
            if (level.kind != LevelKind::array) continue;
            const int width = level.network(tensor->name).width_bits;
            if (width > 0) limits.parent_group = std::min<std::int64_t>(limits.parent_group, width / tensor->bits);
        }
        if (!boundary->stream) limits.lane_group = design->memory(boundary->child, boundary->tensor).width_bits / tensor->bits;
    }

    void find_parent_strides() {
        const int outer = design->find_boundary(boundary->tensor, boundary->parent);
        if (outer < 0) return;
        parent_windowed = !tensor->is_output && design->boundaries[static_cast<std::size_t>(outer)].window_words > 0;
        limits.parent_banks = word_banks(design->memory(boundary->parent, boundary->tensor));
        if (!parent_windowed && limits.parent_banks == 1) return;
        parent_strides = row_major_strides(design->boundaries[static_cast<std::size_t>(outer)].extents);
    }

    const Network& network(int loop) const {
        return design->level(design->loops[static_cast<std::size_t>(loop)].level).network(tensor->name);
    }

    Kind& kind_of(MoveKind kind) {
        std::unique_ptr<Kind>& result = kinds[static_cast<int>(kind)];
        if (result != nullptr) return *result;
        // A read-back to heads alone never shares; its chains are told apart by coordinate.
        const auto apart = [&](int loop) {
            if (kind == MoveKind::operand_fill) return network(loop).transport == Transport::unicast;
            return boundary->accumulates && network(loop).reduction == Reduction::none;
        };
        const bool heads_only = kind == MoveKind::read_back && design->nest.partials != Partials::copy;
        Bundles bundles(*design, *tensor, loops, apart, heads_only, boundary->extents);
        const std::int64_t range = bundles.classes * product(key_extents);
        result.reset(new Kind{std::move(bundles), WordNumbers(range), {}});
        return *result;
    }

    /// Instances of the parent in which a tile is clipped and masked alike.
    struct Instances {
        Vector displacement;
        std::int64_t count;
        Holding holding;
    };

    std::vector<Instances> instances(const Tile& tile, MoveKind kind) {
        const Bundles& bundles = kind_of(kind).bundles;
        const bool keeps = kind == MoveKind::operand_fill && !tile.before.empty();
        Vector shift;  // an element of now lies this much further on in before
        if (keeps) axis_origin(*tensor, tile.before, shift);
        for (std::size_t a = 0; a < shift.size(); ++a) shift[a] = tile.origin[a] - shift[a];
        std::vector<Instances> result;
        std::unordered_map<Vector, std::size_t, ClipKeyHash> known;
        Vector key;
        for (const Vector& displacement : parents.displacements) {
            key.clear();
            append_key(tile.offsets, displacement, key);
            if (keeps) append_key(tile.before, displacement, key);
            const auto [found, fresh] = known.try_emplace(key, result.size());
            if (fresh) {
                result.push_back({displacement, 0, {bundles, clipper, boundary->extents, tile.offsets, displacement}});
                if (keeps) result.back().holding.keep(bundles, clipper, boundary->extents, tile.before, displacement, shift);
            }
            ++result[found->second].count;
        }
        return result;
    }

    void append_key(const Vector& offsets, const Vector& displacement, Vector& key) const {
        Vector at = offsets;
        for (std::size_t d = 0; d < at.size(); ++d) at[d] += displacement[d];
        lane_clip_key.append(at, key);
    }

    bool once(MoveKind kind) const { return boundary->accumulates && kind == MoveKind::write_back; }

    WordCopies list(const std::vector<const Holding*>& holdings, MoveKind kind, const Tile& tile) {
        Kind& k = kind_of(kind);
        const Bundles& bundles = k.bundles;
        WordCopies words;
        std::vector<std::int32_t> numbers;  // of the word of each copy
        const bool keyed = once(kind) || !bundles.disjoint;
        BurstList::Spots spots;
        if (bursts) spots = bursts->spots(tile.origin);
        const auto visit = [&](std::int64_t address, const Vector& element, std::size_t b) {
            std::int64_t key = 0;
            if (keyed) key = coordinate_key(bundles, element, b);
            words.copies.push_back({static_cast<std::int32_t>(address), static_cast<std::int32_t>(b)});
            if (!bundles.disjoint) {
                numbers.push_back(k.numbers.find(bundles.sharing[b] * product(key_extents) + key));
                if (static_cast<std::size_t>(numbers.back()) < words.size()) return;
            }
            words.begin.push_back(words.copies.size());
            if (once(kind)) words.keys.push_back(key);
            if (!parent_strides.empty()) words.parent.push_back(parent_address(bundles, element, b));
            if (bursts) words.spots.push_back(spot(spots, bundles, element, b));
        };
        CopyWalk(holdings, bundles.blocks(), boundary->extents, visit).run();
        if (bundles.disjoint) return words;
        k.numbers.forget();
        words.gather(numbers, words.size());
        return words;
    }

    /// Numbers the coordinates within one instance of the parent.
    std::int64_t coordinate_key(const Bundles& bundles, const Vector& element, std::size_t b) const {
        std::int64_t key = 0;
        for (std::size_t a = 0; a < element.size(); ++a) key = key * key_extents[a] + element[a] + bundles.along(a, b);
        return key;
    }

    /// The copy's address in the parent's tile, seen from the origin of the child's tile there.
    std::int64_t parent_address(const Bundles& bundles, const Vector& element, std::size_t b) const {
        std::int64_t address = 0;
        for (std::size_t a = 0; a < element.size(); ++a) address += (element[a] + bundles.along(a, b)) * parent_strides[a];
        return address;
    }

    static BurstList::Spot spot(const BurstList::Spots& spots, const Bundles& bundles, const Vector& element, std::size_t b) {
        BurstList::Spot result;
        for (std::size_t a = 0; a < element.size(); ++a) {
            const BurstList::Spot& part = spots[a][static_cast<std::size_t>(element[a] + bundles.along(a, b))];
            result.byte += part.byte;
            result.box += part.box;
        }
        return result;
    }

    /// Of the words that one of some like instances sends; for all of these.
    void count(const WordCopies& words, const Instances& instances, const Tile& tile, MoveKind kind, MoveCounts& counts) {
        Kind& k = kind_of(kind);
        const Bundles& bundles = k.bundles;
        const bool all = active.all(tile.offsets, instances.displacement);
        std::vector<std::vector<std::int32_t>> lanes;
        for (std::size_t b = 0; b < bundles.size() && !all; ++b)
            lanes.push_back(active.of(bundles.lanes[b], tile.offsets, instances.displacement));
        const auto& users = all ? bundles.lanes : lanes;
        decltype(Kind::hops) masked;
        auto& known = all ? k.hops : masked;
        const bool any_hops = hops.any(kind);
        std::vector<std::int32_t> key;
        for (std::size_t w = 0; w < words.size(); ++w) {
            std::size_t copies = 0;
            for (const BundleCopy& copy : words.of(w)) copies += users[static_cast<std::size_t>(copy.bundle)].size();
            if (copies == 0) continue;
            counts.words += instances.count;
            counts.copies += instances.count * static_cast<std::int64_t>(copies);
            if (bundles.comes_first[static_cast<std::size_t>(words.of(w)[0].bundle)]) counts.first_words += instances.count;
            if (!any_hops || copies == 1) continue;
            key.clear();
            for (const BundleCopy& copy : words.of(w)) key.push_back(copy.bundle);
            const Hops made = find_hops(key, users, kind, known);
            counts.hops += instances.count * made.hops;
            counts.hop_lengths += instances.count * made.lengths;
        }
    }

    Hops find_hops(const std::vector<std::int32_t>& key, const std::vector<std::vector<std::int32_t>>& users, MoveKind kind,
                   decltype(Kind::hops)& known) const {
        const auto [found, fresh] = known.try_emplace(key);
        if (fresh) {
            std::vector<std::int32_t> lanes;
            for (const std::int32_t b : key) {
                const auto& more = users[static_cast<std::size_t>(b)];
                lanes.insert(lanes.end(), more.begin(), more.end());
            }
            found->second = hops.of(lanes, kind);
        }
        return found->second;
    }

    /// What windows ask: how far into the child a group reaches, and what is still to come from the parent (from the child).
    void find_addresses(const WordCopies& words, MoveKind kind, Move& move) const {
        const auto groups = static_cast<std::size_t>(move.groups());
        const bool drains = kind == MoveKind::write_back;
        if (windowed) move.highest.assign(groups, 0);
        if (drains ? windowed : parent_windowed) move.lowest_left.assign(groups + 1, nothing_left);
        for (std::size_t g = groups; g-- > 0 && (windowed || parent_windowed);) {
            std::int64_t low = move.lowest_left.empty() ? 0 : move.lowest_left[g + 1];
            const auto end = static_cast<std::size_t>(move.group_begin[g + 1]);
            for (auto w = static_cast<std::size_t>(move.group_begin[g]); w < end; ++w) {
                for (const BundleCopy& copy : words.of(w)) {
                    if (windowed) move.highest[g] = std::max<std::int64_t>(move.highest[g], copy.address);
                    if (drains) low = std::min<std::int64_t>(low, copy.address);
                }
                if (!drains && parent_windowed) low = std::min(low, words.parent[w]);
            }
            if (!move.lowest_left.empty()) move.lowest_left[g] = low;
        }
    }

    /// The words of all instances of the parent together, in order.
    WordCopies ordered(const std::vector<Instances>& all, MoveKind kind, const Tile& tile) {
        std::vector<const Holding*> holdings;
        for (const Instances& some : all) holdings.push_back(&some.holding);
        WordCopies words = list(holdings, kind, tile);
        if (!bursts) return words;
        if (const auto order = bursts->order(words.spots); !order.empty()) words.reorder(order);
        return words;
    }

    Move make(const Tile& tile, MoveKind kind) {
        const std::vector<Instances> all = instances(tile, kind);
        Move move;
        if (make_uniform(all, tile, kind, move)) return move;
        const WordCopies words = ordered(all, kind, tile);
        GroupCutter(limits, kind_of(kind).bundles.size(), once(kind)).cut(words, bursts ? &*bursts : nullptr, move);
        for (const Instances& some : all)
            count(all.size() == 1 ? words : list({&some.holding}, kind, tile), some, tile, kind, move.counts);
        find_addresses(words, kind, move);
        if (bursts) bursts->cut(words.spots, move);
        return move;
    }

    /// The same bundles get every element, each for itself, and nobody asks for addresses: all groups are alike. False when it
    /// is not so.
    bool make_uniform(const std::vector<Instances>& all, const Tile& tile, MoveKind kind, Move& move) {
        const Bundles& bundles = kind_of(kind).bundles;
        if (all.size() > 1 || !bundles.disjoint || once(kind) || windowed || !parent_strides.empty() || limits.child_banks > 1 ||
            bursts)
            return false;
        Holding::Uniform same;
        if (!all[0].holding.uniform(same)) return false;
        WordCopies words;  // of one element
        for (std::size_t b = 0; b < bundles.size(); ++b) {
            if ((same.bundles[b / 64] >> (b % 64) & 1) == 0) continue;
            words.copies.push_back({0, static_cast<std::int32_t>(b)});
            words.begin.push_back(words.copies.size());
        }
        const auto per_element = static_cast<std::int64_t>(words.size());
        const std::int64_t count_all = per_element * same.elements;
        // A lane's next word comes with the next element.
        const std::int64_t per_group =
            limits.lane_group > 0 ? std::min(limits.parent_group, limits.lane_group * per_element) : limits.parent_group;
        for (std::int64_t begin = 0; begin < count_all; begin += per_group) move.group_begin.push_back(begin);
        move.group_begin.push_back(count_all);
        if (count_all == 0) return true;
        MoveCounts counts;
        count(words, all[0], tile, kind, counts);
        move.counts = {counts.words * same.elements, counts.copies * same.elements, counts.hops * same.elements,
                       counts.hop_lengths * same.elements, counts.first_words * same.elements};
        return true;
    }

    /// For listeners: lane by lane.
    WordList words(const Tile& tile, MoveKind kind) {
        const WordCopies words = ordered(instances(tile, kind), kind, tile);
        const Bundles& bundles = kind_of(kind).bundles;
        WordList result(words.size());
        for (std::size_t w = 0; w < words.size(); ++w) {
            for (const BundleCopy& copy : words.of(w))
                for (const std::int32_t lane : bundles.lanes[static_cast<std::size_t>(copy.bundle)])
                    result[w].push_back({copy.address, lane});
            std::sort(result[w].begin(), result[w].end(), [](const Copy& left, const Copy& right) {
                return std::pair(left.address, left.lane) < std::pair(right.address, right.lane);
            });
        }
        return result;
    }
};

}  // namespace accelsim
