// SPDX-License-Identifier: Apache-2.0
// Designs that fail by made-up rules: what shrinking leaves of them, and that the run file says the same.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "mappings/design.hpp"
#include "tests/nightly/check_run_file.hpp"
#include "tests/reference/design_features.hpp"
#include "tests/reference/random_parts.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/shrink.hpp"

namespace accelsim::testing {

namespace {

using Rule = std::function<bool(const RandomDesign&)>;

bool has_stride(const RandomDesign& design) {
    for (const Tensor& tensor : design.workload.tensors) {
        for (const Axis& axis : tensor.axes) {
            for (const Term& term : axis.terms) {
                if (term.coefficient > 1) return true;
            }
        }
    }
    return false;
}

bool has(const RandomDesign& design, const std::string& feature) {
    const std::vector<int> present = features(design);
    return std::any_of(present.begin(), present.end(),
                       [&](int f) { return feature_names()[static_cast<std::size_t>(f)] == feature; });
}

bool spills_with_stride(const RandomDesign& design) { return has_stride(design) && has(design, "spill"); }

bool windowed_operand(const RandomDesign& design) {
    for (std::size_t l = 1; l + 1 < design.architecture.levels.size(); ++l) {
        for (int t = 0; t < 2; ++t) {
            const std::string& name = design.workload.tensors[static_cast<std::size_t>(t)].name;
            if (is_kept(design, l, t) && design.architecture.levels[l].memory(name).windowed) return true;
        }
    }
    return false;
}

bool spatial_tail_or_round_up(const RandomDesign& design) {
    return has(design, "spatial_tail") || (has(design, "round_up") && has(design, "tree"));
}

/// A difference that is really there: the operand latch changes a count.
std::string latch_differs(const RandomDesign& design, std::uint64_t) {
    RandomDesign plain = design;
    plain.architecture.levels.back().operand_latch = false;
    return first_difference(tick_run(design), "latch", tick_run(plain), "no latch");
}

std::vector<RandomDesign> failing_designs(const Rule& fails, int count) {
    std::vector<RandomDesign> result;
    for (std::uint64_t seed = 1; static_cast<int>(result.size()) < count; ++seed) {
        RandomDesign design = make_random_design(seed);
        if (fails(design)) result.push_back(std::move(design));
    }
    return result;
}

/// Each question is a comparison, which takes its time; without the large steps there would be more of them.
constexpr int most_questions = 90;

RandomDesign shrunk(const RandomDesign& design, const Rule& fails) {
    int asked = 0;
    const RandomDesign small = shrink(design, [&](const RandomDesign& candidate) {
        ++asked;
        return fails(candidate);
    });
    BOOST_TEST(asked <= most_questions);
    return small;
}

void check_shrinking(const Rule& fails, std::int64_t most_steps, int designs = 20) {
    for (const RandomDesign& design : failing_designs(fails, designs)) {
        const RandomDesign small = shrunk(design, fails);
        BOOST_TEST_CONTEXT(describe(design) << "\nshrunk to\n" << describe(small)) {
            BOOST_TEST(is_legal(small));
            BOOST_TEST(fails(small));
            BOOST_TEST(issued_steps(small) <= most_steps);
            BOOST_TEST(issued_steps(small) < issued_steps(design));
            BOOST_TEST(text_of(shrink(design, fails)) == text_of(small));
            for (const Transformation& transformation : transformations()) {
                for (const RandomDesign& candidate : transformation.candidates(small))
                    BOOST_TEST(!(is_legal(candidate) && fails(candidate)), transformation.name << " still applies");
            }
            check_run_file(small, true);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shrinking)

BOOST_AUTO_TEST_CASE(read_back_sums_and_a_stride) { check_shrinking(spills_with_stride, 4); }
BOOST_AUTO_TEST_CASE(an_operand_in_a_window) { check_shrinking(windowed_operand, 1); }
BOOST_AUTO_TEST_CASE(tails_and_rounding_up) { check_shrinking(spatial_tail_or_round_up, 4); }
BOOST_AUTO_TEST_CASE(a_latch_that_saves_reads) {
    check_shrinking([](const RandomDesign& d) { return !latch_differs(d, 3).empty(); }, 4, 5);
}

// Nothing is left but the plainest machine: every option has its way back.
BOOST_AUTO_TEST_CASE(whatever_always_fails_becomes_trivial) {
    for (const RandomDesign& design : failing_designs([](const RandomDesign&) { return true; }, 20)) {
        const RandomDesign small = shrunk(design, [](const RandomDesign&) { return true; });
        BOOST_TEST(small.workload.macs() == 1);
        BOOST_TEST(small.nest.loops.empty());
        BOOST_TEST(small.architecture.levels.size() == 2u);
        BOOST_TEST(!has_stride(small));
        for (const Tensor& tensor : small.workload.tensors) {
            for (const Axis& axis : tensor.axes) BOOST_TEST(axis.size == 1);
        }
    }
}

// Windows get as small as the tiles in them, and memories of single tensors lose their options, too.
BOOST_AUTO_TEST_CASE(a_window_becomes_a_word) {
    for (const RandomDesign& design : failing_designs(windowed_operand, 20)) {
        const RandomDesign small = shrunk(design, windowed_operand);
        int windows = 0;
        for (const Level& level : small.architecture.levels) {
            for (const auto& [tensor, memory] : level.memories) {
                BOOST_TEST((memory.windowed && memory.capacity_bytes <= 2 && memory.depth == 2 && memory.width_bits == 1024));
                BOOST_TEST((memory.latency_cycles == 0 && memory.ports.reads == 1 && !memory.ports.shared));
                BOOST_TEST((memory.arbitration == Arbitration::round_robin));
                ++windows;
            }
            if (!level.windowed) continue;
            for (const auto& [tensor, bytes] : level.partitions) windows += bytes <= 4 ? 1 : 0;
        }
        BOOST_TEST(windows >= 1, text_of(small));
    }
}

/// What is left of designs that fail as soon as `size` of them reaches `least`.
void check_least(
    const std::function<std::int64_t(const RandomDesign&)>& size, std::int64_t least,
    const Rule& plain = [](const RandomDesign&) { return true; }) {
    const auto fails = [&](const RandomDesign& design) { return size(design) >= least; };
    for (const RandomDesign& design : failing_designs(fails, 20)) {
        const RandomDesign small = shrunk(design, fails);
        BOOST_TEST(size(small) == least, text_of(small));
        BOOST_TEST(plain(small), text_of(small));
    }
}

std::int64_t largest_bound(const RandomDesign& design) {
    std::int64_t largest = 0;
    for (const Dimension& dimension : design.workload.dimensions) largest = std::max(largest, dimension.bound);
    return largest;
}

/// Some loops reach beyond a dimension of three or more.
bool has_tail(const RandomDesign& design) {
    for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d) {
        std::int64_t cover = 1;
        for (const Loop& loop : design.nest.loops) cover *= static_cast<std::size_t>(loop.dimension) == d ? loop.bound : 1;
        const std::int64_t bound = design.workload.dimensions[d].bound;
        if (bound >= 3 && cover > bound) return true;
    }
    return false;
}

bool has_a_loop_of_five_inside_another(const RandomDesign& design) {
    for (const Loop& a : design.nest.loops) {
        for (const Loop& b : design.nest.loops) {
            if (&a < &b && a.dimension == b.dimension && a.bound > 1 && b.bound >= 5) return true;
        }
    }
    return false;
}

bool has_shortest_loops(const RandomDesign& design) {
    const auto& loops = design.nest.loops;
    return loops.size() == 2 && loops[0].bound == 2 && loops[1].bound == 5;
}

bool is_guarded(const RandomDesign& design) {
    return std::all_of(design.nest.issued.begin(), design.nest.issued.end(), [](std::int64_t i) { return i == 0; });
}

std::int64_t latencies(const RandomDesign& design, bool of_networks) {
    std::int64_t sum = 0;
    for (const Level& level : design.architecture.levels) {
        if (level.is_buffer() && !of_networks) sum += level.latency_cycles;
        for (const auto& [tensor, network] : level.networks) sum += of_networks ? network.latency_cycles : 0;
    }
    return sum;
}

bool has_partitions(const RandomDesign& design) {
    const auto& levels = design.architecture.levels;
    return std::any_of(levels.begin(), levels.end(), [](const Level& level) { return !level.partitions.empty(); });
}

std::int64_t own_memories(const RandomDesign& design) {
    std::int64_t sum = 0;
    for (const Level& level : design.architecture.levels) sum += static_cast<std::int64_t>(level.memories.size());
    return sum;
}

std::int64_t largest_own_window(const RandomDesign& design) {
    std::int64_t largest = 0;
    for (const Level& level : design.architecture.levels) {
        for (const auto& [tensor, memory] : level.memories) {
            if (memory.windowed) largest = std::max(largest, memory.capacity_bytes);
        }
    }
    return largest;
}

bool has_no_windows(const RandomDesign& design) {
    return largest_own_window(design) == 0 && std::none_of(design.architecture.levels.begin(), design.architecture.levels.end(),
                                                           [](const Level& level) { return level.windowed; });
}

BOOST_AUTO_TEST_CASE(numbers_go_as_low_as_they_can) {
    check_least(largest_bound, 7);
    check_least(has_tail, 1, is_guarded);
    check_least(has_a_loop_of_five_inside_another, 1, has_shortest_loops);
    check_least([](const RandomDesign& d) { return latencies(d, false); }, 1);
    check_least([](const RandomDesign& d) { return latencies(d, true); }, 1);
    check_least(own_memories, 1, has_no_windows);
    check_least(largest_own_window, 5);
    check_least(has_partitions, 1, has_no_windows);
}

// With the levels held fast, the options alone.
BOOST_AUTO_TEST_CASE(options_go_back_to_their_defaults) {
    for (const RandomDesign& design : failing_designs([](const RandomDesign&) { return true; }, 60)) {
        const std::size_t levels = design.architecture.levels.size();
        const RandomDesign small = shrunk(design, [&](const RandomDesign& d) { return d.architecture.levels.size() == levels; });
        BOOST_TEST((small.nest.partials == Partials::head && small.nest.halo == Halo::refetch && !small.nest.skip_gaps));
        BOOST_TEST(small.nest.bypass.empty());
        BOOST_TEST(is_guarded(small));
        for (const Level& level : small.architecture.levels) {
            BOOST_TEST((level.memories.empty() && level.partitions.empty() && level.keeps_all && !level.windowed));
            BOOST_TEST((level.rows == 1 && level.columns == 1 && !level.operand_latch));
            BOOST_TEST(level.latency_cycles == (level.kind == LevelKind::mac || level.kind == LevelKind::array ? 1 : 0));
            BOOST_TEST((!level.is_buffer() || (level.depth == 2 && level.ports.reads == 1 && level.ports.writes == 1)));
            BOOST_TEST((!level.is_buffer() || level.width_bits == 1024));
            BOOST_TEST((!level.ports.shared && level.arbitration == Arbitration::round_robin));
            BOOST_TEST((level.port_sets.empty() && level.interleave == Interleave::none && level.banks == 1));
            BOOST_TEST((!level.burst_grants && !level.mac_shares_ports));
            for (const auto& [tensor, network] : level.networks) {
                BOOST_TEST((network.transport == Transport::multicast && network.latency_cycles == 0 && network.width_bits == 0));
                if (tensor == small.workload.output().name) BOOST_TEST((network.reduction == Reduction::tree));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
