// SPDX-License-Identifier: Apache-2.0
#include "mappings/burst_list.hpp"

#include <algorithm>
#include <utility>

#include "mappings/boxes.hpp"

namespace accelsim {

BurstList::BurstList(const TensorPlace& place, std::int64_t burst_bytes, std::vector<std::int64_t> box)
    : place_(place), burst_bytes_(burst_bytes), box_(std::move(box)), box_strides_(row_major_strides(box_)) {}

std::int64_t BurstList::phase(const std::vector<std::int64_t>& origin, std::vector<std::int64_t>& left) const {
    const std::int64_t rest = place_.whole(origin, left) % burst_bytes_;
    return rest < 0 ? rest + burst_bytes_ : rest;  // origins may lie in front of the tensor
}

std::int64_t BurstList::first_burst(const std::vector<std::int64_t>& origin) const {
    std::vector<std::int64_t> left;
    const std::int64_t from_burst = phase(origin, left);
    return place_.whole(origin, left) - from_burst;
}

BurstList::Spots BurstList::spots(const std::vector<std::int64_t>& origin) const {
    std::vector<std::int64_t> left;
    const std::int64_t first = phase(origin, left);
    std::vector<std::int64_t> element(box_.size(), 0);
    const std::int64_t nothing = place_.within(left, element);
    Spots result(box_.size());
    for (std::size_t a = 0; a < box_.size(); ++a) {
        for (element[a] = 0; element[a] < box_[a]; ++element[a]) {
            // The first axis carries what is not of any axis.
            const std::int64_t byte = place_.within(left, element) - nothing + (a == 0 ? first + nothing : 0);
            result[a].push_back({byte, element[a] * box_strides_[a]});
        }
        element[a] = 0;
    }
    return result;
}

std::vector<std::int32_t> BurstList::order(std::vector<Spot>& spots) {
    std::vector<std::int64_t> begin;             // of each burst in the order, first its number of words
    std::vector<std::int32_t> of(spots.size());  // burst of each word
    bool ordered = true;
    for (std::size_t w = 0; w < spots.size(); ++w) {
        const auto number = static_cast<std::size_t>(spots[w].byte / burst_bytes_);
        if (number >= known_.size()) known_.resize(number + 1, -1);
        std::int32_t& burst = known_[number];
        if (burst < 0) {
            burst = static_cast<std::int32_t>(begin.size());
            begin.push_back(0);
        }
        ordered = ordered && static_cast<std::size_t>(burst) + 1 == begin.size();
        of[w] = burst;
        ++begin[static_cast<std::size_t>(burst)];
    }
    for (const Spot& spot : spots) known_[static_cast<std::size_t>(spot.byte / burst_bytes_)] = -1;
    if (ordered) return {};
    std::int64_t end = 0;
    for (std::int64_t& count : begin) count = std::exchange(end, end + count);
    std::vector<std::int32_t> result(spots.size());
    std::vector<Spot> in_order(spots.size());
    for (std::size_t w = 0; w < spots.size(); ++w) {
        const auto to = static_cast<std::size_t>(begin[static_cast<std::size_t>(of[w])]++);
        result[to] = static_cast<std::int32_t>(w);
        in_order[to] = spots[w];
    }
    spots = std::move(in_order);
    return result;
}

void BurstList::cut(const std::vector<Spot>& spots, Move& move) const {
    for (std::size_t g = 0; g < static_cast<std::size_t>(move.groups()); ++g) {
        const auto begin = static_cast<std::size_t>(move.group_begin[g]);
        const std::int64_t offset = spots[begin].byte / burst_bytes_ * burst_bytes_;
        if (move.bursts.empty() || move.bursts.back().offset != offset)
            move.bursts.push_back({offset, 0, move.runs.size(), move.runs.size(), 0});
        Burst& burst = move.bursts.back();
        burst.group_end = static_cast<std::int64_t>(g) + 1;
        if (!move.highest.empty()) burst.highest = std::max(burst.highest, move.highest[g]);
        for (std::size_t w = begin; w < static_cast<std::size_t>(move.group_begin[g + 1]); ++w)
            add_to_runs({spots[w].byte - offset, spots[w].box}, burst, move);
        burst.run_end = move.runs.size();
    }
}

void BurstList::add_to_runs(const Spot& spot, const Burst& burst, Move& move) const {
    if (move.runs.size() > burst.run_begin) {
        BurstRun& last = move.runs.back();
        if (last.byte + last.words * place_.element_bytes() == spot.byte && last.box + last.words == spot.box) {
            ++last.words;
            return;
        }
    }
    move.runs.push_back({static_cast<std::int32_t>(spot.byte), 1, spot.box});
}

}  // namespace accelsim
