// SPDX-License-Identifier: Apache-2.0
// The three machines that are verilated: those of docs/walkthroughs.md with larger arrays.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/program/yaml/load_run.hpp"
#include "tests/rtl/random_nest.hpp"
#include "tests/rtl/rtl_model.hpp"

namespace accelsim::testing {

struct Structure {
    std::string name;  ///< as in configs/walkthroughs and tests/CMakeLists.txt
    std::string file;
    std::vector<std::string> overrides;  ///< those of tests/rtl/machines.txt
    std::function<std::unique_ptr<RtlModel>(const RtlHardware&)> make;

    Unrolling unrolling;  ///< of random nests

    RunConfig config() const;
    RtlHardware hardware() const;
};

/// (a), (b), (c) of the walkthroughs.
const std::vector<Structure>& structures();

}  // namespace accelsim::testing
