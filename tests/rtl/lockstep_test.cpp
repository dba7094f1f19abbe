// SPDX-License-Identifier: Apache-2.0
// The machines in RTL against the simulator, cycle by cycle: the walkthroughs, then random nests.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "mappings/reference.hpp"
#include "sim/program/yaml/load_run.hpp"
#include "sim/rtl/program.hpp"
#include "tests/reference/plain_outputs.hpp"
#include "tests/rtl/icarus.hpp"
#include "tests/rtl/lockstep.hpp"
#include "tests/rtl/random_nest.hpp"
#include "tests/rtl/random_structure.hpp"
#include "tests/rtl/rtl_features.hpp"
#include "tests/rtl/structures.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

using MakeRun = std::function<RtlRun(const RtlHardware&, const Operands&, std::size_t most)>;  ///< most: cycles

/// The number of cycles, or the first difference. Runs in a process of its own, for SystemC.
std::string lock_step(const RtlHardware& hardware, const Design& design, std::uint64_t seed, const std::string& name,
                      const MakeRun& make) {
    return run_forked([&] {
        const Operands operands = generate_operands(design.workload, seed);
        const WordValues values(design, operands);
        const Side simulator = run_simulator(design, operands, values);
        if (simulator.output != plain_outputs(design.workload, operands)) return std::string("the simulated outputs are wrong\n");
        const Side rtl = rtl_side(make(hardware, operands, simulator.cycles.size() + 100), hardware, design, values);
        const std::string difference = compare_sides(simulator, rtl, name + ".vcd");
        return difference.empty() ? std::to_string(simulator.cycles.size()) : difference;
    });
}

std::string lock_step_verilated(const Structure& structure, const Design& design, std::uint64_t seed, const std::string& name) {
    return lock_step(structure.hardware(), design, seed, name,
                     [&](const RtlHardware& hardware, const Operands& operands, std::size_t most) {
                         return run_rtl(*structure.make(hardware), hardware, design, operands, most);
                     });
}

std::string lock_step_icarus(const Design& design, std::uint64_t seed, const std::string& name) {
    return lock_step(
        rtl_hardware(design), design, seed, name,
        [&](const RtlHardware&, const Operands& operands, std::size_t most) { return run_icarus(design, operands, most, name); });
}

const std::vector<std::string> walkthrough_files = {"a_weight_stationary", "b_row_stationary", "c_output_stationary"};
const std::vector<std::int64_t> walkthrough_cycles = {35, 40, 41};  // docs/walkthroughs.md

Design walkthrough(std::size_t which) {
    const RunConfig config =
        load_run(std::string(ACCELSIM_SOURCE_DIR) + "/configs/walkthroughs/" + walkthrough_files[which] + ".yaml", {});
    return lower(config.workload, config.architecture, config.nest, config.name);
}

/// Its input has padding, and lanes stand beyond a bound: of a reduction dimension when the array reduces.
bool has_padding_and_tails(const Design& design) {
    const std::vector<Axis>& axes = design.tensor(0).axes;
    bool reduces = false, tails = false, reduction_tails = false;
    for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d) {
        std::int64_t spatial = 1, all = 1;
        for (const LoweredLoop& loop : design.loops) {
            if (static_cast<std::size_t>(loop.dimension) != d) continue;
            all *= loop.bound;
            if (!loop.is_temporal()) spatial *= loop.bound;
        }
        if (spatial == 1) continue;
        const bool reduction = design.workload.is_reduction(static_cast<int>(d)),
                   tail = all > design.workload.dimensions[d].bound;
        reduces = reduces || reduction;
        tails = tails || tail;
        reduction_tails = reduction_tails || (reduction && tail);
    }
    return (reduces ? reduction_tails : tails) &&
           std::any_of(axes.begin(), axes.end(), [](const Axis& a) { return a.offset < 0; });
}

