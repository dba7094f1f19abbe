// SPDX-License-Identifier: Apache-2.0
// Timeloop's files, section by section, as plain values. Grammar: docs/timeloop.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"
#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// Keys `architecture` (or `arch`), `problem`, `mapping`, `ERT`: each from the one file that has it; nullptr: none has.
struct TimeloopFiles {
    std::vector<YamlEntry> entries;  ///< canonical keys
    bool dumped = false;             ///< made by Timeloop's front end
    bool links = true;               ///< lanes take words from mesh neighbours, unless the environment switches that off
    const Yaml* find(const std::string& key) const;
    /// As find, but a UserError when there is none.
    const Yaml& need(const std::string& key) const;
};

/// Reads the files and merges them by top-level key; a key in two files is a UserError. A file `*.txt` has lines NAME=VALUE: what
/// Timeloop found in its environment, of which TIMELOOP_DISABLE_LINK_TRANSFERS matters; it is looked for in ours, too.
TimeloopFiles load_timeloop(const std::vector<std::string>& paths);

/// A component of a storage class; figures per instance, in words.
struct TimeloopStorage {
    std::string name;
    Location where;
    std::int64_t instances = 1, mesh_x = 1, mesh_y = 1;
    int word_bits = 16;
    std::int64_t block_size = 1;    ///< words of one access
    std::int64_t cluster_size = 1;  ///< blocks of one row of the memory
    bool width_given = false;       ///< the file states blocks, clusters or a width
    int ports = 2;                  ///< 1: one access a cycle, either direction
    std::optional<std::int64_t> size;
    double multiple_buffering = 1;
    std::optional<double> read_bandwidth, write_bandwidth, shared_bandwidth;  ///< words per cycle
    std::optional<std::int64_t> fill_latency, drain_latency;                  ///< of the network below it
    std::string read_network, drain_network;                                  ///< names of network components
    std::optional<double> access_pj;                                          ///< of one block, when there is no ERT
};

struct TimeloopCompute {
    std::string name;
    Location where;
    std::int64_t instances = 1, mesh_x = 1, mesh_y = 1;
    std::optional<double> op_pj;
};

struct TimeloopMachine {
    std::vector<TimeloopStorage> storages;  ///< outermost first
    TimeloopCompute compute;
    std::vector<std::string> notes;
};

/// `unknown`: see ImportMap.
TimeloopMachine read_timeloop_architecture(const Yaml& node, std::vector<std::string>* unknown);

/// Elements of 16 bits. `unknown`: see ImportMap.
Workload read_timeloop_problem(const Yaml& node, std::vector<std::string>* unknown);

/// Prices of one component, in picojoule per access.
struct TimeloopPrices {
    std::optional<double> read, fill, update, compute, leak;
};

/// By component name, without path and range.
std::map<std::string, TimeloopPrices> read_timeloop_energy(const Yaml& node);

/// A loop with the bound of its last iteration ("M=8,6").
struct TimeloopLoop {
    int dimension = 0;
    std::int64_t bound = 1;
    std::int64_t last = 1;
    bool spatial = false;
    bool on_y = false;  ///< spatial only
    Location where;
};

/// What the mapping says of one storage level.
struct TimeloopLevel {
    std::vector<TimeloopLoop> temporal, spatial;  ///< innermost first, bounds above 1 only
    std::vector<int> bypass;                      ///< tensors
};

/// By storage level, outermost first.
std::vector<TimeloopLevel> read_timeloop_mapping(const Yaml& node, const Workload& workload, const TimeloopMachine& machine,
                                                 std::vector<std::string>& notes);

/// "M=4 N=4,2", "M4", or a list of such words, in the order written. Bounds 0 mean the whole dimension.
std::vector<TimeloopLoop> read_timeloop_factors(const Yaml& node, const Workload& workload, const std::string& context);

/// Dimensions innermost first: "KNM", "K,N,M" or a list.
std::vector<int> read_timeloop_permutation(const Yaml& node, const Workload& workload, const std::string& context);

}  // namespace accelsim
