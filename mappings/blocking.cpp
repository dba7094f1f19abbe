// SPDX-License-Identifier: Apache-2.0
#include "mappings/blocking.hpp"

#include <algorithm>
#include <array>

#include "mappings/lowering.hpp"
#include "mappings/unrolling.hpp"

namespace accelsim {

namespace {

/// What kind of reuse a dimension brings, by the tensor that it leaves alone.
enum class Kind { window, sum, pixel, channel, group };

/// Sums leave the output alone (windows are sums that share an axis with an output dimension), pixels the second operand,
/// channels the first; groups leave none alone.
Kind kind_of(const Workload& workload, int dimension) {
    if (workload.is_reduction(dimension)) {
        for (const Tensor& tensor : workload.tensors)
            for (const Axis& axis : tensor.axes)
                for (const Term& term : axis.terms)
                    if (term.dimension == dimension && axis.terms.size() > 1) return Kind::window;
        return Kind::sum;
    }
    if (!workload.tensors[1].depends_on(dimension)) return Kind::pixel;
    return workload.tensors[0].depends_on(dimension) ? Kind::group : Kind::channel;
}

using Kinds = std::array<Kind, 4>;

/// Kinds in the order in which they grow; groups come last, they bring no reuse.
constexpr std::array<Kinds, 8> growths = {{{Kind::window, Kind::sum, Kind::pixel, Kind::channel},
                                           {Kind::window, Kind::sum, Kind::channel, Kind::pixel},
                                           {Kind::window, Kind::pixel, Kind::channel, Kind::sum},
                                           {Kind::window, Kind::pixel, Kind::sum, Kind::channel},
                                           {Kind::window, Kind::channel, Kind::sum, Kind::pixel},
                                           {Kind::window, Kind::channel, Kind::pixel, Kind::sum},
                                           {Kind::pixel, Kind::window, Kind::channel, Kind::sum},
                                           {Kind::channel, Kind::pixel, Kind::window, Kind::sum}}};
/// Parts of the memory that the first kind besides windows may fill: whole, a half, a quarter.
constexpr int shares = 3;

/// Outermost first; the last stay inside, so that the tensor that they leave alone stays in place.
constexpr std::array<Kinds, 6> orders = {{{Kind::pixel, Kind::channel, Kind::sum, Kind::window},
                                          {Kind::channel, Kind::pixel, Kind::sum, Kind::window},
                                          {Kind::channel, Kind::sum, Kind::window, Kind::pixel},
                                          {Kind::sum, Kind::channel, Kind::window, Kind::pixel},
                                          {Kind::pixel, Kind::sum, Kind::window, Kind::channel},
                                          {Kind::sum, Kind::pixel, Kind::window, Kind::channel}}};

class Blocker {
public:
    Blocker(const Workload& workload, const Architecture& architecture, const std::vector<Loop>& spatial,
            const std::vector<LevelChoice>& choices, const Nest& rules)
        : workload_(workload), architecture_(architecture), spatial_(spatial), choices_(choices), rules_(rules) {
        for (int d = 0; d < static_cast<int>(workload.dimensions.size()); ++d) {
            kinds_.push_back(kind_of(workload, d));
            std::int64_t left = workload.dimensions[static_cast<std::size_t>(d)].bound;
            for (const Loop& loop : spatial)
                if (loop.dimension == d) left = (left + loop.bound - 1) / loop.bound;
            left_.push_back(left);
            spans_.push_back(1);
        }
    }

    Nest run() {
        std::vector<Loop> inward;  // innermost first
        for (std::size_t l = architecture_.levels.size(); l-- > 0;) {
            const Level& level = architecture_.levels[l];
            const auto index = static_cast<int>(l);
            if (level.kind == LevelKind::array) add_spatial(index, inward);
            if (!level.is_buffer()) continue;
            std::vector<std::int64_t> trips = level.kind == LevelKind::dram ? left_ : grow(level, index);
            add_temporal(index, trips, inward);
        }
        Nest nest = rules_;
        nest.loops.assign(inward.rbegin(), inward.rend());
        return nest;
    }

private:
    std::int64_t& left(int d) { return left_[static_cast<std::size_t>(d)]; }
    std::int64_t& span(int d) { return spans_[static_cast<std::size_t>(d)]; }
    int dimensions() const { return static_cast<int>(workload_.dimensions.size()); }

    void add_spatial(int level, std::vector<Loop>& inward) {
        for (std::size_t i = spatial_.size(); i-- > 0;) {
            if (spatial_[i].level != level) continue;
            inward.push_back(spatial_[i]);
            span(spatial_[i].dimension) *= spatial_[i].bound;
        }
    }

    void add_temporal(int level, const std::vector<std::int64_t>& trips, std::vector<Loop>& inward) {
        const Kinds& order = orders[static_cast<std::size_t>(choices_[static_cast<std::size_t>(level)].order)];
        const auto add = [&](Kind kind) {
            for (int d = dimensions(); d-- > 0;)
                if (kinds_[static_cast<std::size_t>(d)] == kind && trips[static_cast<std::size_t>(d)] > 1)
                    inward.push_back({d, trips[static_cast<std::size_t>(d)], level, LoopKind::temporal, {}});
        };
        for (std::size_t i = order.size(); i-- > 0;) add(order[i]);
        add(Kind::group);
    }

