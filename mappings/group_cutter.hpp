// SPDX-License-Identifier: Apache-2.0
// Cuts the words of a tile into groups (docs/microarchitecture.md, 2).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "mappings/bundles.hpp"
#include "mappings/word_copies.hpp"

namespace accelsim {

/// What bounds a group.
struct GroupLimits {
    std::int64_t parent_group = 0;  ///< words that one group may hold (parent port, networks)
    std::int64_t lane_group = 0;    ///< words per lane and group, 0: no limit
    int parent_banks = 1, child_banks = 1;
};

/// The lanes of a bundle take the same words, so that one of them stands for all.
class GroupCutter {
public:
    /// `once`: no group holds two words of one coordinate.
    GroupCutter(const GroupLimits& limits, std::size_t bundles, bool once)
        : limits_(limits), once_(once), taken_(bundles), banks_(limits.child_banks > 1 ? bundles : 0) {}

    /// `bursts`: null, or says which words lie in one burst: groups do not cross bursts.
    void cut(const WordCopies& words, const BurstList* bursts, Move& move) {
        move.group_begin.push_back(0);
        for (std::size_t w = 0; w < words.size(); ++w) {
            const bool next_burst = bursts != nullptr && w > 0 && !bursts->same_burst(words.spots[w], words.spots[w - 1]);
            if (next_burst || !has_room(words, w)) close(w, move);
            add(words, w);
        }
        if (words.size() > 0) close(words.size(), move);
    }

private:
    /// Of a bundle in the group with this number; what is of an earlier one counts for nothing.
    template <typename Value>
    struct Stamped {
        std::int64_t group = -1;
        Value value{};
    };
    template <typename Value>
    Value& current(Stamped<Value>& of) const {
        if (of.group != group_) of = {group_, Value{}};
        return of.value;
    }

    std::uint64_t child_bank(const BundleCopy& copy) const { return std::uint64_t{1} << (copy.address % limits_.child_banks); }
    std::uint64_t parent_bank(const WordCopies& words, std::size_t w) const {
        return std::uint64_t{1} << (words.parent[w] % limits_.parent_banks);
    }

    bool has_room(const WordCopies& words, std::size_t w) {
        if (words_ >= limits_.parent_group) return false;
        for (const BundleCopy& copy : words.of(w)) {
            const auto b = static_cast<std::size_t>(copy.bundle);
            if (limits_.lane_group > 0 && current(taken_[b]) >= limits_.lane_group) return false;
            if (limits_.child_banks > 1 && (current(banks_[b]) & child_bank(copy)) != 0) return false;
        }
        if (limits_.parent_banks > 1 && (parent_banks_ & parent_bank(words, w)) != 0) return false;
        return !once_ || std::find(keys_.begin(), keys_.end(), words.keys[w]) == keys_.end();
    }

    void add(const WordCopies& words, std::size_t w) {
        ++words_;
        if (once_) keys_.push_back(words.keys[w]);
        if (limits_.parent_banks > 1) parent_banks_ |= parent_bank(words, w);
        for (const BundleCopy& copy : words.of(w)) {
            const auto b = static_cast<std::size_t>(copy.bundle);
            ++current(taken_[b]);
            if (limits_.child_banks == 1) continue;
            current(banks_[b]) |= child_bank(copy);
            all_child_banks_ |= child_bank(copy);
        }
    }

    void close(std::size_t end, Move& move) {
        move.group_begin.push_back(static_cast<std::int64_t>(end));
        if (limits_.parent_banks > 1) move.parent_banks.push_back(parent_banks_);
        if (limits_.child_banks > 1) move.child_banks.push_back(all_child_banks_);
        ++group_;
        words_ = 0;
        keys_.clear();
        parent_banks_ = all_child_banks_ = 0;
    }

    const GroupLimits& limits_;
    bool once_;
    std::int64_t group_ = 0;
    std::int64_t words_ = 0;
    std::vector<Stamped<std::int64_t>> taken_;   ///< words of each bundle
    std::vector<Stamped<std::uint64_t>> banks_;  ///< in each bundle's memory
    std::vector<std::int64_t> keys_;             ///< of the words, where each coordinate may occur once
    std::uint64_t parent_banks_ = 0;
    std::uint64_t all_child_banks_ = 0;
};

}  // namespace accelsim
