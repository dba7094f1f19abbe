// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/word_values.hpp"

#include <algorithm>
#include <limits>

namespace accelsim::testing {

WordValues::WordValues(const Design& design, const Operands& operands)
    : design_(design), operands_(operands), nest_(design.workload, design.architecture, design.nest) {
    run();
}

std::int64_t WordValues::element(int tensor, const Values& coordinate) const {
    std::int64_t result = 0;
    const std::vector<Axis>& axes = nest_.tensor(tensor).axes;
    for (std::size_t a = 0; a < axes.size(); ++a) {
        if (coordinate[a] < 0 || coordinate[a] >= axes[a].size) return -1;
        result = result * axes[a].size + coordinate[a];
    }
    return result;
}

void WordValues::run() {
    const std::vector<Instance> lanes = nest_.instances(-1, static_cast<int>(design_.architecture.levels.size()) - 1);
    for (std::size_t step = 0; step < nest_.steps.size(); ++step) {
        const Values outer = nest_.indices_of(nest_.steps[step]);
        for (const Instance& lane : lanes) {
            Values indices = outer;
            bool active = true;
            for (std::size_t d = 0; d < indices.size(); ++d) {
                indices[d] += lane.indices[d];
                active = active && indices[d] < nest_.bound(d);
            }
            if (!active) continue;
            std::uint32_t product = 1;
            for (int t = 0; t < 2; ++t) {
                const std::int64_t at = element(t, nest_.coordinate(t, indices));
                product *= at < 0
                               ? 0u
                               : static_cast<std::uint32_t>(operands_[static_cast<std::size_t>(t)][static_cast<std::size_t>(at)]);
            }
            auto& history = sums_[element(2, nest_.coordinate(2, indices))];
            history.emplace_back(static_cast<std::int64_t>(step), product + (history.empty() ? 0u : history.back().second));
        }
    }
}

std::int32_t WordValues::sum_before(std::int64_t element, std::int64_t step) const {
    const auto found = sums_.find(element);
    if (found == sums_.end()) return 0;
    const auto& history = found->second;
    const auto next = std::partition_point(history.begin(), history.end(), [&](const auto& entry) { return entry.first < step; });
    return next == history.begin() ? 0 : static_cast<std::int32_t>(std::prev(next)->second);
}

std::int32_t WordValues::at(int boundary, bool up, std::int64_t tile, std::int64_t address, std::int64_t lane) const {
    const LiteralBoundary& b = nest_.boundaries[static_cast<std::size_t>(boundary)];
    const LiteralTile& t = b.tiles.at(static_cast<std::size_t>(tile));
    Values coordinate = nest_.displacement(b.tensor, b.lanes.at(static_cast<std::size_t>(lane)).indices);
    for (std::size_t a = coordinate.size(); a-- > 0;) {
        coordinate[a] += t.origin[a] + address % b.extents[a];
        address /= b.extents[a];
    }
    const std::int64_t place = element(b.tensor, coordinate);
    if (b.tensor != 2) return operands_[static_cast<std::size_t>(b.tensor)].at(static_cast<std::size_t>(place));
    if (!up) return sum_before(place, t.first_step);
    const bool last = static_cast<std::size_t>(tile) + 1 == b.tiles.size();
    return sum_before(place,
                      last ? std::numeric_limits<std::int64_t>::max() : b.tiles[static_cast<std::size_t>(tile) + 1].first_step);
}

}  // namespace accelsim::testing
