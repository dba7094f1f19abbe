// SPDX-License-Identifier: Apache-2.0
// The default mapping on random machines and workloads: there is one wherever single elements fit, it covers the workload, and it
// simulates to what the models and the plain nest say.
#include "models/default_mapping.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "models/energy.hpp"
#include "models/exact_counts.hpp"
#include "sim/program/yaml/load_run.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/sim/program/scratch.hpp"
#include "tests/support/compare_all.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

/// Everything at the DRAM, one lane.
Nest plain_nest(const Workload& workload, const Nest& rules) {
    Nest nest = rules;
    nest.loops.clear();
    for (int d = 0; d < static_cast<int>(workload.dimensions.size()); ++d)
        nest.loops.push_back({d, workload.dimensions[static_cast<std::size_t>(d)].bound, 0, LoopKind::temporal, {}});
    return nest;
}

bool is_legal(const Workload& workload, const Architecture& architecture, const Nest& nest) {
    try {
        lower(workload, architecture, nest);
        return true;
    } catch (const UserError&) {
        return false;
    }
}

/// What a random design leaves to the default: no loops, no issued bounds.
Nest rules_of(const RandomDesign& random) {
    Nest rules = random.nest;
    rules.loops.clear();
    rules.issued.clear();
    return rules;
}

const char* const dataflows[] = {"", "C | K", "X | Y", "FY | Y", "FX | FY", "K"};

Dataflow dataflow_of(std::uint64_t seed, const Workload& workload) {
    const std::string text = dataflows[seed % 6];
    return text.empty() ? Dataflow{} : parse_dataflow(text, workload);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(default_mappings)

BOOST_AUTO_TEST_CASE(there_is_one_wherever_single_elements_fit) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    int legal = 0;
    int better = 0;
    for (std::uint64_t seed = first; seed < first + 150; ++seed) {
        const RandomDesign random = make_random_design(seed);
        const Nest plain = plain_nest(random.workload, rules_of(random));
        if (!is_legal(random.workload, random.architecture, plain)) continue;
        ++legal;
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed << ": " << describe(random)) {
            const Nest nest =
                default_mapping(random.workload, random.architecture, dataflow_of(seed, random.workload), rules_of(random));
            const Design design = lower(random.workload, random.architecture, nest);
            const Design worst = lower(random.workload, random.architecture, plain);
            BOOST_TEST(count_exactly(design).mac_operations == random.workload.macs());
            BOOST_TEST(design.steps <= worst.steps);
            better += design.steps < worst.steps ? 1 : 0;
        }
    }
    BOOST_TEST(legal > 100);
    BOOST_TEST(better > legal / 2);
}

BOOST_AUTO_TEST_CASE(it_simulates_to_what_models_and_reference_say) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    for (std::uint64_t seed = first; seed < first + 40; ++seed) {
        RandomDesign random = make_random_design(seed);
        if (!is_legal(random.workload, random.architecture, plain_nest(random.workload, rules_of(random)))) continue;
        random.nest = default_mapping(random.workload, random.architecture, dataflow_of(seed, random.workload), rules_of(random));
        const std::string difference = run_forked([&] { return compare_all(random, seed); });
        BOOST_TEST(difference.empty(), "ACCELSIM_SEED=" << seed << ": " << describe(random) << "\n" << difference);
    }
}

/// Hand-made: one tile size decides. A buffer of 2 x 64 B for inputs and nothing else to choose.
BOOST_AUTO_TEST_CASE(tiles_grow_until_the_memory_is_full) {
    Architecture architecture;
    architecture.levels.resize(3);
    architecture.levels[0].name = "DRAM", architecture.levels[0].kind = LevelKind::dram;
    architecture.levels[1].name = "Buffer", architecture.levels[1].capacity_bytes = 1024;
    architecture.levels[2].name = "MAC", architecture.levels[2].kind = LevelKind::mac;
    const Workload workload = make_gemm(1, 64, 64);
    const Design design = lower(workload, architecture, default_mapping(workload, architecture, {}));
    const Counts counts = count_exactly(design);
    const auto dram = [&](int tensor) {
        const TensorCounts& c = counts.levels[0].tensors[static_cast<std::size_t>(tensor)];
        return c.reads_to_child + c.writes_from_child;
    };
    // Every weight once, every output once, the inputs either once or nearly so: no other blocking moves less.
    BOOST_TEST(dram(1) == 64 * 64);
    BOOST_TEST(dram(2) == 64);
    BOOST_TEST(dram(0) <= 2 * 64);
}

/// VGG-16's conv3_2 on NVDLA, whose accumulators could hold sums for which the convolution buffer lacks room. A tile of pixels
/// that fits everywhere uses each weight in a PE some hundred times; a poor optimum fetches one for every MAC.
BOOST_AUTO_TEST_CASE(tiles_leave_room_for_theirs_in_the_memories_outside) {
    ScratchFolder folder;
    const std::string run =
        folder.write("run.yaml",
                     "workload: {type: conv2d, dimensions: {K: 256, C: 256, Y: 56, X: 56, FY: 3, FX: 3}, padding: 1}\n"
                     "architecture: accelerators/nvdla.yaml\n");
    const RunConfig config = load_run(run);
    const Counts counts = count_exactly(lower(config.workload, config.architecture, config.nest));
    const auto buffer = std::find_if(counts.levels.begin(), counts.levels.end(),
                                     [](const LevelCounts& level) { return level.name == "ConvolutionBuffer"; });
    for (const TensorCounts& tensor : buffer->tensors)
        if (tensor.tensor == "weight") BOOST_TEST(tensor.reads_to_child * 100 < config.workload.macs());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
