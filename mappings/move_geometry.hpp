// SPDX-License-Identifier: Apache-2.0
// Enumerates the copies of a tile: words, groups, counts; used by move.cpp alone.
#pragma once

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mappings/boxes.hpp"
#include "mappings/clip_key.hpp"
#include "mappings/dram_layout.hpp"
#include "mappings/hop_counter.hpp"
#include "mappings/lane_box.hpp"
#include "mappings/lane_classes.hpp"
#include "mappings/lowering.hpp"
#include "mappings/move.hpp"
#include "mappings/port_pools.hpp"
#include "mappings/positions.hpp"

namespace accelsim {

using Vector = std::vector<std::int64_t>;

struct MoveTable::Geometry {
    const Design* design;
    const Boundary* boundary;
    const Tensor* tensor;
    Positions parents;  ///< instances of the parent
    Positions lanes;    ///< child instances below one parent
    LaneClipper clipper;
    LaneClasses classes;
    HopCounter hops;
    ClipKey clip_key;
    Vector reach;                    ///< per dimension: largest index inside, over all instances and lanes
    Vector address_keys, lane_keys;  ///< parts of a word's number
    std::int64_t key_range = 1;
    std::vector<Vector> elements;   ///< per address, per axis
    std::int64_t parent_group = 0;  ///< words that one group may hold (parent port, networks)
    std::int64_t lane_group = 0;    ///< words per lane and group, 0: no limit
    Vector parent_strides;          ///< of a windowed or banked parent's tile, per axis; empty: nobody asks
    bool windowed;                  ///< the child's memory is
    bool parent_windowed = false;   ///< and operands are given back there
    int parent_banks = 1, child_banks = 1;
    const TensorPlace* place = nullptr;  ///< in a detailed DRAM, when that is the parent
    Vector box_strides;                  ///< of the DRAM's box of a tile

    Geometry(const Design& d, int index, const TensorPlace* in_dram)
        : design(&d),
          boundary(&d.boundaries[static_cast<std::size_t>(index)]),
          tensor(&d.tensor(boundary->tensor)),
          parents(d, spatial_loops_between(d, -1, boundary->parent)),
          lanes(d, spatial_loops_between(d, boundary->parent, boundary->child)),
          clipper(d, *boundary),
          classes(d, *boundary, lanes),
          hops(d, *tensor, lanes),
          windowed(boundary->window_words > 0) {
        find_reach();
        clip_key = ClipKey(d, {tensor}, reach);
        find_limits();
        find_parent_strides();
        if (!boundary->stream) child_banks = word_banks(d.memory(boundary->child, boundary->tensor));
        if (in_dram != nullptr) find_place(*in_dram, index);
        if (!is_plain()) list_elements();
    }

    void find_reach() {
        for (std::int64_t span : clipper.spans()) reach.push_back(span - 1);
        for (const Positions* positions : {&parents, &lanes}) {
            const Vector& last = positions->displacements.back();
            for (std::size_t i = 0; i < reach.size(); ++i) reach[i] += last[i];
        }
    }

    void find_limits() {
        parent_group = design->memory(boundary->parent, boundary->tensor).width_bits / tensor->bits;
        for (int l = boundary->parent + 1; l < boundary->child; ++l) {
            const Level& level = design->level(l);
            if (level.kind != LevelKind::array) continue;
            const int width = level.network(tensor->name).width_bits;
            if (width > 0) parent_group = std::min<std::int64_t>(parent_group, width / tensor->bits);
        }
        lane_group = boundary->stream ? 0 : design->memory(boundary->child, boundary->tensor).width_bits / tensor->bits;
    }

    void find_parent_strides() {
        const int outer = design->find_boundary(boundary->tensor, boundary->parent);
        if (outer < 0) return;
        parent_windowed = !tensor->is_output && design->boundaries[static_cast<std::size_t>(outer)].window_words > 0;
        parent_banks = word_banks(design->memory(boundary->parent, boundary->tensor));
        if (!parent_windowed && parent_banks == 1) return;
        const Vector& extents = design->boundaries[static_cast<std::size_t>(outer)].extents;
        parent_strides.assign(extents.size(), 1);
        for (std::size_t a = extents.size(); a-- > 1;) parent_strides[a - 1] = parent_strides[a] * extents[a];
    }

    void find_place(const TensorPlace& in_dram, int index) {
        place = &in_dram;
        box_strides = row_major_strides(dram_box(*design, index));
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

    /// One instance, one lane, no addresses asked for: words are the elements of one clipped box, in order.
    bool is_plain() const {
        return parents.values.size() == 1 && lanes.values.size() == 1 && !windowed && parent_strides.empty() &&
               child_banks == 1 && place == nullptr;
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
                lane_keys[lane] = lane_keys[lane] * extent + displacement(lane, a);
            }
            key_range *= extent;
        }
    }

