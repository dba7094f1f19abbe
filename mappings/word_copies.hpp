// SPDX-License-Identifier: Apache-2.0
// The words of a tile in order, each with the bundles that it goes to or comes from (docs/microarchitecture.md, 2).
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "mappings/burst_list.hpp"

namespace accelsim {

/// A copy of a word for all lanes of a bundle.
struct BundleCopy {
    std::int32_t address;
    std::int32_t bundle;
};

struct WordCopies {
    std::vector<std::size_t> begin{0};  ///< first copy of each word, and one past the last
    std::vector<BundleCopy> copies;
    std::vector<std::int64_t> keys;      ///< per word where somebody asks for them: number of its coordinate
    std::vector<std::int64_t> parent;    ///< likewise: address in the parent's tile, seen from the tile's origin there
    std::vector<BurstList::Spot> spots;  ///< likewise: in a detailed DRAM

    std::size_t size() const { return begin.size() - 1; }
    std::span<const BundleCopy> of(std::size_t word) const {
        return {copies.data() + begin[word], begin[word + 1] - begin[word]};
    }
    std::size_t first_address(std::size_t word) const { return static_cast<std::size_t>(copies[begin[word]].address); }

    /// Copies as they come, each with the number of its word: gathers those of a word.
    void gather(const std::vector<std::int32_t>& words, std::size_t count) {
        begin.assign(count + 1, 0);
        for (const std::int32_t word : words) ++begin[static_cast<std::size_t>(word) + 1];
        for (std::size_t w = 0; w < count; ++w) begin[w + 1] += begin[w];
        std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
        std::vector<BundleCopy> gathered(copies.size());
        for (std::size_t c = 0; c < copies.size(); ++c) gathered[next[static_cast<std::size_t>(words[c])]++] = copies[c];
        copies = std::move(gathered);
    }

    /// Word `order[w]` becomes word w; spots stand in the new order already.
    void reorder(const std::vector<std::int32_t>& order) {
        WordCopies result;
        for (const std::int32_t word : order) {
            const auto w = static_cast<std::size_t>(word);
            const auto here = of(w);
            result.copies.insert(result.copies.end(), here.begin(), here.end());
            result.begin.push_back(result.copies.size());
            if (!keys.empty()) result.keys.push_back(keys[w]);
            if (!parent.empty()) result.parent.push_back(parent[w]);
        }
        result.spots = std::move(spots);
        *this = std::move(result);
    }
};

/// Numbers of words by the number of their coordinate.
class WordNumbers {
public:
    explicit WordNumbers(std::int64_t range) : range_(range) {}

    /// Of the word with this coordinate: known or the next.
    std::int32_t find(std::int64_t key) {
        if (range_ > largest_table) return sparse_.try_emplace(key, static_cast<std::int32_t>(sparse_.size())).first->second;
        if (dense_.empty()) dense_.assign(static_cast<std::size_t>(range_), -1);
        std::int32_t& word = dense_[static_cast<std::size_t>(key)];
        if (word < 0) {
            word = static_cast<std::int32_t>(met_.size());
            met_.push_back(key);
        }
        return word;
    }
    void forget() {
        sparse_.clear();
        for (const std::int64_t key : met_) dense_[static_cast<std::size_t>(key)] = -1;
        met_.clear();
    }

private:
    static constexpr std::int64_t largest_table = 1 << 22;
    std::int64_t range_;
    std::vector<std::int32_t> dense_;  ///< -1: not met
    std::vector<std::int64_t> met_;
    std::unordered_map<std::int64_t, std::int32_t> sparse_;
};

}  // namespace accelsim
