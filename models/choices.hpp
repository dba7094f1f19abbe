// SPDX-License-Identifier: Apache-2.0
// Every way to take one entry of each of several lists.
#pragma once

#include <cstddef>
#include <vector>

namespace accelsim {

/// Calls visit(chosen) for every choice of one entry per list.
template <typename Entry, typename Visit>
void for_each_choice(const std::vector<std::vector<Entry>>& lists, Visit visit) {
    std::vector<Entry> chosen;
    for (const std::vector<Entry>& list : lists) {
        if (list.empty()) return;
        chosen.push_back(list.front());
    }
    std::vector<std::size_t> at(lists.size(), 0);
    while (true) {
        visit(chosen);
        std::size_t i = lists.size();
        while (i > 0 && ++at[i - 1] == lists[i - 1].size()) {
            at[i - 1] = 0;
            chosen[i - 1] = lists[i - 1].front();
            --i;
        }
        if (i == 0) return;
        chosen[i - 1] = lists[i - 1][at[i - 1]];
    }
}

}  // namespace accelsim