    std::int64_t displacement(std::size_t lane, std::size_t axis) const {
        std::int64_t coordinate = 0;
        for (const Term& term : tensor->axes[axis].terms) {
            coordinate += term.coefficient * lanes.displacements[lane][static_cast<std::size_t>(term.dimension)];
        }
        return coordinate;
    }

    /// Number of a copy's coordinate within one instance of the parent.
    std::int64_t coordinate_key(const Copy& copy) const {
        return address_keys[static_cast<std::size_t>(copy.address)] + lane_keys[static_cast<std::size_t>(copy.lane)];
    }

    /// The copy's address in the parent's tile, seen from the origin of the child's tile there.
    std::int64_t parent_address(const Copy& copy) const {
        const Vector& element = elements[static_cast<std::size_t>(copy.address)];
        std::int64_t address = 0;
        for (std::size_t a = 0; a < element.size(); ++a) {
            address += (element[a] + displacement(static_cast<std::size_t>(copy.lane), a)) * parent_strides[a];
        }
        return address;
    }

    bool takes_part(std::size_t lane, MoveKind kind) const {
        return kind != MoveKind::read_back || design->nest.partials == Partials::copy || classes.head[lane];
    }

    /// What every lane of every parent instance holds now, and held in the tile before.
    struct Boxes {
        std::vector<std::vector<LaneBox>> now, before;
        Vector shift;  ///< an element of now lies this much further on in before

        bool is_new(std::size_t parent, std::size_t lane, const Vector& element) const {
            return now[parent][lane].contains(element) && (before.empty() || !before[parent][lane].contains(element, shift));
        }
    };

    Boxes boxes(const Tile& tile, MoveKind kind) const {
        Boxes result;
        const auto list = [&](const Vector& offsets, std::vector<std::vector<LaneBox>>& to) {
            to.resize(parents.values.size());
            for (std::size_t p = 0; p < parents.values.size(); ++p) {
                for (const Vector& lane : lanes.displacements)
                    to[p].push_back(clipper.clip(offsets, parents.displacements[p], lane));
            }
        };
        list(tile.offsets, result.now);
        if (kind == MoveKind::operand_fill && !tile.before.empty()) {
            list(tile.before, result.before);
            Vector old;
            axis_origin(*tensor, tile.before, old);
            for (std::size_t a = 0; a < old.size(); ++a) result.shift.push_back(tile.origin[a] - old[a]);
        }
        return result;
    }

    WordList words(const Tile& tile, MoveKind kind) {
        list_elements();
        WordList list = words(boxes(tile, kind), kind);
        if (place != nullptr) order_by_bursts(list, tile);
        return list;
    }

    std::int64_t burst_bytes() const { return design->level(0).bursts->burst_bytes; }

    /// Of the tile's whole address in its burst.
    std::int64_t phase(const Tile& tile, Vector& left) const {
        const std::int64_t bytes = burst_bytes();
        return (place->whole(tile.origin, left) % bytes + bytes) % bytes;
    }

    /// Lists the words burst by burst; returns the byte of each, counted from the burst in which the tile's whole address lies.
    Vector order_by_bursts(WordList& words, const Tile& tile) const {
        Vector left;
        const std::int64_t first = phase(tile, left);
        std::map<std::int64_t, std::size_t> place_of;  // by burst
        std::vector<std::vector<std::pair<std::int64_t, std::size_t>>> bursts;
        Vector element(left.size());
        for (std::size_t w = 0; w < words.size(); ++w) {
            for (std::size_t a = 0; a < element.size(); ++a) element[a] = in_box(words[w][0], a);
            const std::int64_t byte = first + place->within(left, element);
            const auto [found, fresh] = place_of.try_emplace(byte / burst_bytes(), bursts.size());
            if (fresh) bursts.emplace_back();
            bursts[found->second].push_back({byte, w});
        }
        Vector bytes;
        WordList ordered;
        for (const auto& burst : bursts) {
            for (const auto& [byte, word] : burst) {
                bytes.push_back(byte);
                ordered.push_back(std::move(words[word]));
            }
        }
        words = std::move(ordered);
        return bytes;
    }

    /// Coordinate of a copy, seen from the origin of lane 0.
    std::int64_t in_box(const Copy& copy, std::size_t axis) const {
        return elements[static_cast<std::size_t>(copy.address)][axis] + displacement(static_cast<std::size_t>(copy.lane), axis);
    }

