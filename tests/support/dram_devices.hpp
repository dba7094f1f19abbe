// SPDX-License-Identifier: Apache-2.0
// DRAM devices made for tests.
#pragma once

#include "models/dram/device.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

/// Small, of any shape, with any timing, queues and rules: what the parts of a controller do to each other shows after few
/// requests.
dram::Device random_dram_device(RandomNumbers& random);

/// As text, for messages.
std::string describe(const dram::Device& device);

}  // namespace accelsim::testing
