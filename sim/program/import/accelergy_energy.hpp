// SPDX-License-Identifier: Apache-2.0
// Accelergy's tables as the prices of a run: energy reference tables (ERT) and area reference tables (ART).
#pragma once

#include <map>
#include <string>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// What `energy` of a run file is: the path of an ERT, or a map with `ert`.
bool is_accelergy(const Yaml& energy);

/// Gives every level of the run's architecture that has no prices those of the component of its name (or of the one that `names`
/// has for it), and takes `energy` out of the run. A read, a write and an operation are Accelergy's actions read, the dearer one
/// of fill (write) and update, and compute; a price is for as many bits as the level is wide, or for `bits`. Returns the areas of
/// the components, um^2 with all their instances, where there is an ART. Throws UserError with the place: a level without a
/// component, a component without the action, no architecture.
std::map<std::string, double> price_by_accelergy(Yaml& run);

}  // namespace accelsim
