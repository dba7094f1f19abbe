// SPDX-License-Identifier: Apache-2.0
#include "mappings/bundles.hpp"

#include <algorithm>

namespace accelsim {

namespace {

using Vector = std::vector<std::int64_t>;

/// Places are at least a tile apart.
bool are_apart(const std::vector<Bundles::Place>& places, std::int64_t extent) {
    Vector at;
    for (const Bundles::Place& place : places) at.push_back(place.along);
    std::sort(at.begin(), at.end());
    for (std::size_t i = 1; i < at.size(); ++i)
        if (at[i] - at[i - 1] < extent) return false;
    return true;
}

}  // namespace

/// Numbers the combinations of the values of some of the lanes' loops.
class Bundles::Numbering {
public:
    Numbering(const Design& design, const std::vector<int>& loops, const std::function<bool(const LoweredLoop&, int)>& wanted) {
        std::int64_t lanes = 1;
        for (std::size_t i = loops.size(); i-- > 0;) {
            const LoweredLoop& loop = design.loops[static_cast<std::size_t>(loops[i])];
            if (wanted(loop, loops[i])) {
                parts_.push_back({lanes, loop.bound, count_, loop.dimension, loop.stride});
                count_ *= loop.bound;
            }
            lanes *= loop.bound;
        }
    }
    std::int64_t count() const { return count_; }
    std::int64_t of(std::int64_t lane) const {
        std::int64_t number = 0;
        for (const Part& part : parts_) number += lane / part.lanes % part.bound * part.weight;
        return number;
    }
    /// Per dimension, from these loops alone.
    Vector displacement(std::int64_t lane, std::size_t dimensions) const {
        Vector result(dimensions, 0);
        for (const Part& part : parts_)
            result[static_cast<std::size_t>(part.dimension)] += lane / part.lanes % part.bound * part.stride;
        return result;
    }

private:
    struct Part {
        std::int64_t lanes;  ///< of one value
        std::int64_t bound;
        std::int64_t weight;
        int dimension;
        std::int64_t stride;
    };
    std::vector<Part> parts_;
    std::int64_t count_ = 1;
};

Bundles::Bundles(const Design& design, const Tensor& tensor, const std::vector<int>& loops, const std::function<bool(int)>& apart,
                 bool heads_only, const Vector& extents) {
    const auto reduces = [&](const LoweredLoop& loop) { return design.workload.is_reduction(loop.dimension); };
    const Numbering classes_of(design, loops, [&](const LoweredLoop&, int l) { return apart(l); });
    const Numbering bundles_of(design, loops,
                               [&](const LoweredLoop& loop, int l) { return apart(l) || tensor.depends_on(loop.dimension); });
    const Numbering tails_of(design, loops, [&](const LoweredLoop& loop, int) { return heads_only && reduces(loop); });
    const Numbering updates_of(design, loops, [&](const LoweredLoop& loop, int l) { return apart(l) && reduces(loop); });
    const Numbering lanes_of(design, loops, [](const LoweredLoop&, int) { return true; });
    classes = classes_of.count();
    // Loops of one dimension give every index once, so that different values are different displacements.
    std::vector<std::int32_t> known(static_cast<std::size_t>(bundles_of.count()), -1);
    for (std::int64_t lane = 0; lane < lanes_of.count(); ++lane) {
        if (tails_of.of(lane) != 0) continue;
        std::int32_t& bundle = known[static_cast<std::size_t>(bundles_of.of(lane))];
        if (bundle < 0) {
            bundle = static_cast<std::int32_t>(lanes.size());
            lanes.emplace_back();
            sharing.push_back(classes_of.of(lane));
            comes_first.push_back(updates_of.of(lane) == 0);
        }
        lanes[static_cast<std::size_t>(bundle)].push_back(static_cast<std::int32_t>(lane));
    }
    for (const Axis& axis : tensor.axes) {
        const auto of_axis = [&](const LoweredLoop& loop, int) {
            return std::any_of(axis.terms.begin(), axis.terms.end(),
                               [&](const Term& t) { return t.dimension == loop.dimension; });
        };
        add_axis(axis, Numbering(design, loops, of_axis), design.workload.dimensions.size());
        disjoint = disjoint && are_apart(places.back(), extents[places.size() - 1]);
    }
}

void Bundles::add_axis(const Axis& axis, const Numbering& places_of, std::size_t dimensions) {
    std::vector<Place> all(static_cast<std::size_t>(places_of.count()));
    place.emplace_back();
    for (std::size_t b = 0; b < size(); ++b) {
        const std::int64_t lane = lanes[b].front();
        const auto number = static_cast<std::size_t>(places_of.of(lane));
        place.back().push_back(number);
        Place& here = all[number];
        if (here.bundles.empty()) {
            here.bundles.assign(blocks(), 0);
            here.displacement = places_of.displacement(lane, dimensions);
            for (const Term& term : axis.terms)
                here.along += term.coefficient * here.displacement[static_cast<std::size_t>(term.dimension)];
        }
        here.bundles[b / 64] |= std::uint64_t{1} << (b % 64);
    }
    places.push_back(std::move(all));
}

}  // namespace accelsim
