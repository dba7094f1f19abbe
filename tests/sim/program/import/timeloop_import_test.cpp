// SPDX-License-Identifier: Apache-2.0
// What each key of Timeloop's files becomes (docs/timeloop.md).
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "models/exact_counts.hpp"
#include "sim/program/import/timeloop_import.hpp"
#include "tests/sim/program/scratch.hpp"

namespace accelsim::testing {

namespace {

const std::string problem = R"(
problem:
  shape:
    name: GEMM
    dimensions: [M, N, K]
    data-spaces:
    - {name: A, projection: [[[M]], [[K]]]}
    - {name: B, projection: [[K], [N]]}
    - {name: Z, projection: [M, N], read-write: True}
  instance: {M: 8, N: 8, K: 8}
)";

const std::string mapping = R"(
mapping:
- {target: DRAM, type: temporal, factors: M2 N=1 K1, permutation: KNM}
- {target: GB, type: temporal, factors: [M=2, N = 4, K=4], permutation: "K,N,M"}
- {target: GB, type: spatial, factors: M=2 N=2 K=1, permutation: [M, N, K], split: 1}
- {target: 0, type: temporal, factors: K=0}
)";

/// The usual machine with these attributes at GB, and more attributes at DRAM.
std::string architecture(const std::string& gb, const std::string& dram = "word-bits: 16") {
    return "arch:\n  version: 0.2\n  subtree:\n  - name: system\n    local:\n    - {name: DRAM, class: DRAM, attributes: {" +
           dram +
           "}}\n    subtree:\n    - name: \"chip[0..1]\"\n      local:\n      - {name: GB, class: SRAM, attributes: {instances: "
           "1, " +
           gb +
           "}}\n      - {name: \"RF[0..1]\", class: regfile, attributes: {entries: 32, meshX: 2}}\n"
           "      - {name: \"MACC[0..1]\", class: intmac, attributes: {meshX: 2, datawidth: 16}}\n";
}

RunConfig imported(const std::string& arch, const std::string& more = "", const std::string& map = mapping) {
    const ScratchFolder scratch;
    std::string whole_map = map;
    // K=0 at RF means all of K; GB has 4 of 8 then, unless the test brings its own mapping.
    if (map == mapping) whole_map.replace(whole_map.find("K=0"), 3, "K=2");
    return import_timeloop(
        {scratch.write("a.yaml", arch), scratch.write("b.yaml", problem + more), scratch.write("c.yaml", whole_map)}, "t");
}

Level gb(const std::string& attributes) { return imported(architecture(attributes)).architecture.levels[1]; }

std::string ports(const Level& level) {
    const std::string text = level.ports.shared
                                 ? std::to_string(level.ports.reads) + "rw"
                                 : std::to_string(level.ports.reads) + "r" + std::to_string(level.ports.writes) + "w";
    return text + " " + std::to_string(level.width_bits);
}

bool notes(const RunConfig& config, const std::string& note) {
    return std::find(config.notes.begin(), config.notes.end(), note) != config.notes.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timeloop_keys)

BOOST_AUTO_TEST_CASE(bandwidths_become_ports) {
    BOOST_TEST(ports(gb("entries: 1024")) == "4r4w 65536");
    BOOST_TEST(ports(gb("entries: 1024, read_bandwidth: 4, write_bandwidth: 2")) == "2r1w 32");
    BOOST_TEST(ports(gb("entries: 1024, read_bandwidth: 2")) == "1r4w 32");
    BOOST_TEST(ports(gb("entries: 1024, bandwidth: 6")) == "1r1w 48");
    BOOST_TEST(ports(gb("entries: 1024, read_bandwidth: 0.5, write_bandwidth: 0.5")) == "1r1w 16");
    BOOST_TEST(ports(gb("entries: 1024, shared_bandwidth: 3")) == "1rw 48");
    BOOST_TEST(ports(gb("entries: 1024, shared_bandwidth: 3, read_bandwidth: 2, write_bandwidth: 2")) == "1rw 48");
    BOOST_TEST(ports(gb("entries: 1024, shared_bandwidth: 8, read_bandwidth: 4, write_bandwidth: 4")) == "1r1w 64");
    BOOST_TEST(ports(gb("entries: 1024, read_bandwidth: 101, write_bandwidth: 100")) == "1r1w 1600");
    BOOST_TEST(ports(gb("entries: 1024, block-size: 4")) == "1r1w 64");
    BOOST_TEST(ports(gb("entries: 1024, cluster-size: 2, n_words: 4, n_ports: 1")) == "1rw 128");
    BOOST_TEST(ports(gb("entries: 1024, width: 32")) == "1r1w 32");
    BOOST_TEST(ports(gb("entries: 1024, read_bandwidth: 100000, write_bandwidth: 100000")) == "1r1w 65536");
    const RunConfig config = imported(architecture("entries: 1024, read_bandwidth: 2.5, write_bandwidth: 3"));
    BOOST_TEST(notes(config, "'GB': read_bandwidth of 2.5 words per cycle is taken as 3, ports carry whole words"));
}

