// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/literal_move.hpp"

#include <algorithm>
#include <set>

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

}  // namespace

LiteralMover::LiteralMover(const LiteralNest& nest, const LiteralBoundary& boundary) : nest_(nest), boundary_(boundary) {
    crossed_ = nest.spatial_loops(boundary.parent, boundary.child);
    // Section 2: the head of a chain is the lane whose spatial reduction loops are all at zero.
    for (const Instance& lane : boundary.lanes) {
        bool head = true;
        for (int i : crossed_) head = head && (!nest.is_reduction(nest.loops[at(i)].dimension) || lane.loop_values[at(i)] == 0);
        head_.push_back(head);
        bool first = true;
        for (int i : crossed_) {
            const LiteralLoop& loop = nest.loops[at(i)];
            if (nest.network(loop.level, boundary.tensor).reduction != Reduction::none) continue;
            first = first && (!nest.is_reduction(loop.dimension) || lane.loop_values[at(i)] == 0);
        }
        first_update_.push_back(first);
    }
    Values position(boundary.extents.size(), 0);
    do positions_.push_back(position);
    while (advance_odometer(position, boundary.extents));
    for (const Instance& child : boundary.children) displacements_.push_back(nest.displacement(boundary.tensor, child.indices));
    word_of_fill_ = words_by_coordinate();
    word_of_chain_ = words_by_chain();
}

// Section 2: copies are of one word when their coordinates are equal and their lanes differ only on fan-outs that share.
LiteralMover::WordIds LiteralMover::words_by_coordinate() const {
    std::map<Values, std::size_t> known;
    WordIds ids;
    for (const Values& position : positions_) {
        ids.emplace_back();
        for (const Instance& lane : boundary_.lanes) {
            Values key = nest_.displacement(boundary_.tensor, lane.indices);
            for (std::size_t a = 0; a < key.size(); ++a) key[a] += position[a];
            for (int i : crossed_) {
                const Network network = nest_.network(nest_.loops[at(i)].level, boundary_.tensor);
                if (network.transport == Transport::unicast) key.push_back(lane.loop_values[at(i)]);
            }
            ids.back().push_back(known.try_emplace(key, known.size()).first->second);
        }
    }
    return ids;
}

// Section 2: partial sums: one word per chain and address; lanes of a chain differ only in spatial reduction loops.
LiteralMover::WordIds LiteralMover::words_by_chain() const {
    std::map<Values, std::size_t> known;
    WordIds ids;
    for (const Values& position : positions_) {
        ids.emplace_back();
        for (const Instance& lane : boundary_.lanes) {
            Values key = position;
            for (int i : crossed_) {
                const LiteralLoop& loop = nest_.loops[at(i)];
                const bool added = nest_.network(loop.level, boundary_.tensor).reduction != Reduction::none;
                if (!nest_.is_reduction(loop.dimension) || (boundary_.accumulates && !added))
                    key.push_back(lane.loop_values[at(i)]);
            }
            ids.back().push_back(known.try_emplace(key, known.size()).first->second);
        }
    }
    return ids;
}

Values LiteralMover::coordinate(const LiteralTile& tile, std::size_t child, std::int64_t address) const {
    Values result = tile.origin;
    for (std::size_t a = 0; a < result.size(); ++a) result[a] += displacements_[child][a] + positions_[at(address)][a];
    return result;
}

std::int64_t LiteralMover::address(const LiteralTile& tile, std::size_t child, const Values& coordinate) const {
    Values position = coordinate;
    for (std::size_t a = 0; a < position.size(); ++a) position[a] -= tile.origin[a] + displacements_[child][a];
    return row_major(position, boundary_.extents);
}

// Section 1: the address of the word's coordinate in the source tile; taken in the first instance of the parent, it is the
// same in all.
std::int64_t LiteralMover::source_address(const LiteralTile& tile, const std::vector<Copy>& word) const {
    Values position = coordinate(tile, child_index(0, word[0].lane), word[0].address);
    if (boundary_.outer < 0) {
        Values sizes;
        for (const Axis& axis : nest_.tensor(boundary_.tensor).axes) sizes.push_back(axis.size);
        return row_major(position, sizes);
    }
    const LiteralBoundary& outer = nest_.boundaries[at(boundary_.outer)];
    const Values parent = nest_.displacement(boundary_.tensor, boundary_.parents[0].indices);
    for (std::size_t a = 0; a < position.size(); ++a) position[a] -= outer.tiles[at(tile.source)].origin[a] + parent[a];
    return row_major(position, outer.extents);
}

