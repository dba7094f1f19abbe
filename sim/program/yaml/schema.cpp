// SPDX-License-Identifier: Apache-2.0
// The run file, workloads and mappings. Machines and prices: schema_architecture.cpp.
#include "sim/program/yaml/schema.hpp"

#include "sim/program/yaml/schema_parts.hpp"

namespace accelsim {

using namespace schema;

const KeySpec* MapSpec::find(const std::string& name) const {
    for (const KeySpec& key : keys)
        if (key.name == name) return &key;
    return nullptr;
}

std::vector<std::string> MapSpec::names() const {
    std::vector<std::string> result;
    for (const KeySpec& key : keys) result.push_back(key.name);
    return result;
}

const std::vector<std::string>& halo_names() {
    static const std::vector<std::string> names = {"refetch", "reuse"};
    return names;
}

const std::vector<std::string>& gaps_names() {
    static const std::vector<std::string> names = {"include", "skip"};
    return names;
}

const std::vector<std::string>& partials_names() {
    static const std::vector<std::string> names = {"head", "copy"};
    return names;
}

const std::vector<std::string>& search_rules_names() {
    static const std::vector<std::string> names = {"machine", "interstellar"};
    return names;
}

const std::vector<std::string>& advance_names() {
    static const std::vector<std::string> names = {"batched", "single_step"};
    return names;
}

const std::vector<std::string>& workload_type_names() {
    static const std::vector<std::string> names = {"conv2d", "depthwise", "gemm", "fc", "einsum"};
    return names;
}

const MapSpec& run_spec() {
    static const MapSpec spec = {
        "Run file",
        "What `accelsim run` takes. A section is a map, or the path of a file that holds it under one key of the "
        "section's name. Paths are relative to the file that names them, then to the installed data directory; in "
        "`--set`, to the current directory.",
        {word("name", "", "name of the run in reports; default: the file's name without `.yaml`"),
         other("architecture", "", "path or map", "the machine; without it a `schedule` generates one"),
         other("workload", required, "path or map", "what is computed: a workload, or a network of them"),
         other("mapping", "", "path or map",
               "how it is computed; without it, or without a nest or schedule in it, a simple default is found"),
         other("energy", "", "path or map", "prices for all levels that give none; without it those are 0"),
         other("data", "", "map", "where the operands come from"), other("simulation", "", "map", "how the simulator runs")}};
    return spec;
}

const MapSpec& simulation_spec() {
    static const MapSpec spec = {
        "simulation",
        "Has no influence on results, only on how they are reached.",
        {choice("advance", "batched", advance_names(), "many cycles per activation, or every clock edge; same cycles"),
         integer("max_cycles", "0", 0, any_count, "cycles", "give up beyond it; 0: no limit")}};
    return spec;
}

const MapSpec& data_spec() {
    static const MapSpec spec = {
        "data",
        "An operand's name may be a key too: the path of a `.npy` file with that operand (`int8` or `int16` as its "
        "width, little-endian, C order, the tensor's shape). Operands without a file are generated. In place of the "
        "map, `off`: no values are moved, computed and checked; everything that is counted stays the same.",
        {integer("seed", "1", 0, INT64_MAX, "", "of the generator (SplitMix64 over the full integer range)")}};
    return spec;
}

namespace {

KeySpec workload_name() { return word("name", "", "default: the file's name without `.yaml`, or the type"); }
KeySpec workload_type() { return choice("type", required, workload_type_names(), "selects the other keys"); }
KeySpec workload_bits() { return other("bits", "", "map", "widths of the elements"); }
KeySpec stride() { return other("stride", "1", "integer or [y, x], 1 to 65536", "distance of neighbouring windows"); }
KeySpec dilation() { return other("dilation", "1", "integer or [y, x], 1 to 65536", "distance of a window's taps"); }
KeySpec padding() {
    return other("padding", "0", "integer or [y, x], 0 to 65536",
                 "zeros on every side; with 0 the input is as large as the outputs need");
}
KeySpec bound(const char* name, const char* what) { return integer(name, "1", 1, max_bound, "", what); }

}  // namespace

const MapSpec& workload_spec() {
    static const MapSpec spec = {"workload", "", {workload_name(), workload_type()}};
    return spec;
}

const MapSpec& conv2d_spec() {
    static const MapSpec spec = {
        "workload, type conv2d",
        "Tensors `input` [N][G][C][H][W], `weight` [G][K][C][FY][FX] and `output` [N][G][K][Y][X]; G only with "
        "groups. A pair [y, x] may be one integer for both.",
        {workload_name(), workload_type(), other("dimensions", required, "map", "sizes of the loops"), stride(), dilation(),
         padding(), workload_bits()}};
    return spec;
}

const MapSpec& depthwise_spec() {
    static const MapSpec spec = {"workload, type depthwise",
                                 "A convolution with one filter per channel. Tensors `input` [N][C][H][W], `weight` [C][FY][FX] "
                                 "and `output` [N][C][Y][X].",
                                 {workload_name(), workload_type(), other("dimensions", required, "map", "sizes of the loops"),
                                  stride(), dilation(), padding(), workload_bits()}};
    return spec;
}

const MapSpec& gemm_spec() {
    static const MapSpec spec = {
        "workload, type gemm or fc",
        "`output` [N][K] += `input` [N][C] * `weight` [K][C].",
        {workload_name(), workload_type(), other("dimensions", required, "map", "sizes of the loops"), workload_bits()}};
    return spec;
}

const MapSpec& einsum_spec() {
    static const MapSpec spec = {"workload, type einsum",
                                 "Any nest of the form O[...] += A[...] * B[...] over dimensions of your own.",
                                 {workload_name(), workload_type(),
                                  other("dimensions", required, "map of name: bound", "the loops, bounds 1 to 2147483647"),
                                  other("tensors", required, "list of three maps", "two operands and the output")}};
    return spec;
}

const MapSpec& conv2d_dimensions_spec() {
    static const MapSpec spec = {"dimensions of conv2d",
                                 "Bounds are sizes of the output.",
                                 {bound("N", "batch"), bound("G", "groups; K and C count per group"),
                                  bound("K", "output channels"), bound("C", "input channels"), bound("Y", "output rows"),
                                  bound("X", "output columns"), bound("FY", "filter rows"), bound("FX", "filter columns")}};
    return spec;
}

const MapSpec& depthwise_dimensions_spec() {
    static const MapSpec spec = {"dimensions of depthwise",
                                 "Bounds are sizes of the output.",
                                 {bound("N", "batch"), bound("C", "channels"), bound("Y", "output rows"),
                                  bound("X", "output columns"), bound("FY", "filter rows"), bound("FX", "filter columns")}};
    return spec;
}

const MapSpec& gemm_dimensions_spec() {
    static const MapSpec spec = {"dimensions of gemm and fc",
                                 "",
                                 {bound("N", "batch (rows)"), bound("K", "outputs (columns)"), bound("C", "inputs (the sum)")}};
    return spec;
}

const MapSpec& bits_spec() {
    static const MapSpec spec = {
        "bits",
        "",
        {choice("input", "16", {"8", "16"}, "width of an input"), choice("weight", "16", {"8", "16"}, "width of a weight"),
         choice("output", "32", {"8", "16", "32"}, "width of a sum; sums wrap")}};
    return spec;
}

const MapSpec& einsum_tensor_spec() {
    static const MapSpec spec = {
        "tensors of einsum",
        "An axis is a sum of dimensions with positive factors and at most one negative constant, which is padding on "
        "both sides: `2*y + fy - 1`. The axes of the output are one dimension each.",
        {name("name", required, "of the tensor"), other("axes", required, "list of sums", "outermost first, row-major"),
         other("bits", "", "8 or 16; output: 8, 16 or 32", "default: 16, output 32"),
         flag("output", "false", "marks the one output; it is put last")}};
    return spec;
}

const MapSpec& mapping_spec() {
    static const MapSpec spec = {
        "mapping",
        "Either the explicit loop nest, outermost level first (levels without loops may be left out), or a schedule that makes "
        "it, in the words of Halide: [schedule.md](schedule.md). With neither, a default is found: [networks.md](networks.md).",
        {other("nest", "", "list of maps", "loops per level, in the architecture's order"),
         other("schedule", "", "list of directives",
               "loops are changed in the order written; then tiles, arrays and links are placed at the loops that are left"),
         other("auto", "", "map", "the mapping is searched: [optimize.md](optimize.md)"),
         word(
             "dataflow", "",
             "for the default: what goes onto the arrays, such as `C | K`; default: the architecture's, or what fills them best"),
         other("layers", "", "map of layer: path or map", "of a network: mappings of single layers; the others get the default"),
         other("bypass", "{}", "map of level: [tensors]",
               "not with `schedule`: tensors that a buffer does not keep although it could"),
         other("tail", "guard", "`guard`, `round_up` or a map",
               "with `nest`: factors that do not divide a bound; `guard` masks what is beyond, `round_up` issues it on zeros; a "
               "map "
               "such as {X: 16} issues that many values of a dimension and masks the rest"),
         choice("halo", "refetch", halo_names(), "a new tile moves whole, or only what the tile before it did not hold"),
         choice("gaps", "include", gaps_names(), "elements that a stride larger than the window, or a dilation, leaves out"),
         choice("partials", "head", partials_names(),
                "who receives a partial sum that is read back: the head of a reduction chain, or all its lanes")}};
    return spec;
}

const MapSpec& auto_spec() {
    static const MapSpec spec = {
        "mapping, auto",
        "What a search is told beforehand ([optimize.md](optimize.md)); `mapping: auto` alone tells it nothing.",
        {other("hints", "[]", "list of maps", "parts of the mapping that are fixed"),
         other("replicate", "[]", "list of dimensions",
               "those that may fill what others leave of an array's axis; none named: all"),
         flag("replication", "true", "several dimensions may share an axis"),
         fraction("min_utilization", "0", "share of the MACs that must be in use"),
         flag("half_full", "false", "every buffer must be at least half full"),
         other("memories", "", "map", "a family of memory systems to choose from"),
         choice("rules", "machine", search_rules_names(),
                "what fits and may be unrolled: as here, or as in the Interstellar program")}};
    return spec;
}

const MapSpec& hint_spec() {
    static const MapSpec spec = {
        "mapping, auto, an entry of hints",
        "",
        {word("dimension", required, "the dimension that is fixed"), word("level", required, "the buffer at which it is fixed"),
         integer("trips", "", 1, max_bound, "", "iterations of its temporal loop there"),
         integer("unroll", "", 1, max_bound, "", "lanes of the array right outside the buffer that it takes"),
         integer("order", "", 0, 64, "", "of its temporal loop, 0 is innermost; Interstellar's optimiser ignores it")}};
    return spec;
}

const MapSpec& memory_family_spec() {
    static const MapSpec spec = {
        "mapping, auto, memories",
        "One entry per buffer, innermost first; point i of a buffer has its capacity times the i-th power of its scale.",
        {other("capacity_scale", required, "list of numbers", "factor between neighbouring sizes"),
         other("access_cost_scale", required, "list of numbers", "factor between their prices"),
         other("points", required, "list of integers", "how many sizes, the given one among them")}};
    return spec;
}

const MapSpec& buffer_loops_spec() {
    static const MapSpec spec = {
        "nest, at a dram or buffer",
        "",
        {word("level", required, "name of the level"),
         other("for", "[]", "list such as [K: 12, C: 2]", "temporal loops inside this level's tile, outermost first")}};
    return spec;
}

const MapSpec& array_loops_spec() {
    static const MapSpec spec = {
        "nest, at an array",
        "Several loops on one axis: the first is unrolled over neighbours, further ones replicate it.",
        {word("level", required, "name of the level"),
         other("rows", "[]", "list such as [C: 16]", "loops unrolled on the vertical axis, adjacent first"),
         other("columns", "[]", "list such as [K: 16]", "loops unrolled on the horizontal axis, adjacent first")}};
    return spec;
}

const MapSpec& schedule_spec() {
    static const MapSpec spec = {
        "schedule",
        "An entry holds one directive (`in` and `compute_at` are one together). The algorithm's loops are the dimensions in "
        "lower case, each inside those that the workload names before it. `root` stands for the place outside all loops.",
        {other("split", "", "[old, outer, inner, factor] or with a tail", "tail: `guard_with_if` (default) or `round_up`"),
         other("tile", "", "[x, y, xo, yo, xi, yi, 4, 4] or with a tail", "two splits and a reorder; xo, yo may be left out"),
         other("reorder", "", "[loop, ...]", "innermost first"),
         other("fuse", "", "[inner, outer, fused]", "two neighbouring loops become one"),
         other("in", "", "tensor or [tensors]", "what a level holds; needs `compute_at`"),
         other("compute_at", "", "[level, loop]", "the level that holds it, one tile per iteration of the loop"),
         other("unroll", "", "[loop, array, rows or columns]", "onto neighbours of an array; the first of an axis is adjacent"),
         other("systolic", "", "[tensor, loop]", "passed on, or accumulated, by neighbours along an unrolled loop"),
         other("accelerate", "", "[[operands], loop]", "what is inside the loop is the accelerator; DRAM is outside")}};
    return spec;
}

const std::vector<const MapSpec*>& all_specs() {
    static const std::vector<const MapSpec*> specs = {&run_spec(),
                                                      &simulation_spec(),
                                                      &data_spec(),
                                                      &conv2d_spec(),
                                                      &depthwise_spec(),
                                                      &conv2d_dimensions_spec(),
                                                      &depthwise_dimensions_spec(),
                                                      &gemm_spec(),
                                                      &gemm_dimensions_spec(),
                                                      &bits_spec(),
                                                      &einsum_spec(),
                                                      &einsum_tensor_spec(),
                                                      &network_spec(),
                                                      &simulated_layer_spec(),
                                                      &pool_layer_spec(),
                                                      &eltwise_layer_spec(),
                                                      &lstm_cell_layer_spec(),
                                                      &other_layer_spec(),
                                                      &compare_spec(),
                                                      &compared_network_spec(),
                                                      &equal_spec(),
                                                      &suite_spec(),
                                                      &suite_run_spec(),
                                                      &sweep_spec(),
                                                      &sweep_limits_spec(),
                                                      &architecture_spec(),
                                                      &timeloop_figures_spec(),
                                                      &timeloop_bandwidth_spec(),
                                                      &dram_spec(),
                                                      &buffer_spec(),
                                                      &memory_spec(),
                                                      &port_set_spec(),
                                                      &array_spec(),
                                                      &operand_network_spec(),
                                                      &output_network_spec(),
                                                      &mac_spec(),
                                                      &price_spec(),
                                                      &energy_spec(),
                                                      &accelergy_spec(),
                                                      &dram_device_spec(),
                                                      &dram_geometry_spec(),
                                                      &dram_timing_spec(),
                                                      &dram_currents_spec(),
                                                      &dram_controller_spec(),
                                                      &mapping_spec(),
                                                      &auto_spec(),
                                                      &hint_spec(),
                                                      &memory_family_spec(),
                                                      &buffer_loops_spec(),
                                                      &array_loops_spec(),
                                                      &schedule_spec()};
    return specs;
}

}  // namespace accelsim
