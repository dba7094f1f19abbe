// SPDX-License-Identifier: Apache-2.0
#include "Vrow_stationary.h"

#include "tests/rtl/verilated_model.hpp"

namespace accelsim::testing {

std::unique_ptr<RtlModel> make_row_stationary(const RtlHardware& hardware) {
    return std::make_unique<VerilatedModel<Vrow_stationary>>(hardware);
}

}  // namespace accelsim::testing
