// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/tile_marks.hpp"

#include <algorithm>

namespace accelsim {

void TileMarks::step(std::int64_t cycle, const std::vector<std::int64_t>& values) {
    std::size_t advanced = 0;
    if (!last_.empty())
        advanced = static_cast<std::size_t>(std::mismatch(last_.begin(), last_.end(), values.begin()).first - last_.begin());
    for (std::size_t loop = advanced; loop < starts_.size(); ++loop) {
        if (starts_[loop].size() <= most) starts_[loop].push_back({cycle, values});
    }
    last_ = values;
}

std::vector<TileMarks::Mark> TileMarks::marks() const {
    std::size_t chosen = 0;
    for (std::size_t loop = 0; loop < starts_.size() && starts_[loop].size() <= most; ++loop) chosen = loop;
    std::vector<Mark> result;
    for (std::size_t i = 0; !starts_.empty() && i < std::min(most, starts_[chosen].size()); ++i) {
        const Start& start = starts_[chosen][i];
        std::size_t advanced = chosen;
        if (i > 0) {
            const std::vector<std::int64_t>& before = starts_[chosen][i - 1].values;
            const auto differ = std::mismatch(before.begin(), before.end(), start.values.begin());
            advanced = static_cast<std::size_t>(differ.first - before.begin());
        }
        result.push_back({start.cycle, loops_[advanced] + ' ' + std::to_string(start.values[advanced])});
    }
    return result;
}

}  // namespace accelsim