    /// The trips of this level's loops, which are taken out of what is left and into the spans.
    std::vector<std::int64_t> grow(const Level& level, int index) {
        std::vector<std::int64_t> trips(left_.size(), 1);
        const int choice = choices_[static_cast<std::size_t>(index)].growth;
        if (choice == growth_count() - 1) return trips;  // no growth at all
        const Kinds& kinds = growths[static_cast<std::size_t>(choice / shares)];
        const double share = 1.0 / static_cast<double>(1 << (choice % shares));
        bool first = true;
        for (const Kind kind : kinds) {
            const bool limited = first && kind != Kind::window;
            grow_kind(level, index, kind, limited ? share : 1.0, trips);
            first = first && !limited;
        }
        grow_kind(level, index, Kind::group, 1.0, trips);
        return trips;
    }

    void grow_kind(const Level& level, int index, Kind kind, double share, std::vector<std::int64_t>& trips) {
        for (int d = dimensions(); d-- > 0;) {
            if (kinds_[static_cast<std::size_t>(d)] != kind) continue;
            const std::vector<std::int64_t> factors = balanced_factors(left(d), left(d), !tail_is_masked(workload_, d));
            const std::int64_t before = span(d);
            const auto fitting = [&](std::int64_t factor) {
                span(d) = before * factor;
                const bool fits = fits_in(level, index, share, spans_) && (alone(index) || fits_further_out(index));
                span(d) = before;
                return fits;
            };
            // Tiles only grow with a factor, so the largest that fits is found by halving.
            const auto beyond = std::partition_point(factors.begin(), factors.end(), fitting);
            if (beyond == factors.begin()) continue;
            const std::int64_t factor = *(beyond - 1);
            span(d) = before * factor;
            left(d) = (left(d) + factor - 1) / factor;
            trips[static_cast<std::size_t>(d)] = factor;
        }
    }

    bool keeps(const Level& level, int index, int tensor) const {
        const std::string& name = workload_.tensors[static_cast<std::size_t>(tensor)].name;
        const auto bypass = rules_.bypass.find(index);
        const bool passes = bypass != rules_.bypass.end() &&
                            std::find(bypass->second.begin(), bypass->second.end(), tensor) != bypass->second.end();
        return !passes && (level.keeps_all || std::find(level.keeps.begin(), level.keeps.end(), name) != level.keeps.end());
    }

    /// Of all slots; without a list of extents, because this is asked some hundred times per blocking.
    std::int64_t bytes_of(const Tensor& tensor, const Memory& memory, const std::vector<std::int64_t>& spans) const {
        std::int64_t words = memory.windowed ? 1 : memory.depth;
        for (const Axis& axis : tensor.axes)
            words *= axis_extent(axis, [&](std::size_t d) { return std::min(spans[d], workload_.dimensions[d].bound); });
        return (words * tensor.bits + 7) / 8;
    }

    bool alone(int index) const { return choices_[static_cast<std::size_t>(index)].room == 1; }

    /// Memories outside hold the tile, too, for all lanes in between.
    bool fits_further_out(int index) const {
        std::vector<std::int64_t> spans = spans_;
        for (int outer = index - 1; outer > 0; --outer) {
            for (const Loop& loop : spatial_)
                if (loop.level == outer) spans[static_cast<std::size_t>(loop.dimension)] *= loop.bound;
            const Level& level = architecture_.levels[static_cast<std::size_t>(outer)];
            if (level.is_buffer() && !fits_in(level, outer, 1.0, spans)) return false;
        }
        return true;
    }

    /// As check_capacities() counts, with all capacities cut to a share.
    bool fits_in(const Level& level, int index, double share, const std::vector<std::int64_t>& spans) const {
        const auto cut = [&](std::int64_t bytes) { return static_cast<std::int64_t>(static_cast<double>(bytes) * share); };
        std::int64_t shared = 0;
        for (int t = 0; t < static_cast<int>(workload_.tensors.size()); ++t) {
            const Tensor& tensor = workload_.tensors[static_cast<std::size_t>(t)];
            if (!keeps(level, index, t)) continue;
            const std::int64_t bytes = bytes_of(tensor, level.memory(tensor.name), spans);
            if (const auto own = level.memories.find(tensor.name); own != level.memories.end()) {
                if (bytes > cut(own->second.capacity_bytes)) return false;
                continue;
            }
            const auto partition = level.partitions.find(tensor.name);
            if (partition != level.partitions.end() && bytes > cut(partition->second)) return false;
            shared += bytes;
        }
        return level.capacity_bytes == 0 || shared <= cut(level.capacity_bytes);
    }

    const Workload& workload_;
    const Architecture& architecture_;
    const std::vector<Loop>& spatial_;
    const std::vector<LevelChoice>& choices_;
    const Nest& rules_;
    std::vector<Kind> kinds_;
    std::vector<std::int64_t> left_;   ///< values of each dimension that no loop covers yet
    std::vector<std::int64_t> spans_;  ///< that the loops so far cover
};

}  // namespace

int growth_count() { return static_cast<int>(growths.size()) * shares + 1; }
int growth_shares() { return shares; }
int order_count() { return static_cast<int>(orders.size()); }
int room_count() { return 2; }

Nest block(const Workload& workload, const Architecture& architecture, const std::vector<Loop>& spatial,
           const std::vector<LevelChoice>& choices, const Nest& rules) {
    return Blocker(workload, architecture, spatial, choices, rules).run();
}

}  // namespace accelsim
