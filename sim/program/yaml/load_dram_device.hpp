// SPDX-License-Identifier: Apache-2.0
// DRAM devices from their files.
#pragma once

#include <string>

#include "models/dram/device.hpp"
#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// The map under `device`. `stem`: the name when none is given. Throws UserError; what it returns is valid.
dram::Device read_dram_device(const Yaml& node, const std::string& stem);

/// From a file with the single key `device`; a path that does not exist is looked for in the data directory.
dram::Device load_dram_device(const std::string& path);

}  // namespace accelsim