    /// Cuts the groups into bursts, and says where their words lie.
    void find_bursts(const WordList& words, const Vector& bytes, Move& move) const {
        for (std::int64_t g = 0; g < move.groups(); ++g) {
            const auto begin = static_cast<std::size_t>(move.group_begin[static_cast<std::size_t>(g)]);
            const std::int64_t offset = bytes[begin] / burst_bytes() * burst_bytes();
            if (move.bursts.empty() || move.bursts.back().offset != offset) {
                move.bursts.push_back({offset, g, move.runs.size(), move.runs.size(), 0});
            }
            Burst& burst = move.bursts.back();
            burst.group_end = g + 1;
            if (windowed) burst.highest = std::max(burst.highest, move.highest[static_cast<std::size_t>(g)]);
            for (auto w = begin; w < static_cast<std::size_t>(move.group_begin[static_cast<std::size_t>(g) + 1]); ++w) {
                std::int64_t box = 0;
                for (std::size_t a = 0; a < box_strides.size(); ++a) box += in_box(words[w][0], a) * box_strides[a];
                add_to_runs(static_cast<std::int32_t>(bytes[w] - offset), box, burst, move);
            }
            burst.run_end = move.runs.size();
        }
    }

    void add_to_runs(std::int32_t byte, std::int64_t box, const Burst& burst, Move& move) const {
        if (move.runs.size() > burst.run_begin) {
            BurstRun& last = move.runs.back();
            const auto size = static_cast<std::int32_t>(place->element_bytes());
            if (last.byte + last.words * size == byte && last.box + last.words == box) {
                ++last.words;
                return;
            }
        }
        move.runs.push_back({byte, 1, box});
    }

    WordList words(const Boxes& boxes, MoveKind kind) const {
        WordList result;
        std::unordered_map<std::int64_t, std::size_t> known;
        known.reserve(static_cast<std::size_t>(boundary->tile_words));
        for (std::int64_t address = 0; address < boundary->tile_words; ++address) {
            const Vector& element = elements[static_cast<std::size_t>(address)];
            for (std::size_t lane = 0; lane < lanes.values.size(); ++lane) {
                if (!takes_part(lane, kind)) continue;
                bool live = false;
                for (std::size_t p = 0; p < boxes.now.size() && !live; ++p) live = boxes.is_new(p, lane, element);
                if (!live) continue;
                const Copy copy{address, static_cast<std::int32_t>(lane)};
                const std::int64_t sharing = kind == MoveKind::operand_fill ? classes.share[lane] : classes.chain_share[lane];
                const auto [found, fresh] = known.try_emplace(sharing * key_range + coordinate_key(copy), result.size());
                if (fresh) result.emplace_back();
                result[found->second].push_back(copy);
            }
        }
        return result;
    }

    /// What the next group holds so far.
    struct Filling {
        std::int64_t words = 0;
        Vector per_lane;
        Vector coordinates;  ///< of the words, where each may occur once
        std::uint64_t parent_banks = 0;
        std::vector<std::uint64_t> lane_banks;  ///< in each lane's memory
    };

    std::uint64_t parent_bank(const WordList::value_type& word) const {
        return std::uint64_t{1} << (parent_address(word[0]) % parent_banks);
    }
    std::uint64_t child_bank(const Copy& copy) const { return std::uint64_t{1} << (copy.address % child_banks); }

    bool has_room(const Filling& group, const WordList::value_type& word, bool once) const {
        if (group.words >= parent_group) return false;
        for (const Copy& copy : word) {
            const auto lane = static_cast<std::size_t>(copy.lane);
            if (lane_group > 0 && group.per_lane[lane] >= lane_group) return false;
            if (child_banks > 1 && (group.lane_banks[lane] & child_bank(copy)) != 0) return false;
        }
        if (parent_banks > 1 && (group.parent_banks & parent_bank(word)) != 0) return false;
        const auto& known = group.coordinates;
        return !once || std::find(known.begin(), known.end(), coordinate_key(word[0])) == known.end();
    }

    /// `bytes`: of the words in a detailed DRAM, else empty.
    void cut_groups(const WordList& words, const Vector& bytes, MoveKind kind, Move& move) const {
        const bool once = boundary->accumulates && kind == MoveKind::write_back;
        const Filling empty{0, Vector(lanes.values.size(), 0), {}, 0, std::vector<std::uint64_t>(lanes.values.size(), 0)};
        Filling group = empty;
        move.group_begin.push_back(0);
        const auto close = [&](std::size_t end) {
            move.group_begin.push_back(static_cast<std::int64_t>(end));
            if (parent_banks > 1) move.parent_banks.push_back(group.parent_banks);
            if (child_banks == 1) return;
            std::uint64_t banks = 0;
            for (const std::uint64_t lane : group.lane_banks) banks |= lane;
            move.child_banks.push_back(banks);
        };
        for (std::size_t w = 0; w < words.size(); ++w) {
            const bool next_burst = !bytes.empty() && w > 0 && bytes[w] / burst_bytes() != bytes[w - 1] / burst_bytes();
            if (next_burst || !has_room(group, words[w], once)) {
                close(w);
                group = empty;
            }
            ++group.words;
            if (once) group.coordinates.push_back(coordinate_key(words[w][0]));
            if (parent_banks > 1) group.parent_banks |= parent_bank(words[w]);
            for (const Copy& copy : words[w]) {
                ++group.per_lane[static_cast<std::size_t>(copy.lane)];
                if (child_banks > 1) group.lane_banks[static_cast<std::size_t>(copy.lane)] |= child_bank(copy);
            }
        }
        if (!words.empty()) close(words.size());
    }

