// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "mappings/design.hpp"
#include "sim/program/npy.hpp"
#include "sim/program/yaml/json_schema.hpp"
#include "sim/program/yaml/load_run.hpp"
#include "sim/program/yaml/schema.hpp"
#include "tests/sim/program/scratch.hpp"

namespace fs = std::filesystem;
using namespace accelsim;
using accelsim::testing::ScratchFolder;
using accelsim::testing::user_error;

namespace {

const fs::path root = ACCELSIM_SOURCE_DIR;
const std::string good = (root / "tests/errors/good").string();

std::string run_file(const ScratchFolder& folder, const std::string& more = "") {
    return folder.write("run.yaml", "architecture: " + good + "/architecture.yaml\nworkload: " + good +
                                        "/workload.yaml\nmapping: " + good + "/mapping.yaml\n" + more);
}

void check_round_trip(const std::string& file) {
    const ScratchFolder folder;
    const RunConfig first = load_run(file);
    const RunConfig second = load_run(folder.write("resolved.yaml", first.resolved_yaml));
    BOOST_TEST(second.resolved_yaml == first.resolved_yaml);
    BOOST_TEST(second.notes.empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(load_run_files)

BOOST_AUTO_TEST_CASE(values_arrive) {
    const ScratchFolder folder;
    const RunConfig config = load_run(run_file(folder, "simulation: {advance: single_step, max_cycles: 7}\ndata: {seed: 5}\n"));
    BOOST_TEST(config.name == "run");
    BOOST_TEST(config.workload.name == "workload");
    BOOST_TEST(config.workload.macs() == 8 * 4 * 6 * 6 * 9);
    BOOST_TEST((config.advance == Advance::single_step));
    BOOST_TEST(config.max_cycles == 7);
    BOOST_TEST(config.data.seed == 5U);
    const Level& array = config.architecture.levels[2];
    BOOST_TEST((array.network("input").transport == Transport::systolic));
    BOOST_TEST((array.network("weight").transport == Transport::unicast));
    BOOST_TEST((array.network("output").reduction == Reduction::systolic));
    BOOST_TEST(config.nest.loops.size() == 7U);
    BOOST_TEST(config.nest.loops[0].where.text() == good + "/mapping.yaml:4:27");
    BOOST_TEST(config.architecture.levels[1].where.text() == good + "/architecture.yaml:5:7");
    BOOST_TEST(config.workload.dimensions[1].where.text() == good + "/workload.yaml:4:19");
}

BOOST_AUTO_TEST_CASE(spatial_loops_are_turned_outermost_first) {
    const ScratchFolder folder;
    const RunConfig config =
        load_run(run_file(folder), {"mapping.nest.PEs.rows=[C: 2, FY: 2]", "mapping.nest.PEs.columns=[K: 2, X: 2]"});
    std::vector<std::string> names;
    for (const Loop& loop : config.nest.loops)
        if (loop.kind != LoopKind::temporal)
            names.push_back(config.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name);
    BOOST_TEST(names == (std::vector<std::string>{"FY", "C", "X", "K"}));
    BOOST_TEST(config.resolved_yaml.find("rows: [C: 2, FY: 2], columns: [K: 2, X: 2]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ports_and_banks_arrive_and_resolve_to_themselves) {
    const ScratchFolder folder;
    const std::string file = folder.write(
        "ports.yaml", "workload: " + good + "/workload.yaml\nmapping: " + good +
                          "/mapping.yaml\n"
                          "architecture:\n  levels:\n"
                          "    - {name: DRAM, type: dram, grant: burst}\n"
                          "    - {name: GlobalBuffer, type: buffer, capacity: 64 KiB, banks: 4, grant: burst,\n"
                          "       ports: [{tensors: [weight, output], ports: 2r1w}, {tensors: [input], ports: 3rw}]}\n"
                          "    - {name: PEs, type: array, rows: 4, columns: 4}\n"
                          "    - {name: RegisterFile, type: buffer, capacity: 512 B, banks: 3, interleave: tensor,\n"
                          "       mac_ports: shared, memories: {weight: {capacity: 64 B, banks: 2}}}\n"
                          "    - {name: MAC, type: mac}\n");
    const RunConfig config = load_run(file);
    const auto& levels = config.architecture.levels;
    BOOST_TEST((levels[0].burst_grants && levels[1].burst_grants && !levels[3].burst_grants));
    BOOST_TEST((levels[1].banks == 4 && levels[1].interleave == Interleave::word && !levels[1].mac_shares_ports));
    BOOST_TEST(levels[1].port_sets.size() == 2U);
    const Ports &output = levels[1].ports_of("output"), &input = levels[1].ports_of("input");
    BOOST_TEST((output.reads == 2 && output.writes == 1 && !output.shared && input.reads == 3 && input.shared));
    BOOST_TEST((levels[3].banks == 3 && levels[3].interleave == Interleave::tensor && levels[3].mac_shares_ports));
    const Memory& own = levels[3].memory("weight");
    BOOST_TEST((own.banks == 2 && own.interleave == Interleave::word && !own.mac_shares_ports && !own.burst_grants));
    check_round_trip(file);
}

BOOST_AUTO_TEST_CASE(resolved_text_resolves_to_itself) {
    const ScratchFolder folder;
    check_round_trip(run_file(folder, "energy: " + good + "/energy.yaml\n"));
    const std::string strange = "name: \"a 'b' \\\"c\\\" \\\\ # d: e\"\n";
    check_round_trip(run_file(folder, strange));
    check_round_trip(run_file(folder, "name: \"12\"\n"));
    for (const auto& entry : fs::directory_iterator(root / "configs/walkthroughs")) check_round_trip(entry.path().string());
    for (const auto& entry : fs::directory_iterator(root / "configs/runs"))
        if (!has_network(load_tree(entry.path().string()))) check_round_trip(entry.path().string());
}

BOOST_AUTO_TEST_CASE(a_generated_machine_gets_its_prices_from_the_table) {
    const ScratchFolder folder;
    const std::string file = folder.write(
        "run.yaml",
        "workload: " + good + "/workload.yaml\nenergy: " + good +
            "/energy.yaml\nmapping:\n  partials: copy\n  schedule:\n    - {in: output, compute_at: [Sums, root]}\n"
            "    - unroll: [k, PEs, rows]\n    - reorder: [k, fx, fy, x, y, c, n]\n    - accelerate: [[input, weight], root]\n");
    const RunConfig config = load_run(file);
    BOOST_TEST(config.generated);
    BOOST_TEST((config.nest.partials == Partials::copy));
    const auto& levels = config.architecture.levels;
    BOOST_TEST(levels[0].energy.read_pj == 200);
    BOOST_TEST(levels[1].capacity_bytes == 2 * 4 * 8 * 6 * 6);
    BOOST_TEST(levels[1].energy.write_pj > 0);
    BOOST_TEST(levels[2].hop_pj == 0.035);
    BOOST_TEST(levels[3].mac_pj == 0.075);
    BOOST_TEST(config.notes.size() == 1U);
    BOOST_TEST(!load_run(run_file(folder)).generated);
}

BOOST_AUTO_TEST_CASE(resolved_text_keeps_every_choice) {
    const ScratchFolder folder;
    const RunConfig config =
        load_run(run_file(folder),
                 {"workload.dimensions.G=2", "workload.stride=[2, 3]", "workload.dilation=2", "workload.padding=[1, 0]",
                  "workload.bits={input: 8, output: 16}", "mapping.bypass={RegisterFile: [weight]}", "mapping.partials=copy",
                  "architecture.levels.GlobalBuffer.partitions={input: 1 KiB, weight: 2 KiB, output: 3 B}",
                  "architecture.levels.GlobalBuffer.ports=2rw", "architecture.levels.GlobalBuffer.arbitration=fixed",
                  "architecture.levels.RegisterFile.keeps=[output, weight]", "architecture.levels.PEs.hop_pj=0.25",
                  "architecture.levels.DRAM.capacity=3 MiB", "architecture.clock_mhz=0.75e3"});
    const RunConfig again = load_run(folder.write("resolved.yaml", config.resolved_yaml));
    BOOST_TEST(again.resolved_yaml == config.resolved_yaml);
    BOOST_TEST(again.workload.tensors[0].axes[3].terms[0].coefficient == 2);
    BOOST_TEST(again.workload.tensors[0].axes[4].terms[0].coefficient == 3);
    BOOST_TEST(again.workload.tensors[0].axes[3].offset == -1);
    BOOST_TEST(again.workload.tensors[0].bits == 8);
    BOOST_TEST(again.workload.find_dimension("G") == 1);
    BOOST_TEST(again.architecture.levels[0].capacity_bytes == 3 << 20);
    BOOST_TEST(again.architecture.levels[1].partitions == config.architecture.levels[1].partitions);
    BOOST_TEST(again.architecture.levels[1].ports.shared);
    BOOST_TEST(again.architecture.levels[3].keeps == (std::vector<std::string>{"output", "weight"}));
    BOOST_TEST((again.nest.bypass == config.nest.bypass));
    BOOST_TEST((again.nest.partials == Partials::copy));
}

BOOST_AUTO_TEST_CASE(overrides_reach_names_indices_and_loops) {
    const ScratchFolder folder;
    const RunConfig config =
        load_run(run_file(folder), {"architecture.levels.GlobalBuffer.capacity=32 KiB", "architecture.levels.3.depth=4",
                                    "mapping.nest.DRAM.for.K=1", "mapping.nest.PEs.columns.0.K=8", "simulation.max_cycles=9",
                                    "architecture.levels.MAC.latency_cycles=3"});
    BOOST_TEST(config.architecture.levels[1].capacity_bytes == 32 * 1024);
    BOOST_TEST(config.architecture.levels[3].depth == 4);
    BOOST_TEST(config.architecture.levels[4].latency_cycles == 3);
    BOOST_TEST(config.nest.loops[0].bound == 1);
    BOOST_TEST(config.nest.loops[0].where.text() == "--set mapping.nest.DRAM.for.K");
    BOOST_TEST(config.nest.loops[4].bound == 8);
    BOOST_TEST(config.max_cycles == 9);
}

BOOST_AUTO_TEST_CASE(the_last_override_wins_and_sections_may_be_replaced) {
    const ScratchFolder folder;
    const RunConfig config =
        load_run(run_file(folder), {"workload={type: gemm, dimensions: {N: 6, K: 8, C: 4}}", "workload.dimensions.N=5",
                                    "workload.dimensions.N=7", "mapping={nest: [{level: DRAM, for: [N: 7]}]}"});
    BOOST_TEST(config.workload.type == "gemm");
    BOOST_TEST(config.workload.dimensions[0].bound == 7);
    BOOST_TEST(config.workload.dimensions[0].where.text() == "--set workload.dimensions.N");
}

BOOST_AUTO_TEST_CASE(prices_come_from_the_table_by_capacity) {
    const ScratchFolder folder;
    const RunConfig config =
        load_run(run_file(folder, "energy: " + good + "/energy.yaml\n"),
                 {"architecture.levels.RegisterFile.capacity=512 B", "architecture.levels.PEs.delivery_pj=0.5"});
    const auto& levels = config.architecture.levels;
    BOOST_TEST(levels[0].energy.read_pj == 200);
    BOOST_TEST(levels[2].hop_pj == 0.035);
    BOOST_TEST(levels[2].delivery_pj == 0.5);
    BOOST_TEST(levels[3].energy.write_pj == 0.96);
    BOOST_TEST(levels[4].mac_pj == 0.075);
    BOOST_TEST(config.notes.size() == 1U);
    BOOST_TEST(config.notes[0].starts_with("level 'GlobalBuffer': 8.99"));
    const RunConfig own =
        load_run(run_file(folder, "energy: " + good + "/energy.yaml\n"), {"architecture.levels.GlobalBuffer.energy.read_pj=3"});
    BOOST_TEST(own.architecture.levels[1].energy.write_pj == 3);
    BOOST_TEST(own.notes.empty());
}

BOOST_AUTO_TEST_CASE(the_output_stands_last_and_padding_is_on_both_sides) {
    const ScratchFolder folder;
    const std::string einsum =
        "{type: einsum, dimensions: {x: 8, f: 3}, tensors: [{name: O, axes: [x], output: true}, "
        "{name: I, axes: [x*2 + f - 1], bits: 8}, {name: F, axes: [f]}]}";
    const RunConfig config =
        load_run(run_file(folder), {"workload=" + einsum, "mapping={nest: [{level: DRAM, for: [x: 8, f: 3]}]}",
                                    "architecture={levels: [{name: D, type: dram}, {name: M, type: mac}]}",
                                    "mapping={nest: [{level: D, for: [x: 8, f: 3]}]}"});
    BOOST_TEST(config.workload.tensors[0].name == "I");
    BOOST_TEST(config.workload.output().name == "O");
    BOOST_TEST(config.workload.output().bits == 32);
    BOOST_TEST(config.workload.tensors[0].axes[0].terms[0].coefficient == 2);
    BOOST_TEST(config.workload.tensors[0].axes[0].offset == -1);
    BOOST_TEST(config.workload.tensors[0].axes[0].size == 15);
}

BOOST_AUTO_TEST_CASE(operands_come_from_files_beside_the_run_file) {
    const ScratchFolder folder;
    const std::string file = run_file(folder, "data: {input: in.npy}\n");
    const std::string resolved_path = folder.path("in.npy");
    folder.write("in.npy", "");
    RunConfig config = load_run(file);
    BOOST_TEST(config.data.files.at("input") == resolved_path);
    const Tensor& input = config.workload.tensors[0];
    write_npy(resolved_path, input, std::vector<std::int32_t>(static_cast<std::size_t>(input.words()), -3));
    const Operands operands = load_operands(config);
    BOOST_TEST(operands.size() == 2U);
    BOOST_TEST(operands[0].back() == -3);
    BOOST_TEST(load_run(folder.write("resolved.yaml", config.resolved_yaml)).resolved_yaml == config.resolved_yaml);
}

BOOST_AUTO_TEST_CASE(shipped_workload_is_the_real_layer) {
    const ScratchFolder folder;
    const std::string workload = (root / "configs/workloads/alexnet_conv3.yaml").string();
    const std::string energy = (root / "configs/energy/interstellar_28nm.yaml").string();
    const RunConfig config = load_run(run_file(folder), {"workload=" + workload, "energy=" + energy});
    BOOST_TEST(config.workload.name == "alexnet_conv3");
    BOOST_TEST(config.workload.macs() == 149520384);
    BOOST_TEST(config.workload.tensors[0].axes[2].size == 13);
    BOOST_TEST(config.architecture.levels[1].energy.read_pj == 9);
}

BOOST_AUTO_TEST_CASE(shipped_runs_lower) {
    for (const auto& entry : fs::directory_iterator(root / "configs/walkthroughs")) {
        const RunConfig config = load_run(entry.path().string());
        BOOST_TEST(config.name == entry.path().stem().string());
        BOOST_TEST(lower(config.workload, config.architecture, config.nest).steps > 0);
    }
}

BOOST_AUTO_TEST_CASE(the_reference_is_up_to_date) {
    // tests/regenerate.sh writes it anew.
    if (std::getenv("ACCELSIM_REGENERATE") != nullptr) std::ofstream(root / "docs/yaml_reference.md") << yaml_reference();
    std::ifstream stream(root / "docs/yaml_reference.md");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    BOOST_TEST((text == yaml_reference()), "docs/yaml_reference.md is not what yaml_reference() returns");
}

BOOST_AUTO_TEST_CASE(the_schema_is_up_to_date) {
    if (std::getenv("ACCELSIM_REGENERATE") != nullptr) std::ofstream(root / "docs/accelsim.schema.json") << json_schema();
    std::ifstream stream(root / "docs/accelsim.schema.json");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    BOOST_TEST((text == json_schema()), "docs/accelsim.schema.json is not what json_schema() returns");
}

BOOST_AUTO_TEST_SUITE_END()
