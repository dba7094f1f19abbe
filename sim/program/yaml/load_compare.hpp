// SPDX-License-Identifier: Apache-2.0
// A comparison: accelerators x networks, as runs of networks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/program/yaml/load_network.hpp"

namespace accelsim {

/// One accelerator on one network, after its resources were made equal.
struct ComparedRun {
    std::string accelerator;
    std::string network;
    std::string dataflow;  ///< that the accelerator is made for; may be empty
    std::int64_t macs = 0;
    std::int64_t on_chip_bytes = 0;
    NetworkConfig config;
};

/// All pairs, networks outermost. Throws UserError: not a file `compare`, no accelerator or network, a layer that is not there,
/// resources that an accelerator cannot be brought to.
std::vector<ComparedRun> load_compare(const std::string& path);

/// Bytes of all memories inside the DRAM, all instances together.
std::int64_t on_chip_bytes(const Architecture& architecture);

}  // namespace accelsim