// Section 2: a copy is live when some instance of the parent has it inside the lane's clipped box; the words are
// ordered by their first live copy, address major, lane minor.
void LiteralMover::list_words(const LiteralTile& tile, MoveKind kind, LiteralMove& move) const {
    const WordIds& ids = kind == MoveKind::operand_fill ? word_of_fill_ : word_of_chain_;
    const bool heads_only = kind == MoveKind::read_back && nest_.nest.partials == Partials::head;
    const auto lanes = static_cast<std::int32_t>(boundary_.lanes.size());
    constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
    std::vector<std::size_t> place(positions_.size() * boundary_.lanes.size(), nowhere);  // of a word in the list
    for (std::int64_t address = 0; address < boundary_.tile_words; ++address) {
        for (std::int32_t lane = 0; lane < lanes; ++lane) {
            if (heads_only && !head_[at(lane)]) continue;
            bool live = false;
            for (std::size_t parent = 0; parent < boundary_.parents.size() && !live; ++parent) {
                const std::size_t child = child_index(parent, lane);
                live = !move.boxes[child].empty && move.is_new(child, coordinate(tile, child, address));
            }
            if (!live) continue;
            std::size_t& p = place[ids[at(address)][at(lane)]];
            if (p == nowhere) {
                p = move.words.size();
                move.words.emplace_back();
            }
            move.words[p].push_back({address, lane});
        }
    }
}

// Section 5: with word-interleaved banks no second word of the group in one bank of the parent, no second copy of a lane and
// the group in one bank of the child.
bool LiteralMover::banks_allow(const LiteralTile& tile, const LiteralMove& move, std::size_t begin, std::size_t end) const {
    const Memory& parent = nest_.memory(boundary_.parent, boundary_.tensor);
    if (parent.interleave == Interleave::word) {
        std::set<std::int64_t> banks;
        for (std::size_t w = begin; w < end; ++w) {
            if (!banks.insert(source_address(tile, move.words[w]) % parent.banks).second) return false;
        }
    }
    if (boundary_.stream) return true;
    const Memory& child = nest_.memory(boundary_.child, boundary_.tensor);
    if (child.interleave != Interleave::word) return true;
    std::set<std::pair<std::int32_t, std::int64_t>> banks;  // of each lane
    for (std::size_t w = begin; w < end; ++w) {
        for (const Copy& copy : move.words[w]) {
            if (!banks.insert({copy.lane, copy.address % child.banks}).second) return false;
        }
    }
    return true;
}

// Section 2, groups: the longest run of next words that fits the parent, every network and every child.
void LiteralMover::cut_groups(const LiteralTile& tile, LiteralMove& move, bool once) const {
    const std::int64_t bits = nest_.tensor(boundary_.tensor).bits;
    const auto fits = [&](std::size_t begin, std::size_t end) {
        const std::int64_t run = static_cast<std::int64_t>(end - begin) * bits;
        if (run > nest_.memory(boundary_.parent, boundary_.tensor).width_bits) return false;
        for (int l = boundary_.parent + 1; l < boundary_.child; ++l) {
            if (nest_.level(l).kind != LevelKind::array) continue;
            const int width = nest_.network(l, boundary_.tensor).width_bits;
            if (width > 0 && run > width) return false;
        }
        if (once) {  // no two words of one coordinate (relative to the origin of the tile)
            std::set<Values> coordinates;
            for (std::size_t w = begin; w < end; ++w) {
                const Copy& copy = move.words[w][0];
                Values coordinate = nest_.displacement(boundary_.tensor, boundary_.lanes[at(copy.lane)].indices);
                for (std::size_t a = 0; a < coordinate.size(); ++a) coordinate[a] += positions_[at(copy.address)][a];
                if (!coordinates.insert(coordinate).second) return false;
            }
        }
        if (boundary_.stream) return true;
        const int width = nest_.memory(boundary_.child, boundary_.tensor).width_bits;
        std::vector<std::int64_t> lane_bits(boundary_.lanes.size(), 0);
        for (std::size_t w = begin; w < end; ++w) {
            for (const Copy& copy : move.words[w]) {
                if ((lane_bits[at(copy.lane)] += bits) > width) return false;
            }
        }
        return true;
    };
    for (std::size_t begin = 0; begin < move.words.size();) {
        std::size_t end = begin + 1;
        while (end < move.words.size() && fits(begin, end + 1) && banks_allow(tile, move, begin, end + 1)) ++end;
        move.group_end.push_back(end);
        begin = end;
    }
}

