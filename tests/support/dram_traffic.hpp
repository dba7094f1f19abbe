// SPDX-License-Identifier: Apache-2.0
// Requests for DRAM controllers, and the two controllers held against each other on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/dram/controller.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

struct DramArrival {
    std::int64_t clock = 0;
    dram::Request request;
};

/// Phases of sequential, strided, random, hot and colliding addresses, at any pace, clocks not decreasing. Tags count from 0.
std::vector<DramArrival> random_dram_traffic(RandomNumbers& random, const dram::Device& device, int count);

/// Gives them to models/dram and to the literal controller, in steps of any length; empty when commands, events and statistics
/// are the same and the monitor is content, else the first difference.
std::string compare_dram(const dram::Device& device, const std::vector<DramArrival>& traffic, RandomNumbers& random);

}  // namespace accelsim::testing
