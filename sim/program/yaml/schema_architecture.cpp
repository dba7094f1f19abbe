// SPDX-License-Identifier: Apache-2.0
// Machines and prices.
#include "sim/program/yaml/schema_parts.hpp"

namespace accelsim {

using namespace schema;

const std::vector<std::string>& level_kind_names() {
    static const std::vector<std::string> names = {"dram", "buffer", "array", "mac"};
    return names;
}

const std::vector<std::string>& transport_names() {
    static const std::vector<std::string> names = {"unicast", "multicast", "systolic"};
    return names;
}

const std::vector<std::string>& reduction_names() {
    static const std::vector<std::string> names = {"systolic", "tree", "none"};
    return names;
}

const std::vector<std::string>& arbitration_names() {
    static const std::vector<std::string> names = {"round_robin", "fixed"};
    return names;
}

const std::vector<std::string>& dram_model_names() {
    static const std::vector<std::string> names = {"ideal", "detailed"};
    return names;
}

const std::vector<std::string>& interleave_names() {
    static const std::vector<std::string> names = {"word", "tensor"};
    return names;
}

const std::vector<std::string>& grant_names() {
    static const std::vector<std::string> names = {"word", "burst"};
    return names;
}

const std::vector<std::string>& mac_ports_names() {
    static const std::vector<std::string> names = {"own", "shared"};
    return names;
}

namespace {

KeySpec level_name() { return name("name", required, "of the level; unique"); }
KeySpec level_type() { return choice("type", required, level_kind_names(), "selects the other keys"); }
KeySpec port_width() { return integer("width_bits", "64", 1, 65536, "bits", "width of one port"); }
KeySpec ports() {
    return other(
        "ports", "1r1w", "such as 1r1w, 2r1w or 1rw, or a list of maps",
        "read and write ports (of each bank); rw serves either direction; a list gives sets of tensors ports of their own");
}
KeySpec own_ports() {
    return other("ports", "1r1w", "such as 1r1w, 2r1w or 1rw", "read and write ports (of each bank); rw serves either direction");
}
KeySpec banks() { return integer("banks", "1", 1, 64, "", "1: the words of an access may lie anywhere"); }
KeySpec interleave() {
    return choice("interleave", "word", interleave_names(), "over the banks: word by word, or each tensor in a bank");
}
KeySpec grants() {
    return choice("grant", "word", grant_names(),
                  "for how long: a port is given for a cycle's words, or until the tile is through");
}
KeySpec mac_ports() {
    return choice("mac_ports", "own", mac_ports_names(), "shared: direct accesses of the MAC take the memory's ports, and win");
}
KeySpec arbitration() { return choice("arbitration", "round_robin", arbitration_names(), "who gets a contended port"); }
KeySpec slots() { return integer("depth", "2", 1, 1024, "", "slots per tensor; 2 is double buffering"); }
KeySpec windowed() {
    return flag("windowed", "false",
                "in place of slots: space is given back word by word, as buffets do; needs a capacity per tensor");
}
KeySpec read_latency() { return integer("latency_cycles", "1", 0, 1000000, "cycles", "of a read, from grant to data"); }
KeySpec memory_kind() {
    return choice("kind", "", {"register_file", "sram"},
                  "column of the energy table; default: register_file below 4 KiB, else sram");
}
KeySpec prices() { return other("energy", "", "map", "prices; default: from the run's `energy` table"); }
KeySpec network_latency() { return integer("latency_cycles", "1", 0, 1000000, "cycles", "from edge to edge"); }
KeySpec network_width() { return integer("width_bits", "0", 0, 65536, "bits", "per cycle; 0: not limited"); }

}  // namespace

const MapSpec& architecture_spec() {
    static const MapSpec spec = {
        "architecture",
        "",
        {word("name", "", "default: the file's name without `.yaml`"),
         ranged(KeyType::number, "clock_mhz", "1000", 1, 100000, "MHz", "of the core"),
         word("dataflow", "",
              "what its arrays are made for, such as `C | K`, several arrays parted by `/`: for default mappings"),
         other("levels", required, "list of maps", "outermost first: one dram, buffers and arrays, one mac"),
         other("timeloop", "", "map", "figures for Timeloop's model alone, which the machine does not look at")}};
    return spec;
}

const MapSpec& timeloop_figures_spec() {
    static const MapSpec spec = {
        "timeloop",
        "What Timeloop is told of a machine and this one has no such thing for: fractions of a word per cycle, one bandwidth for "
        "reads and writes beside others. `accelsim validate` holds its model with these figures against the simulation.",
        {other("bandwidths", "{}", "map of level: map",
               "`{read, write, shared}`, words per cycle and instance, all tensors and the MACs together; 0, or left out: not "
               "limited. Default: what the level's ports carry"),
         other("update_pj", "{}", "map of level: pJ",
               "price of an update, of a block as those of its accesses. Default: that of a fill"),
         integer("network_latency_cycles", "0", 0, 1000000000, "cycles", "fill and drain of all networks together"),
         flag("links", "true", "a lane may take from its neighbour what that one had a step before")}};
    return spec;
}

const MapSpec& timeloop_bandwidth_spec() {
    static const MapSpec spec = {"bandwidths of timeloop",
                                 "",
                                 {ranged(KeyType::number, "read", "0", 0, 1000000000, "words per cycle", "that are read"),
                                  ranged(KeyType::number, "write", "0", 0, 1000000000, "words per cycle", "fills and updates"),
                                  ranged(KeyType::number, "shared", "0", 0, 1000000000, "words per cycle", "all of these")}};
    return spec;
}

const MapSpec& dram_spec() {
    static const MapSpec spec = {
        "level of type dram",
        "",
        {level_name(), level_type(),
         choice("model", "ideal", dram_model_names(), "ideal: a latency and a bandwidth; detailed: a device"),
         other("device", "", "path or map", "detailed only, and required there: a file in `configs/dram`, or what stands in one"),
         integer("outstanding", "16", 1, 4096, "", "detailed only: bursts under way per tensor and direction"),
         other("layouts", "{}", "map of tensor: word or list",
               "detailed only: order of the elements; NCHW, NHWC, NCHW8c, or axis numbers, outermost first, such as [0, 2, 3, "
               "1/8, 1]"),
         other("capacity", "unlimited", "capacity or `unlimited`", "bytes that it holds"), port_width(),
         integer("latency_cycles", "100", 0, 1000000, "cycles",
                 "of a read, from grant to data; detailed: from the controller to the network, default 0"),
         own_ports(), arbitration(), grants(), prices()}};
    return spec;
}

const MapSpec& buffer_spec() {
    static const MapSpec spec = {
        "level of type buffer",
        "All figures are per instance.",
        {level_name(), level_type(),
         ranged(KeyType::bytes, "capacity", "", 1, max_capacity_bytes, "",
                "of all slots together; required unless every kept tensor has a memory of its own"),
         other("partitions", "{}", "map of tensor: capacity", "a capacity of its own for every kept tensor; default: shared"),
         other("memories", "{}", "map of tensor: map",
               "separate memories, with ports and slots of their own, at the same place in the nest"),
         other("keeps", "all", "list of tensors, or `all`", "others pass it by"), slots(), windowed(), port_width(),
         read_latency(), ports(), banks(), interleave(), arbitration(), grants(), mac_ports(), memory_kind(), prices()}};
    return spec;
}

const MapSpec& memory_spec() {
    static const MapSpec spec = {
        "memory of one tensor at a buffer",
        "All figures are per instance; nothing is taken over from the buffer around it.",
        {ranged(KeyType::bytes, "capacity", required, 1, max_capacity_bytes, "", "of all its slots"), slots(), windowed(),
         port_width(), read_latency(), own_ports(), banks(), arbitration(), grants(), mac_ports(), memory_kind(), prices()}};
    return spec;
}

const MapSpec& port_set_spec() {
    static const MapSpec spec = {
        "set of ports",
        "An entry of a buffer's list `ports`. Every kept tensor without a memory of its own is in one of them.",
        {other("tensors", required, "list of tensors", "that use these ports"), own_ports()}};
    return spec;
}

const MapSpec& array_spec() {
    static const MapSpec spec = {"level of type array",
                                 "A fan-out: rows x columns instances of everything below.",
                                 {level_name(), level_type(), integer("rows", "1", 1, 65536, "", "vertical positions"),
                                  integer("columns", "1", 1, 65536, "", "horizontal positions"),
                                  other("networks", "{}", "map of tensor: word or map",
                                        "how each tensor travels; a bare word is the transport (of the output: the reduction)"),
                                  price("hop_pj", "", "of 16 bits to a neighbour; default: from the run's `energy` table"),
                                  price("delivery_pj", "0", "of 16 bits into a lane")}};
    return spec;
}

const MapSpec& operand_network_spec() {
    static const MapSpec spec = {
        "network of an operand",
        "",
        {choice("transport", "multicast", transport_names(), "who shares a read, and how"), network_latency(), network_width()}};
    return spec;
}

const MapSpec& output_network_spec() {
    static const MapSpec spec = {"network of the output",
                                 "",
                                 {choice("transport", "multicast", transport_names(), "of partial sums that are read back"),
                                  choice("reduction", "systolic", reduction_names(),
                                         "how lanes' sums are added on their way out; none: the outer memory adds them"),
                                  network_latency(), network_width()}};
    return spec;
}

const MapSpec& mac_spec() {
    static const MapSpec spec = {
        "level of type mac",
        "",
        {level_name(), level_type(),
         integer("latency_cycles", "1", 1, 1000, "cycles", "from issue to the updated sum; one per cycle"),
         flag("operand_latch", "false", "an operand whose element stays the same is not read again from the innermost buffer"),
         price("energy_pj", "", "per operation; default: from the run's `energy` table")}};
    return spec;
}

const MapSpec& price_spec() {
    static const MapSpec spec = {
        "energy of a level",
        "",
        {price("read_pj", required, "per read of `bits`"), price("write_pj", "", "per write of `bits`; default: as `read_pj`"),
         integer("bits", "16", 1, 65536, "bits", "that the prices are for")}};
    return spec;
}

const MapSpec& energy_spec() {
    static const MapSpec spec = {
        "energy",
        "Prices by capacity. Between the given capacities register files are linear and SRAM is geometric; beyond "
        "them register files are proportional to capacity and SRAM grows by 1.5 per doubling.",
        {word("name", "", "of the table"), word("source", "", "where the figures come from"),
         integer("bits", "16", 1, 65536, "bits", "that the prices are for"),
         other("register_file", required, "list of [capacity, pJ]", "price of an access, ascending capacities"),
         other("sram", required, "list of [capacity, pJ]", "price of an access, ascending capacities"),
         price("dram_pj", required, "per access"), price("mac_pj", required, "per operation"),
         price("hop_pj", required, "per hop to a neighbour")}};
    return spec;
}

const MapSpec& accelergy_spec() {
    static const MapSpec spec = {
        "energy, from Accelergy",
        "In place of the table: `energy: ERT.yaml`, or this map. Levels without prices of their own get those of the component "
        "of their name: "
        "`read`, the dearer one of `fill` (or `write`) and `update`, and of the MAC its `mac_random` (or `compute`...); of an "
        "action that is listed for "
        "several arguments the dearest counts. Sizes that are changed later keep these prices.",
        {other("ert", required, "path", "Accelergy's energy reference table"),
         other("art", "", "path", "its area reference table: areas go into the report and the result"),
         other("names", "", "map",
               "level: component, where they have different names; `Level.tensor` for a memory of one tensor"),
         integer("bits", "", 1, 65536, "bits", "that the prices are for; default: the level's `width_bits`")}};
    return spec;
}

}  // namespace accelsim
