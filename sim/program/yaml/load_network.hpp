// SPDX-License-Identifier: Apache-2.0
// A run whose workload is a network: its layers, each of which is read like a run of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/elementwise.hpp"
#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

/// A layer is simulated, costed (`elementwise`), or only listed (its operator is `elementwise.kind`).
struct NetworkLayer {
    std::string name;
    std::int64_t repeat = 1;
    std::int64_t macs = 0;   ///< of one repetition; of a layer that is only listed: those left out
    std::int64_t words = 0;  ///< simulated: of its tensors
    bool simulated = false;
    std::vector<std::string> tensors;  ///< simulated: their names, in workload order
    bool listed_only = false;
    Elementwise elementwise;
    Location where;
};

struct NetworkConfig {
    std::string name;     ///< of the run
    std::string network;  ///< of the network
    std::int64_t batch = 1;
    std::vector<NetworkLayer> layers;
    Architecture architecture;  ///< with its prices
    std::vector<std::string> notes;
    RunTree tree;
};

/// Reads everything but the layers' mappings. Throws UserError: a layer that is none, a name twice, no layer to simulate,
/// operands from files, a mapping for a layer that is not there.
NetworkConfig read_network(const RunTree& tree);

/// One simulated layer as a run: generated operands with the run's seed + 3 x its index (so that no two tensors of a network are
/// alike), its own mapping or the default. Throws UserError.
RunConfig read_layer(const NetworkConfig& network, std::size_t layer);

/// The run with the mappings that its layers got, as text that load_tree() takes: `resolved` holds a resolved run file per
/// simulated layer, nothing for others.
std::string to_yaml(const NetworkConfig& network, const std::vector<std::string>& resolved);

/// The index of a simulated layer. Throws UserError naming those that there are.
std::size_t find_layer(const NetworkConfig& network, const std::string& name);

}  // namespace accelsim
