// SPDX-License-Identifier: Apache-2.0
#include "mappings/burst_list.hpp"

#include <algorithm>
#include <map>

namespace accelsim {

std::int64_t BurstList::phase(const std::vector<std::int64_t>& origin, std::vector<std::int64_t>& left) const {
    const std::int64_t rest = place_.whole(origin, left) % burst_bytes_;
    return rest < 0 ? rest + burst_bytes_ : rest;  // origins may lie in front of the tensor
}

std::int64_t BurstList::first_burst(const std::vector<std::int64_t>& origin) const {
    std::vector<std::int64_t> left;
    const std::int64_t from_burst = phase(origin, left);
    return place_.whole(origin, left) - from_burst;
}

std::vector<BurstList::Spot> BurstList::order(WordList& words, const std::vector<std::vector<std::int64_t>>& elements,
                                              const std::vector<std::int64_t>& origin) const {
    std::vector<std::int64_t> left;
    const std::int64_t first = phase(origin, left);
    std::map<std::int64_t, std::size_t> known;  // bursts, by their number
    std::vector<std::vector<std::pair<Spot, std::size_t>>> bursts;
    for (std::size_t w = 0; w < words.size(); ++w) {
        Spot spot{first + place_.within(left, elements[w]), 0};
        for (std::size_t a = 0; a < box_strides_.size(); ++a) spot.box += elements[w][a] * box_strides_[a];
        const auto [found, fresh] = known.try_emplace(spot.byte / burst_bytes_, bursts.size());
        if (fresh) bursts.emplace_back();
        bursts[found->second].push_back({spot, w});
    }
    std::vector<Spot> spots;
    WordList ordered;
    for (const auto& burst : bursts) {
        for (const auto& [spot, word] : burst) {
            spots.push_back(spot);
            ordered.push_back(std::move(words[word]));
        }
    }
    words = std::move(ordered);
    return spots;
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
