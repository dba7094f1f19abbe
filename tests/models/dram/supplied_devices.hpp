// SPDX-License-Identifier: Apache-2.0
// The DRAM devices that come with the program.
#pragma once

#include <string>
#include <vector>

#include "sim/program/yaml/load_dram_device.hpp"

namespace accelsim::testing {

/// DDR4, LPDDR4, HBM2.
inline std::vector<dram::Device> supplied_devices() {
    std::vector<dram::Device> devices;
    for (const char* name : {"ddr4_3200_8gb_x8", "lpddr4_3200_8gb_x16", "hbm2_8gb_x128"})
        devices.push_back(load_dram_device(ACCELSIM_SOURCE_DIR "/configs/dram/" + std::string(name) + ".yaml"));
    return devices;
}

}  // namespace accelsim::testing
