// SPDX-License-Identifier: Apache-2.0
// A whole network: each layer in a process of its own, results gathered and summed.
#pragma once

#include "sim/program/run.hpp"
#include "sim/program/yaml/load_network.hpp"

namespace accelsim {

/// Simulates and checks every layer, prints a table and writes the files asked for. Returns the worst exit code of all layers;
/// results do not depend on the number of processes. Throws UserError for options that belong to a single layer.
int run_network(const RunOptions& options, const NetworkConfig& network);

/// What the process of one layer returns: {"result": its JSON result, "resolved": its resolved run file}.
std::string simulate_layer(const NetworkConfig& network, std::size_t layer, const RunOptions& options);

/// Options with the number of processes in place.
int process_count(const RunOptions& options);

}  // namespace accelsim