/// The first short design from `seed` on that fits the structure, with a buffer so wide that the lanes limit the groups.
Design first_random(const Structure& structure, std::uint64_t seed) {
    RunConfig config = structure.config();
    config.architecture.levels[1].width_bits *= 2;
    for (;; ++seed) {
        const auto design = random_nest(config.architecture, config.workload, structure.unrolling, seed);
        if (design && design->steps <= 200 && has_padding_and_tails(*design)) return *design;
    }
}

/// A machine that was made for another nest runs this one, too.
bool fits(const Design& design, const RtlHardware& hardware) {
    try {
        rtl_program(design, hardware);
        return true;
    } catch (const UserError&) {
        return false;
    }
}

/// " 3 burst 4 fixed".
std::string text_of(const std::map<std::string, long>& numbers) {
    std::string text;
    for (const auto& [name, number] : numbers) text += " " + std::to_string(number) + " " + name;
    return text;
}

/// A run of configs/runs with settings changed.
Design configured(const std::string& run, const std::vector<std::string>& overrides) {
    const RunConfig config = load_run(std::string(ACCELSIM_SOURCE_DIR) + "/configs/runs/" + run + ".yaml", overrides);
    return lower(config.workload, config.architecture, config.nest, config.name);
}

/// Walkthrough (c) with so few ports that movers, bursts and the MAC get in each other's way.
Design contended_machine() {
    const RunConfig config = load_run(
        std::string(ACCELSIM_SOURCE_DIR) + "/configs/walkthroughs/c_output_stationary.yaml",
        {"workload.dimensions.N=4", "workload.dimensions.K=6", "mapping.nest.0.for=[C: 2, K: 3, N: 2]",
         "architecture.levels.DRAM.arbitration=fixed", "architecture.levels.GB.ports=1rw", "architecture.levels.GB.grant=burst",
         "architecture.levels.GB.width_bits=32", "architecture.levels.RF.ports=1rw", "architecture.levels.RF.mac_ports=shared"});
    return lower(config.workload, config.architecture, config.nest, config.name);
}

/// The clusters in miniature, each with other rows of the filter: in the padding one has inputs and the other has none. The
/// columns are two replicas of a systolic chain.
Design padded_clusters() {
    return configured("rtl_clusters",
                      {"architecture.levels.L1.keeps=[output]", "architecture.levels.Shared.keeps=[input, output]",
                       "architecture.levels.Shared.windowed=false", "architecture.levels.Shared.capacity=512 B",
                       "architecture.levels.Shared.partitions={input: 128 B, output: 384 B}", "architecture.levels.PE.columns=4",
                       "mapping.nest.L1.for=[C: 2]", "mapping.nest.Cluster.rows=[FY: 2]", "mapping.nest.PE.columns=[K: 2, Y: 2]",
                       "mapping.nest.RF.for=[FX: 2, X: 3]"});
}