BOOST_AUTO_TEST_CASE(sizes_become_capacities_and_depths) {
    BOOST_TEST(gb("entries: 1000").capacity_bytes == 2000);
    BOOST_TEST(gb("sizeKB: 2").capacity_bytes == 2048);
    BOOST_TEST(gb("memory_depth: 64, block_size: 4").capacity_bytes == 64 * 4 * 2);
    BOOST_TEST(gb("entries: 1000").depth == 1);
    BOOST_TEST(gb("entries: 1000, multiple-buffering: 2").depth == 2);
    BOOST_TEST(gb("entries: 1000, multiple-buffering: 2").capacity_bytes == 2000);
    BOOST_TEST(gb("entries: 1000, multiple_buffering: 1.5").depth == 1);
    BOOST_TEST(gb("entries: 1000, multiple_buffering: 1.5").capacity_bytes == 666 * 2);  // floor(1000 / 1.5) words
    BOOST_TEST(gb("entries: 1000, multiple_buffering: 2.5").capacity_bytes == 400 * 2 * 2);
    BOOST_TEST(gb("entries: 1099511627776").capacity_bytes == std::int64_t{1} << 40);
    const Architecture unlimited = imported(architecture("entries: 1000")).architecture;
    BOOST_TEST(unlimited.levels[0].capacity_bytes == 0);
}

BOOST_AUTO_TEST_CASE(words_of_one_width_are_the_elements) {
    const auto bits = [](const RunConfig& config) { return config.workload.tensors[2].bits; };
    const std::string narrow = architecture("entries: 200, word_width: 8", "datawidth: 8");
    BOOST_TEST(bits(imported(narrow)) == 16);  // RF has the default, 16
    std::string all = narrow;
    all.replace(all.find("entries: 32"), 11, "word_bits: 8, entries: 32");
    const RunConfig config = imported(all);
    BOOST_TEST(bits(config) == 8);
    BOOST_TEST(config.architecture.levels[1].capacity_bytes == 200);
    BOOST_TEST(notes(imported(narrow),
                     "words are taken as 16 bits wide (Timeloop: different widths); capacities and prices are kept per word"));
}

BOOST_AUTO_TEST_CASE(loops_without_a_place_stand_outside_the_others) {
    std::string map = mapping;
    map.replace(map.find("K=0"), 3, "K=2");
    const auto loops_at = [&](const RunConfig& config, const char* level) {
        std::string text;
        for (const Loop& loop : config.nest.loops)
            if (loop.level == config.architecture.find_level(level) && loop.kind == LoopKind::temporal)
                text += config.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name;
        return text;
    };
    BOOST_TEST(loops_at(imported(architecture("entries: 1000"), "", map), "GB") == "MNK");
    std::string without = map;
    without.erase(without.find(", permutation: \"K,N,M\""), 22);
    const RunConfig config = imported(architecture("entries: 1000"), "", without);
    BOOST_TEST(loops_at(config, "GB") == "KNM");
    BOOST_TEST(
        notes(config,
              "the temporal directive of 'GB' gives no place to M, N, K: outside the others, in the problem's order, as in "
              "Timeloop"));
    std::string partly = map;
    partly.replace(partly.find("\"K,N,M\""), 7, "N");
    BOOST_TEST(loops_at(imported(architecture("entries: 1000"), "", partly), "GB") == "KMN");
}

