// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/timeloop_components.hpp"

namespace accelsim {

namespace {

constexpr const char* dense_only = "this machine moves dense tensors, every word";

const std::vector<ImportRefusal>& sparse_keys() {
    static const std::vector<ImportRefusal> keys = {
        {"sparse_optimizations", dense_only},     {"metadata_datawidth", dense_only},
        {"metadata_word_bits", dense_only},       {"metadata_storage_width", dense_only},
        {"metadata_storage_depth", dense_only},   {"metadata_block_size", dense_only},
        {"decompression_supported", dense_only},  {"compression_supported", dense_only},
        {"tile_partition_supported", dense_only}, {"concordant_compressed_tile_traversal", dense_only},
    };
    return keys;
}

ImportKeys with_sparse_refused(ImportKeys keys) {
    keys.refused.insert(keys.refused.end(), sparse_keys().begin(), sparse_keys().end());
    return keys;
}

}  // namespace

const ImportKeys& timeloop_root_keys() {
    static const ImportKeys keys = {
        {"version", "subtree"},
        {"name", "attributes"},
        {{"nodes",
          "it is what users write for Timeloop 0.4; give the 'architecture: {subtree: ...}' that its front end makes of it"},
         {"storage", "this is the list form of old versions; write the levels as a 'subtree'"},
         {"arithmetic", "this is the list form of old versions; write the levels as a 'subtree'"}},
        {}};
    return keys;
}

const ImportKeys& timeloop_node_keys() {
    static const ImportKeys keys = {{"name", "local", "subtree"}, {"attributes"}, {}, {}};
    return keys;
}

const ImportKeys& timeloop_component_keys() {
    static const ImportKeys keys = with_sparse_refused(
        {{"name", "class", "attributes"},
         {"subclass", "required_actions", "actions", "enabled", "constraints", "energy_scale", "area_scale", "area"},
         {},
         {}});
    return keys;
}

const ImportKeys& timeloop_storage_keys() {
    static const ImportKeys keys = with_sparse_refused(
        {{"word_bits",
          "block_size",
          "cluster_size",
          "width",
          "entries",
          "depth",
          "sizeKB",
          "num_ports",
          "read_bandwidth",
          "write_bandwidth",
          "shared_bandwidth",
          "bandwidth",
          "multiple_buffering",
          "instances",
          "meshX",
          "meshY",
          "network_fill_latency",
          "network_drain_latency",
          "network_read",
          "network_fill",
          "network_drain",
          "network_update",
          "vector_access_energy",
          "reduction_supported"},
         {"technology", "num_banks", "addr_gen_energy", "cluster_area", "global_cycle_seconds", "action_latency_cycles",
          "latency"},
         {{"min_utilization", "it constrains a mapper; this mapping is given"},
          {"allow_overbooking", "tiles must fit"},
          {"per_dataspace_bandwidth_consumption_scale", "a word takes its place on a port, whatever tensor it belongs to"}},
         {{"word_width", "word_bits"},
          {"datawidth", "word_bits"},
          {"n_words", "block_size"},
          {"memory_width", "width"},
          {"data_storage_width", "width"},
          {"memory_depth", "depth"},
          {"data_storage_depth", "depth"},
          {"n_ports", "num_ports"},
          {"n_banks", "num_banks"}}});
    return keys;
}

const ImportKeys& timeloop_compute_keys() {
    static const ImportKeys keys = {
        {"instances", "meshX", "meshY", "energy_per_op"},
        {"word_bits", "technology", "width", "network_operand", "network_result", "area", "global_cycle_seconds",
         "action_latency_cycles", "latency", "num_pipeline_stages", "datawidth_a", "datawidth_b"},
        {},
        {{"word_width", "word_bits"}, {"datawidth", "word_bits"}}};
    return keys;
}

const ImportKeys& timeloop_network_keys() {
    static const ImportKeys keys = {
        {"fill_latency", "drain_latency"},
        {"word_bits", "datawidth", "technology", "router_energy", "wire_energy", "wire_length", "tile_width", "adder_energy",
         "action_name", "multicast_factor_argument", "per_datatype_ERT", "instances", "meshX", "meshY", "network_type"},
        {},
        {{"network_fill_latency", "fill_latency"}, {"network_drain_latency", "drain_latency"}}};
    return keys;
}

}  // namespace accelsim
