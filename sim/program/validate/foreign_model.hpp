// SPDX-License-Identifier: Apache-2.0
// A model's figures from a file that any script can write (docs/validating.md): JSON in the shape in which ours are written, or
// CSV with a figure per line.
#pragma once

#include <string>

#include "sim/program/validate/validation.hpp"

namespace accelsim {

/// `.csv` is read as CSV, anything else as JSON. What the file does not say is absent. Throws UserError with file:line: not the
/// format, a level, tensor or network that the design has not, a figure twice.
ValidatedModel read_foreign_model(const std::string& path, const Design& design);

/// A model of this name with the design's levels, tensors and networks and no figure.
ValidatedModel empty_foreign_model(const std::string& name, const Design& design);

/// Where a figure goes: kind as in results, "reads.to_child"; place a level, or a network "A > B". Throws UserError when the
/// design has none, naming those that it has.
Figure& foreign_figure(ValidatedModel& model, const std::string& place, const std::string& tensor, const std::string& kind,
                       const Location& where);

/// Sets it; a second time is a UserError.
void set_foreign_figure(ValidatedModel& model, const std::string& place, const std::string& tensor, const std::string& kind,
                        std::int64_t value, const Location& where);

}  // namespace accelsim