bool is_number(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(rtl_lock_step)

BOOST_AUTO_TEST_CASE(walkthroughs_are_exact) {
    for (std::size_t s = 0; s < structures().size(); ++s) {
        const Structure& structure = structures()[s];
        const RunConfig config = structure.config();
        const Design design = lower(config.workload, config.architecture, config.nest);
        const std::string result = lock_step_verilated(structure, design, 1, "rtl_walkthrough_" + structure.name);
        BOOST_TEST(result == std::to_string(walkthrough_cycles[s]), structure.name << ": " << result);
    }
}

/// ACCELSIM_SEED: the first seed; ACCELSIM_DESIGNS: how many nests.
BOOST_AUTO_TEST_CASE(random_nests_agree) {
    const long first = environment_number("ACCELSIM_SEED", 1), count = environment_number("ACCELSIM_DESIGNS", 120);
    long done = 0, failures = 0;
    std::int64_t cycles = 0;
    std::map<std::string, long> nests, features;
    for (long seed = first; done < count && failures < 3; ++seed) {
        const Structure& structure = structures()[static_cast<std::size_t>(seed) % structures().size()];
        const RunConfig config = structure.config();
        const std::optional<Design> design =
            random_nest(config.architecture, config.workload, structure.unrolling, static_cast<std::uint64_t>(seed));
        if (!design || !fits(*design, structure.hardware())) continue;
        ++done;
        const std::string result =
            lock_step_verilated(structure, *design, static_cast<std::uint64_t>(seed), "rtl_seed_" + std::to_string(seed));
        if (is_number(result)) {
            cycles += std::stoll(result);
            ++nests[structure.name];
            for (const std::string& feature : rtl_features(*design)) ++features[feature];
            continue;
        }
        ++failures;
        BOOST_ERROR("ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1, " << structure.name << "\n"
                                     << result << "\n"
                                     << explain(*design));
    }
    std::cout << done << " random nests from ACCELSIM_SEED=" << first << ":";
    std::cout << text_of(nests) << ", " << cycles << " cycles:" << text_of(features) << '\n';
    if (count < 100) return;  // somebody looks at some seeds
    BOOST_TEST(cycles >= 100'000);
    BOOST_TEST(done >= 100);
    for (const Structure& structure : structures()) BOOST_TEST(nests[structure.name] >= 20, structure.name);
    for (const char* feature : {"replication", "array_tail", "spill_to_buffer", "spill_to_dram"})
        BOOST_TEST(features[feature] >= 10, feature);
}

BOOST_AUTO_TEST_SUITE_END()

/// The first differences of sides that are known to differ.
BOOST_AUTO_TEST_SUITE(rtl_report)

namespace {

/// Walkthrough (a): what compare_sides() says when `alter` was at the RTL's side, or at its operands before it ran.
std::string report_of(const std::function<void(Side&)>& alter, const std::function<void(Operands&)>& alter_operands) {
    return run_forked([&] {
        const Structure& structure = structures()[0];
        const RunConfig config = structure.config();
        const Design design = lower(config.workload, config.architecture, config.nest);
        const Operands original = generate_operands(design.workload, 1);
        Operands operands = original;
        const WordValues values(design, original);
        const Side simulator = run_simulator(design, original, values);
        alter_operands(operands);
        const RtlHardware hardware = structure.hardware();
        Side rtl = rtl_side(run_rtl(*structure.make(hardware), hardware, design, operands, 1000), hardware, design, values);
        alter(rtl);
        return compare_sides(simulator, rtl, "rtl_report.vcd");
    });
}

std::string file_text(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(another_value_of_a_word_is_told_where_it_crosses_first) {
    const std::string report =
        report_of([](Side&) {}, [](Operands& operands) { operands[1][0] = static_cast<std::int16_t>(operands[1][0] ^ 1); });
    BOOST_TEST(report.starts_with("first difference in cycle 2, signal weight@GB:\n  simulator: tile 0 group 0 words 0@0="),
               report);
    BOOST_TEST(report.find("\n  RTL:       tile 0 group 0 words 0@0=") != std::string::npos, report);
    BOOST_TEST(report.ends_with("around it: rtl_report.vcd\n"), report);
}

BOOST_AUTO_TEST_CASE(another_cause_is_told_and_both_sides_are_in_the_waveform) {
    std::filesystem::remove("rtl_report.vcd");
    const std::string report = report_of([](Side& side) { side.cycles[12][0] = "array: readback"; }, [](Operands&) {});
    BOOST_TEST(report.starts_with("first difference in cycle 12, signal array:\n  simulator: "), report);
    BOOST_TEST(report.find("\n  RTL:       readback\n") != std::string::npos, report);
    const std::string vcd = file_text("rtl_report.vcd");
    for (const char* part :
         {"$scope module simulator $end", "$scope module rtl $end", " weight_GB $end", "\n#24\n", "sreadback "})
        BOOST_TEST(vcd.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(a_group_that_is_not_there_is_told) {
    const std::string report = report_of([](Side& side) { side.cycles[1].pop_back(); }, [](Operands&) {});
    BOOST_TEST(report.starts_with("first difference in cycle 1, signal "), report);
    BOOST_TEST(report.find("\n  RTL:       nothing\n") != std::string::npos, report);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_over_too_early_is_told) {
    const std::string report = report_of([](Side& side) { side.cycles.pop_back(); }, [](Operands&) {});
    BOOST_TEST(
        report.starts_with("first difference in cycle 34, signal array:\n  simulator: drain\n  RTL:       the run is over\n"),
        report);
}

BOOST_AUTO_TEST_CASE(the_end_is_compared_too) {
    const std::string outputs = report_of([](Side& side) { ++side.output[2]; }, [](Operands&) {});
    BOOST_TEST(outputs.starts_with("output 2:\n  simulator: "), outputs);
    const std::string breakdown = report_of([](Side& side) { ++side.breakdown["busy"]; }, [](Operands&) {});
    BOOST_TEST(breakdown.starts_with("breakdown:\n  simulator: busy 6, "), breakdown);
}

BOOST_AUTO_TEST_SUITE_END()

/// What `accelsim rtl` writes, under Icarus with the testbench written beside it. Planted faults run this suite: templates from
/// ACCELSIM_TEMPLATES, the first difference ends it.
BOOST_AUTO_TEST_SUITE(rtl_icarus)

BOOST_AUTO_TEST_CASE(emitted_machines_are_exact) {
    for (std::size_t w = 0; w < walkthrough_files.size(); ++w) {
        const std::string result = lock_step_icarus(walkthrough(w), 1, "rtl_icarus_" + walkthrough_files[w]);
        BOOST_REQUIRE_MESSAGE(result == std::to_string(walkthrough_cycles[w]), walkthrough_files[w] << ": " << result);
    }
    const std::string contended = lock_step_icarus(contended_machine(), 1, "rtl_icarus_contended");
    BOOST_REQUIRE_MESSAGE(is_number(contended), "contended ports: " << contended);
    const std::string clusters = lock_step_icarus(configured("rtl_clusters", {}), 1, "rtl_icarus_clusters");
    BOOST_REQUIRE_MESSAGE(is_number(clusters), "clusters: " << clusters);
    const std::string padded = lock_step_icarus(padded_clusters(), 1, "rtl_icarus_padded_clusters");
    BOOST_REQUIRE_MESSAGE(is_number(padded), "padded clusters: " << padded);
    const auto seed = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1000));
    for (const Structure& structure : structures()) {
        const std::string result = lock_step_icarus(first_random(structure, seed), seed, "rtl_icarus_random_" + structure.name);
        BOOST_REQUIRE_MESSAGE(is_number(result), "ACCELSIM_SEED=" << seed << ", " << structure.name << ": " << result);
    }
}

BOOST_AUTO_TEST_SUITE_END()

/// The validation designs of the Interstellar paper, and the accelerators of the first run with arrays of 4 x 4 (a large array
/// costs a simulator of RTL hours), on layers that Icarus runs in seconds.
BOOST_AUTO_TEST_SUITE(rtl_accelerators)

namespace {

void accelerators_agree(const std::vector<std::pair<std::string, std::vector<std::string>>>& runs) {
    for (const auto& [name, overrides] : runs) {
        const std::string result =
            lock_step_icarus(configured(name, overrides), 1, "rtl_" + name.substr(name.find_last_of('/') + 1));
        BOOST_TEST(is_number(result), name << ": " << result);
        std::cout << name << ": " << result << " cycles\n";
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(os4_os8_and_ws16_are_exact) {
    const std::vector<std::string> small = {"workload.dimensions.C=2", "workload.dimensions.Y=1"};
    accelerators_agree(
        {{"rtl_os4", small}, {"rtl_os8", small}, {"rtl_ws16", {"workload.dimensions.FY=1", "workload.dimensions.Y=1"}}});
}

BOOST_AUTO_TEST_CASE(the_accelerators_of_the_first_run_are_exact) {
    const std::vector<std::string> small = {"architecture.levels.PEs.rows=4", "architecture.levels.PEs.columns=4",
                                            "workload.dimensions.Y=4",        "workload.dimensions.X=4",
                                            "workload.dimensions.C=4",        "workload.dimensions.K=8"};
    const auto with_nest = [&](std::vector<std::string> nest) {
        nest.insert(nest.begin(), small.begin(), small.end());
        return nest;
    };
    accelerators_agree(
        {{"../first_run", with_nest({"mapping.nest.0.for=[K: 2]", "mapping.nest.1.for=[Y: 4]", "mapping.nest.2.rows=[C: 4]",
                                     "mapping.nest.2.columns=[K: 4]", "mapping.nest.3.for=[FY: 3, FX: 3, X: 4]"})},
         {"alexnet_conv3_rs",
          with_nest({"mapping.nest.0.for=[C: 2]", "mapping.nest.1.for=[K: 4, C: 2]", "mapping.nest.2.rows=[FY: 3]",
                     "mapping.nest.2.columns=[Y: 4]", "mapping.nest.3.for=[K: 2, FX: 3, X: 4]"})},
         {"alexnet_conv3_os",
          with_nest({"mapping.nest.0.for=[K: 2, C: 2]", "mapping.nest.1.for=[C: 2]", "mapping.nest.2.rows=[X: 4]",
                     "mapping.nest.2.columns=[Y: 4]", "mapping.nest.3.for=[K: 4, FY: 3, FX: 3]"})}});
}

BOOST_AUTO_TEST_SUITE_END()

/// Machines that nobody drew up: structure and nest are random. Under Icarus, which compiles one in a second.
BOOST_AUTO_TEST_SUITE(rtl_random_structures)

/// ACCELSIM_SEED: the first seed; ACCELSIM_STRUCTURES: how many machines. Machines that show nothing new wait until all features
/// were seen.
BOOST_AUTO_TEST_CASE(random_structures_agree) {
    const long first = environment_number("ACCELSIM_SEED", 1), count = environment_number("ACCELSIM_STRUCTURES", 8);
    std::set<std::string> missing = {"replication", "array_tail",   "spill_to_buffer", "spill_to_dram",    "fixed",      "burst",
                                     "mac_ports",   "tensor_banks", "port_sets",       "shared_ports",     "memories",   "bypass",
                                     "clusters",    "lane_levels",  "shared_levels",   "no_shared_buffer", "word_banks", "copy",
                                     "round_up",    "narrow_sums",  "windowed"};
    long done = 0, failures = 0;
    std::int64_t cycles = 0;
    std::map<std::string, long> seen;
    for (long seed = first; done < count && failures < 3; ++seed) {
        const std::optional<Design> design = random_structure(static_cast<std::uint64_t>(seed));
        if (!design) continue;
        const std::set<std::string> features = rtl_features(*design);
        if (count > 1 && !missing.empty() &&
            std::none_of(features.begin(), features.end(), [&](const std::string& f) { return missing.contains(f); }))
            continue;
        ++done;
        const std::string result =
            lock_step_icarus(*design, static_cast<std::uint64_t>(seed), "rtl_structure_" + std::to_string(seed));
        if (is_number(result)) {
            cycles += std::stoll(result);
            for (const std::string& feature : features) {
                ++seen[feature];
                missing.erase(feature);
            }
            continue;
        }
        ++failures;
        BOOST_ERROR("ACCELSIM_SEED=" << seed << " ACCELSIM_STRUCTURES=1\n" << result << "\n" << explain(*design));
    }
    std::cout << done << " random structures from ACCELSIM_SEED=" << first << ", " << cycles << " cycles:" << text_of(seen)
              << '\n';
    BOOST_TEST((count < 8 || missing.empty()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