    MoveCounts count(const WordList& words, const Tile& tile, const Boxes& boxes, MoveKind kind) {
        MoveCounts counts;
        std::vector<std::size_t> users;
        for (std::size_t p = 0; p < parents.values.size(); ++p) {
            std::vector<bool> active;
            for (const Vector& lane : lanes.displacements)
                active.push_back(clipper.active(tile.offsets, parents.displacements[p], lane));
            for (const auto& word : words) {
                users.clear();
                for (const Copy& copy : word) {
                    const auto lane = static_cast<std::size_t>(copy.lane);
                    if (active[lane] && boxes.is_new(p, lane, elements[static_cast<std::size_t>(copy.address)]))
                        users.push_back(lane);
                }
                if (users.empty()) continue;
                ++counts.words;
                counts.first_words += classes.first_update[users[0]] ? 1 : 0;
                counts.copies += static_cast<std::int64_t>(users.size());
                hops.add(users, kind, counts);
            }
        }
        return counts;
    }

    /// What windows ask: how far into the child a group reaches, and what is still to come from the parent (from the child).
    void find_addresses(const WordList& words, MoveKind kind, Move& move) const {
        const auto groups = static_cast<std::size_t>(move.groups());
        const bool drains = kind == MoveKind::write_back;
        if (windowed) move.highest.assign(groups, 0);
        if (drains ? windowed : parent_windowed) move.lowest_left.assign(groups + 1, nothing_left);
        for (std::size_t g = groups; g-- > 0;) {
            std::int64_t low = move.lowest_left.empty() ? 0 : move.lowest_left[g + 1];
            for (std::int64_t w = move.group_begin[g]; w < move.group_begin[g + 1]; ++w) {
                const auto& word = words[static_cast<std::size_t>(w)];
                for (const Copy& copy : word) {
                    if (windowed) move.highest[g] = std::max(move.highest[g], copy.address);
                    if (drains) low = std::min(low, copy.address);
                }
                if (!drains && parent_windowed) low = std::min(low, parent_address(word[0]));
            }
            if (!move.lowest_left.empty()) move.lowest_left[g] = low;
        }
    }

    Move make(const Tile& tile, MoveKind kind) {
        if (is_plain()) return plain_move(tile, kind);
        const Boxes held = boxes(tile, kind);
        WordList list = words(held, kind);
        Vector bytes;
        if (place != nullptr) bytes = order_by_bursts(list, tile);
        Move move;
        cut_groups(list, bytes, kind, move);
        move.counts = count(list, tile, held, kind);
        find_addresses(list, kind, move);
        if (place != nullptr) find_bursts(list, bytes, move);
        return move;
    }

    Move plain_move(const Tile& tile, MoveKind kind) const {
        const Boxes held = boxes(tile, kind);
        const LaneBox& box = held.now[0][0];
        std::int64_t words = 1;
        std::int64_t kept = held.before.empty() ? 0 : 1;
        for (std::size_t a = 0; a < box.low.size(); ++a) {
            std::int64_t all = 0;
            std::int64_t both = 0;
            for (std::int64_t e = box.low[a]; e < box.high[a]; ++e) {
                if (!box.contains(a, e)) continue;
                ++all;
                if (kept > 0 && held.before[0][0].contains(a, e + held.shift[a])) ++both;
            }
            words *= all;
            kept *= both;
        }
        words -= kept;
        const std::int64_t per_group = lane_group > 0 ? std::min(parent_group, lane_group) : parent_group;
        Move move;
        for (std::int64_t begin = 0; begin < words; begin += per_group) move.group_begin.push_back(begin);
        move.group_begin.push_back(words);
        const bool is_active = clipper.active(tile.offsets, parents.displacements[0], lanes.displacements[0]);
        move.counts.words = move.counts.copies = move.counts.first_words = is_active ? words : 0;
        return move;
    }
};

}  // namespace accelsim
