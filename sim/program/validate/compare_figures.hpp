// SPDX-License-Identifier: Apache-2.0
// A model's figures beside the simulated ones, each difference with its causes.
#pragma once

#include "sim/program/validate/validation.hpp"

namespace accelsim {

/// Appends to `result.figures`. `result` has the run and the simulated figures already. Throws InternalError when the causes of
/// one of our models do not add up to its difference.
void compare_figures(const ValidatedModel& model, const Ladders& ladders, Validation& result);

}  // namespace accelsim
