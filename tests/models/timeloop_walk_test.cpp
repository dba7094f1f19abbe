// SPDX-License-Identifier: Apache-2.0
// Boxes with holes, added and taken away, against their points one by one.
#include "models/timeloop_walk.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

using timeloop::Box;
using timeloop::Delta;
using Points = std::set<std::vector<std::int64_t>>;

/// Up to 4 x 4 x 4 points somewhere below 8; empty now and then.
Box random_box(RandomNumbers& random, std::size_t axes) {
    Box box;
    for (std::size_t a = 0; a < axes; ++a) {
        const std::int64_t first = random.between(0, 4);
        box.emplace_back(first, first + random.between(random.chance(5) ? 0 : 1, 4));
    }
    return box;
}

void add_points(const Box& box, std::size_t axis, std::vector<std::int64_t>& at, Points& points) {
    if (axis == box.size()) {
        if (!box.empty()) points.insert(at);
        return;
    }
    for (std::int64_t c = box[axis].first; c < box[axis].second; ++c) {
        at.push_back(c);
        add_points(box, axis + 1, at, points);
        at.pop_back();
    }
}

Points points_of(const Box& box) {
    Points points;
    std::vector<std::int64_t> at;
    add_points(box, 0, at, points);
    return points;
}

Points without(Points points, const Points& others) {
    for (const auto& point : others) points.erase(point);
    return points;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timeloop_walk)

BOOST_AUTO_TEST_CASE(differences_and_unions_of_random_boxes_have_the_points_that_they_have) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    int holes = 0;
    for (std::uint64_t seed = first; seed < first + 2000; ++seed) {
        RandomNumbers random(seed);
        const auto axes = static_cast<std::size_t>(random.between(1, 3));
        std::vector<Delta> deltas;
        Points all;
        for (std::int64_t i = random.between(1, 4); i-- > 0;) {
            const Box box = random_box(random, axes);
            const Box held = random.chance(20) ? Box{} : random_box(random, axes);
            const Delta delta = timeloop::make_delta(box, held);
            const Points rest = without(points_of(box), points_of(held));
            BOOST_TEST(delta.words() == static_cast<std::int64_t>(rest.size()), "ACCELSIM_SEED=" << seed);
            BOOST_TEST((without(points_of(delta.box), points_of(delta.hole)) == rest), "ACCELSIM_SEED=" << seed);
            holes += delta.hole.empty() ? 0 : 1;
            deltas.push_back(delta);
            all.insert(rest.begin(), rest.end());
        }
        BOOST_TEST(timeloop::union_words(deltas) == static_cast<std::int64_t>(all.size()), "ACCELSIM_SEED=" << seed);
    }
    BOOST_TEST(holes > 300);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