BOOST_AUTO_TEST_CASE(the_environment_switches_links_off) {
    const ScratchFolder scratch;
    const auto links = [&](const std::string& environment) {
        std::string map = mapping;
        map.replace(map.find("K=0"), 3, "K=2");
        return import_timeloop({scratch.write("a.yaml", architecture("entries: 1000")), scratch.write("b.yaml", problem),
                                scratch.write("c.yaml", map), scratch.write("env.txt", environment)},
                               "t")
            .architecture.timeloop.links;
    };
    BOOST_TEST(links(""));
    BOOST_TEST(links("TIMELOOP_DISABLE_LINK_TRANSFERS=0\n"));
    BOOST_TEST(!links("# of its run\nexport TIMELOOP_DISABLE_LINK_TRANSFERS=1\n"));
    const std::string message = user_error([&] { links("\nTIMELOOP_ENABLE_TOROIDAL_LINKS=1\n"); });
    BOOST_TEST(message.ends_with("env.txt:2:1: a line of Timeloop's environment is 'TIMELOOP_DISABLE_LINK_TRANSFERS=1', not "
                                 "'TIMELOOP_ENABLE_TOROIDAL_LINKS=1'; its other variables are unknown here"),
               message);
    ::setenv("TIMELOOP_DISABLE_LINK_TRANSFERS", "1", 1);
    BOOST_TEST(!links(""));
    ::unsetenv("TIMELOOP_DISABLE_LINK_TRANSFERS");
}

BOOST_AUTO_TEST_CASE(meshes_become_fan_outs) {
    const Architecture machine = imported(architecture("entries: 1000")).architecture;
    BOOST_TEST(machine.levels[2].name == "GB_to_RF");
    BOOST_TEST(machine.levels[2].columns == 2);  // meshX 2 of 2 x 2 instances
    BOOST_TEST(machine.levels[2].rows == 2);
    BOOST_TEST((machine.levels[2].network("Z").reduction == Reduction::tree));
    BOOST_TEST(machine.levels.size() == 5U);
}

