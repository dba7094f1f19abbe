// SPDX-License-Identifier: Apache-2.0
#include "Voutput_stationary.h"

#include "tests/rtl/verilated_model.hpp"

namespace accelsim::testing {

std::unique_ptr<RtlModel> make_output_stationary(const RtlHardware& hardware) {
    return std::make_unique<VerilatedModel<Voutput_stationary>>(hardware);
}

}  // namespace accelsim::testing
