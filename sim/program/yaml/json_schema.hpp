// SPDX-License-Identifier: Apache-2.0
// The tables of schema.hpp as a JSON Schema, with which editors complete and check the YAML files.
#pragma once

#include <string>

namespace accelsim {

/// JSON Schema (draft 07) of run files and of the files that they name: architectures, workloads, networks, mappings, energy
/// tables; sweeps, comparisons and validation suites.
std::string json_schema();

}  // namespace accelsim
