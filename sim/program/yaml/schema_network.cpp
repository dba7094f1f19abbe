// SPDX-License-Identifier: Apache-2.0
// Networks and comparisons.
#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/schema_parts.hpp"

namespace accelsim {

using namespace schema;

const std::vector<std::string>& layer_type_names() {
    static const std::vector<std::string> names = {"pool", "eltwise", "lstm_cell", "other"};
    return names;
}

namespace {

KeySpec layer_name() { return name("name", required, "of the layer; unique"); }
KeySpec layer_type() {
    return choice("type", required, layer_type_names(), "a layer without products, which is costed and not simulated");
}
KeySpec layer_repeat() {
    return integer("repeat", "1", 1, 1000000, "", "so many equal layers: simulated once, counted so often");
}
KeySpec layer_bits() { return choice("bits", "16", {"8", "16", "32"}, "width of an element"); }

}  // namespace

const MapSpec& network_spec() {
    static const MapSpec spec = {
        "network",
        "In place of a workload, mostly in a file of its own: layers that run one after the other, each by itself with operands "
        "of "
        "its own. A workload that names no `N` gets the batch; any bound may be the word `batch`.",
        {word("name", "", "default: the file's name without `.yaml`"), integer("batch", "1", 1, max_bound, "", "of all layers"),
         other("layers", required, "list of maps", "in order")}};
    return spec;
}

const MapSpec& simulated_layer_spec() {
    static const MapSpec spec = {
        "layer of a network",
        "",
        {layer_name(), other("workload", required, "path or map", "what the layer computes"), layer_repeat()}};
    return spec;
}

const MapSpec& pool_layer_spec() {
    static const MapSpec spec = {
        "layer of a network, type pool",
        "Reads its input once and writes its output.",
        {layer_name(), layer_type(), other("dimensions", required, "map", "as of a depthwise workload"),
         other("stride", "1", "integer or [y, x], 1 to 65536", "distance of neighbouring windows"),
         other("padding", "0", "integer or [y, x], 0 to 65536", "on every side"), layer_bits(), layer_repeat()}};
    return spec;
}

const MapSpec& eltwise_layer_spec() {
    static const MapSpec spec = {
        "layer of a network, type eltwise",
        "Reads so many operands and writes one result, element by element.",
        {layer_name(), layer_type(), integer("elements", required, 1, max_bound, "", "of one item of the batch"),
         integer("operands", "1", 1, 16, "", "that are read"), layer_bits(), layer_repeat()}};
    return spec;
}

const MapSpec& lstm_cell_layer_spec() {
    static const MapSpec spec = {
        "layer of a network, type lstm_cell",
        "Reads the sums of four gates and the state, writes state and output.",
        {layer_name(), layer_type(), integer("hidden", required, 1, max_bound, "", "units"), layer_bits(), layer_repeat()}};
    return spec;
}

const MapSpec& other_layer_spec() {
    static const MapSpec spec = {
        "layer of a network, type other",
        "What an imported network has beyond all this: listed with its share of the MACs, and left out of all sums.",
        {layer_name(), layer_type(), word("operator", required, "what it is called there"),
         integer("macs", "0", 0, any_count, "", "that are not simulated, of one item of the batch"), layer_repeat()}};
    return spec;
}

const MapSpec& compare_spec() {
    static const MapSpec spec = {
        "compare",
        "What `accelsim compare` takes: every accelerator runs every network, each layer with the default mapping.",
        {other("accelerators", required, "list of paths", "files with an `architecture`"),
         other("networks", required, "list of paths or maps", "files with a `network` or a `workload`"),
         other("energy", "", "path or map", "prices, the same for all"),
         other("equal", "", "map", "resources to which all accelerators are brought")}};
    return spec;
}

const MapSpec& compared_network_spec() {
    static const MapSpec spec = {
        "networks of compare",
        "",
        {word("file", required, "of the network"), other("layers", "", "list of names", "only these layers"),
         integer("batch", "", 1, max_bound, "", "default: the network's")}};
    return spec;
}

const MapSpec& equal_spec() {
    static const MapSpec spec = {
        "equal of compare",
        "What is not given stays as each accelerator has it.",
        {integer("macs", "", 1, 65536, "", "by rows and columns of the innermost array, as nearly in proportion as they divide"),
         {.name = "on_chip",
          .type = KeyType::bytes,
          .fallback = "",
          .what = "all memories together, by those outside the innermost array, in proportion",
          .min = 1,
          .max = max_capacity_bytes},
         integer("dram_width_bits", "", 1, 65536, "bits", "of the DRAM's ports"),
         ranged(KeyType::number, "clock_mhz", "", 1, 100000, "MHz", "of all cores")}};
    return spec;
}

}  // namespace accelsim