BOOST_AUTO_TEST_CASE(latencies_become_those_of_networks) {
    const Architecture below =
        imported(architecture("entries: 1000, network_fill_latency: 3, network_drain_latency: 5")).architecture;
    BOOST_TEST(below.levels[2].network("A").latency_cycles == 3);
    BOOST_TEST(below.levels[2].network("Z").latency_cycles == 5);
    const Architecture single = imported(architecture("entries: 1000", "network-fill-latency: 7")).architecture;
    BOOST_TEST(single.levels[1].name == "DRAM_to_GB");
    BOOST_TEST(single.levels[1].rows * single.levels[1].columns == 1);
    BOOST_TEST(single.levels[1].network("B").latency_cycles == 7);
    BOOST_TEST(single.levels[1].network("Z").latency_cycles == 1);
    std::string named = architecture("entries: 1000, network_read: noc, network_update: tree");
    named.insert(named.find("    subtree:\n    - name"),
                 "    - {name: noc, class: SimpleMulticast, attributes: {fill_latency: 4, drain_latency: 9}}\n"
                 "    - {name: tree, class: ReductionTree, attributes: {fill_latency: 9, drain_latency: 6}}\n"
                 "    - {name: wires, class: \"a wire\\nof: copper\"}\n");
    const RunConfig config = imported(named);
    BOOST_TEST(config.architecture.levels[2].network("A").latency_cycles == 4);
    BOOST_TEST(config.architecture.levels[2].network("Z").latency_cycles == 6);
    BOOST_TEST(notes(config, "network 'noc': its latencies are used, its energy is not"));
    // A class with a line end must not leave its comment.
    BOOST_TEST(imported_run_file(config, {"a"}, timeloop_source()).find("\n# - 'wires' of class a wire of: copper is neither") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(directives_become_loops) {
    const RunConfig config = imported(architecture("entries: 1000"));
    std::string text;
    for (const Loop& loop : config.nest.loops)
        text += config.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name + std::to_string(loop.bound) +
                (loop.kind == LoopKind::rows      ? "r"
                 : loop.kind == LoopKind::columns ? "c"
                                                  : "") +
                "@" + config.architecture.levels[static_cast<std::size_t>(loop.level)].name + " ";
    BOOST_TEST(text == "M2@DRAM M2@GB N4@GB K4@GB N2r@GB_to_RF M2c@GB_to_RF K2@RF ");
    // 0 is the whole dimension.
    const RunConfig whole = imported(architecture("entries: 1000"), "",
                                     "mapping:\n- {target: DRAM, type: temporal, factors: M=0 N=0, permutation: NM}\n"
                                     "- {target: RF, type: temporal, factors: K0}\n");
    BOOST_TEST(whole.nest.loops.size() == 3U);
    BOOST_TEST(whole.nest.loops[2].bound == 8);
}

BOOST_AUTO_TEST_CASE(the_layer_needs_no_shape) {
    const ScratchFolder scratch;
    const auto layer = [&](const std::string& text) {
        return import_timeloop(
                   {scratch.write("a.yaml", architecture("entries: 1000")), scratch.write("b.yaml", text),
                    scratch.write("c.yaml",
                                  "mapping:\n- {target: DRAM, type: temporal, factors: C0 P0 R0 S0, permutation: CPRS}\n")},
                   "t")
            .workload;
    };
    const Workload beside =
        layer("problem: {shape: cnn-layer, C: 2, M: 1, R: 3, S: 2, N: 1, P: 4, Q: 1, Wstride: 2, Hdilation: 3}\n");
    BOOST_TEST(beside.tensors[0].name == "Weights");
    BOOST_TEST(beside.tensors[1].axes[2].size == 3 + (4 - 1) * 2);
    BOOST_TEST(beside.tensors[1].axes[3].size == (2 - 1) * 3 + 1);
    BOOST_TEST(beside.output().name == "Outputs");
    const Workload older = layer("problem: {instance: {C: 2, K: 1, R: 3, S: 2, N: 1, P: 4, Q: 1}}\n");
    BOOST_TEST(older.find_dimension("K") == 1);
    BOOST_TEST(older.output().depends_on(1));
}

BOOST_AUTO_TEST_CASE(tables_become_prices) {
    const auto with = [](const std::string& ert) { return imported(architecture("entries: 1000, block_size: 2"), ert); };
    const RunConfig listed = with(R"(
ERT:
  version: 0.3
  tables:
  - name: system.chip[0..1].GB
    actions:
    - {name: read, arguments: {address_delta: 0}, energy: 2}
    - {name: read, arguments: {address_delta: 1}, energy: 5.5}
    - {name: write, energy: 7}
    - {name: fill, energy: 6}
    - {name: update, energy: 8}
    - {name: leak, energy: 0.25}
  - {name: "system.chip[0..1].MACC[0..1]", actions: [{name: compute, energy: 3}, {name: mac_random, energy: 0.5}]}
)");
    BOOST_TEST(listed.architecture.levels[1].energy.read_pj == 5.5);
    BOOST_TEST(listed.architecture.levels[1].energy.write_pj == 6);
    BOOST_TEST(listed.architecture.levels[1].energy.reference_bits == 32);
    BOOST_TEST(listed.architecture.levels.back().mac_pj == 0.5);
    BOOST_TEST(notes(listed, "'GB': updates are priced as fills, 6 pJ instead of 8 pJ"));
    BOOST_TEST(notes(listed, "'GB': the leakage of 0.25 pJ per cycle is left out"));
    BOOST_TEST(notes(listed, "no energy is given for DRAM, RF: its accesses are free"));
    const RunConfig map =
        with("ERT: {version: 0.2, tables: {system.chip.GB: {read: {energy: 4}, random_read: [{energy: 1}, {energy: 3}]}}}\n");
    BOOST_TEST(map.architecture.levels[1].energy.read_pj == 3);
    const RunConfig own = imported(architecture("entries: 1000, vector-access-energy: 9"));
    BOOST_TEST(own.architecture.levels[1].energy.read_pj == 9);
    BOOST_TEST(own.architecture.levels[1].energy.write_pj == 9);
}

BOOST_AUTO_TEST_CASE(what_the_front_end_dumps_is_accepted) {
    const std::string dump = R"(
dumped_by_timeloop_front_end: true
architecture:
  version: '0.4'
  subtree:
  - name: system_top_level
    attributes: {technology: "45nm", global_cycle_seconds: 1e-9}
    local:
    - {name: "DRAM[1..1]", class: DRAM, attributes: {type: LPDDR4, width: 64, datawidth: 8, cluster_size: 1, meshX: 1, meshY: 1}, required_actions: [leak], enabled: true}
    - {name: "glb[1..1]", class: smartbuffer_SRAM, attributes: {depth: 64, width: 64, datawidth: 8, read_bandwidth: 16, write_bandwidth: 16, cluster_size: 1, allow_overbooking: false, min_utilization: 0, power_gated_at: null}}
    - {name: "columns[1..1]", class: dummy_storage, attributes: {width: 1, depth: 1, datawidth: 1, meshX: 1, meshY: 1}}
    - {name: "rows[1..2]", class: dummy_storage, attributes: {width: 1, depth: 1, datawidth: 1, meshX: 2, meshY: 1}}
    - {name: "spad[1..6]", class: smartbuffer_RF, attributes: {depth: 24, width: 16, datawidth: 8, update_fifo_depth: 2, meshX: 2, meshY: 3}}
    - {name: "mac[1..6]", class: intmac, attributes: {multiplier_width: 8, adder_width: 16, meshX: 2, meshY: 3}}
problem:
  version: '0.4'
  instance: {M: 6, N: 4, K: 5, H: 3, densities: {}}
  shape:
    name: GEMM
    dimensions: [M, N, K]
    data_spaces:
    - {name: A, projection: [[[M]], [[K]]], read_write: false}
    - {name: B, projection: [[[K]], [[N]]], read_write: false}
    - {name: Z, projection: [[[M]], [[N]]], read_write: true}
mapping: []
mapper: {algorithm: random}
globals: {version: '0.4'}
)";
    const std::string map = R"(
mapping:
- {target: DRAM, type: datatype, keep: [A, B, Z], bypass: []}
- {target: columns, type: bypass, bypass: [A, B, Z]}
- {target: rows, type: bypass, bypass: [A, B, Z]}
- {target: spad, type: bypass, keep: [A, B], bypass: [Z]}
- {target: DRAM, type: temporal, factors: "M=1,N=1,K=5", permutation: KNM}
- {target: glb, type: temporal, factors: "M=1,N=2,K=1", permutation: KNM}
- {target: columns, type: spatial, factors: "M=2,N=1,K=1", permutation: MNK, split: 999}
- {target: columns, type: temporal, factors: "M=1,N=2,K=1", permutation: MNK}
- {target: rows, type: spatial, factors: "M=3,N=1,K=1", permutation: MNK, split: 0}
)";
    const ScratchFolder scratch;
    const RunConfig config = import_timeloop({scratch.write("dump.yaml", dump), scratch.write("map.yaml", map)}, "t");
    std::vector<std::string> names;
    for (const Level& level : config.architecture.levels) names.push_back(level.name);
    BOOST_TEST(names == (std::vector<std::string>{"DRAM", "glb", "columns_to_rows", "rows_to_spad", "spad", "mac"}),
               boost::test_tools::per_element());
    BOOST_TEST(config.architecture.levels[2].columns == 2);
    BOOST_TEST(config.architecture.levels[3].rows == 3);
    BOOST_TEST(config.workload.tensors[0].bits == 8);  // the dummies' 1 does not count
    BOOST_TEST(config.architecture.levels[1].capacity_bytes == 64 * 8);
    BOOST_TEST(notes(config, "storage 'columns' is bypassed by everything and left out"));
    BOOST_TEST(notes(
        config,
        "the front end's keys type, power_gated_at, update_fifo_depth, multiplier_width, adder_width, H have no meaning here"));
    // Each of 5 x 4 steps: B's element goes from glb to all 6 lanes, A's six elements of a k go there once (they stay over n).
    const Counts counts = count_exactly(lower(config.workload, config.architecture, config.nest));
    BOOST_TEST(counts.levels[1].tensors[0].reads_to_child == 6 * 5);
    BOOST_TEST(counts.levels[1].tensors[1].reads_to_child == 5 * 4);
    BOOST_TEST(counts.levels[1].tensors[2].writes_from_child == 6 * 5 * 4);
}

BOOST_AUTO_TEST_CASE(a_loop_cannot_leave_a_storage_that_is_none) {
    const std::string map = R"(
mapping:
- {target: GB, type: bypass, bypass: [A, B, Z]}
- {target: DRAM, type: spatial, factors: M=2, permutation: M}
- {target: GB, type: temporal, factors: M=4 N=8 K=8, permutation: KNM}
)";
    std::string arch = architecture("instances: 2, entries: 1");
    arch.replace(arch.find("instances: 1, "), 14, "");
    BOOST_TEST(user_error([&] {
                   imported(arch, "", map);
               }).find("storage 'GB' is bypassed by everything, yet a loop of it continues one of a fan-out around it") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
