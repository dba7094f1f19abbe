// SPDX-License-Identifier: Apache-2.0
#include "mappings/suggestion.hpp"

#include <algorithm>
#include <cctype>

namespace accelsim {

namespace {

/// One word continues the other: 'latency' and 'latency_cycles'.
bool one_begins_other(const std::string& a, const std::string& b) {
    constexpr std::size_t shortest = 3;
    return std::min(a.size(), b.size()) >= shortest && (a.starts_with(b) || b.starts_with(a));
}

bool same_first_letter(const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && lower_case(a)[0] == lower_case(b)[0];
}

/// Edits (insert, delete, replace, swap neighbours) between two words, ignoring case.
std::size_t edit_distance(const std::string& left, const std::string& right) {
    const std::string a = lower_case(left);
    const std::string b = lower_case(right);
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

}  // namespace

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string join(const std::vector<std::string>& names, const std::string& separator) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : separator) + name;
    return text;
}

std::string suggestion(const std::string& name, const std::vector<std::string>& known) {
    constexpr std::size_t longest = 64;  // beyond it, nobody mistyped anything
    const std::string* best = nullptr;
    std::size_t best_distance = 0;
    for (const std::string& candidate : known) {
        if (name.size() > longest || candidate.size() > longest) continue;
        const std::size_t distance = one_begins_other(name, candidate) ? 1 : edit_distance(name, candidate);
        if (distance > (std::max(name.size(), candidate.size()) + 1) / 3) continue;
        const bool tie = best != nullptr && distance == best_distance;
        if (best == nullptr || distance < best_distance ||
            (tie && same_first_letter(name, candidate) && !same_first_letter(name, *best))) {
            best = &candidate;
            best_distance = distance;
        }
    }
    if (best != nullptr) return "; did you mean '" + *best + "'?";
    return known.empty() ? "" : "; known: " + join(known);
}

}  // namespace accelsim