bool LiteralMover::loop_is_systolic(int loop, bool up) const {
    const Network network = nest_.network(nest_.loops[at(loop)].level, boundary_.tensor);
    return up ? network.reduction == Reduction::systolic : network.transport == Transport::systolic;
}

bool LiteralMover::crosses_systolic(bool up) const {
    for (int l = boundary_.parent + 1; l < boundary_.child; ++l) {
        if (nest_.level(l).kind != LevelKind::array) continue;
        const Network network = nest_.network(l, boundary_.tensor);
        if (up ? network.reduction == Reduction::systolic : network.transport == Transport::systolic) return true;
    }
    return false;
}

// Section 7, hops: systolic loops from the last in the nest to the first, then the others; n(i) tuples from the i-th on.
std::pair<std::int64_t, std::int64_t> LiteralMover::hops(const std::vector<std::int32_t>& lanes, bool up) {
    const auto known = hops_.find({up, lanes});
    if (known != hops_.end()) return known->second;
    std::vector<int> order;
    for (bool systolic : {true, false}) {
        for (std::size_t i = crossed_.size(); i-- > 0;) {
            if (loop_is_systolic(crossed_[i], up) == systolic) order.push_back(crossed_[i]);
        }
    }
    const auto tuples = [&](std::size_t from) {
        std::set<Values> different;
        for (std::int32_t lane : lanes) {
            Values tuple;
            for (std::size_t i = from; i < order.size(); ++i)
                tuple.push_back(boundary_.lanes[at(lane)].loop_values[at(order[i])]);
            different.insert(tuple);
        }
        return static_cast<std::int64_t>(different.size());
    };
    std::pair<std::int64_t, std::int64_t> result{0, 0};
    for (std::size_t i = 0; i < order.size() && loop_is_systolic(order[i], up); ++i) {
        const LiteralLoop& loop = nest_.loops[at(order[i])];
        std::int64_t length = 1;
        for (std::size_t j = at(order[i]) + 1; j < nest_.loops.size(); ++j) {
            if (nest_.loops[j].level == loop.level && nest_.loops[j].kind == loop.kind) length *= nest_.loops[j].bound;
        }
        const std::int64_t count = tuples(i) - tuples(i + 1);
        result.first += count;
        result.second += count * length;
    }
    hops_[{up, lanes}] = result;
    return result;
}

// Section 7: over all instances of the parent, copies inside the boxes of unmasked lanes.
void LiteralMover::count(const LiteralTile& tile, MoveKind kind, LiteralMove& move) {
    const bool up = kind == MoveKind::write_back;
    const bool systolic = crosses_systolic(up);
    for (std::size_t parent = 0; parent < boundary_.parents.size(); ++parent) {
        std::vector<bool> active;
        for (std::int32_t lane = 0; at(lane) < boundary_.lanes.size(); ++lane) {
            active.push_back(!nest_.masked(tile, boundary_.children[child_index(parent, lane)]));
        }
        for (const std::vector<Copy>& word : move.words) {
            std::vector<std::int32_t> lanes;
            for (const Copy& copy : word) {
                const std::size_t child = child_index(parent, copy.lane);
                if (active[at(copy.lane)] && move.is_new(child, coordinate(tile, child, copy.address))) {
                    lanes.push_back(copy.lane);
                }
            }
            if (lanes.empty()) continue;
            ++move.counts.words;
            move.counts.first_words += is_first_update(lanes[0]) ? 1 : 0;
            move.counts.copies += static_cast<std::int64_t>(lanes.size());
            if (!systolic || lanes.size() < 2) continue;
            const auto [hop_count, lengths] = hops(lanes, up);
            move.counts.hops += hop_count;
            move.counts.hop_lengths += lengths;
        }
    }
}

LiteralMove LiteralMover::move(const LiteralTile& tile, MoveKind kind, const LiteralTile* before) {
    LiteralMove move;
    for (const Instance& child : boundary_.children) move.boxes.push_back(nest_.clipped_box(boundary_, tile, child));
    if (before != nullptr && boundary_.reuses_halo) {
        for (const Instance& child : boundary_.children) move.held.push_back(nest_.clipped_box(boundary_, *before, child));
    }
    list_words(tile, kind, move);
    cut_groups(tile, move, boundary_.accumulates && kind == MoveKind::write_back);
    count(tile, kind, move);
    return move;
}

}  // namespace accelsim::testing
