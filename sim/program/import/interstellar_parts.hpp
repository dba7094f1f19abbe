// SPDX-License-Identifier: Apache-2.0
// The sections of Interstellar's files, each from its map to its part of the design.
#pragma once

#include <string>
#include <vector>

#include "sim/program/import/import_map.hpp"
#include "sim/program/import/interstellar_files.hpp"

namespace accelsim {

const ImportKeys& interstellar_arch_keys();
const ImportKeys& interstellar_layer_keys();
const ImportKeys& interstellar_mapping_keys();
const ImportKeys& interstellar_schedule_keys();

void read_interstellar_arch(const Yaml& node, InterstellarDesign& design);
void read_interstellar_layer(const Yaml& node, InterstellarDesign& design);
/// After the arch and the layer.
void read_interstellar_mapping(const Yaml& node, InterstellarDesign& design);
void read_interstellar_schedule(const Yaml& node, InterstellarDesign& design);

/// The items of a list with so many of them; `example` shows one.
const std::vector<Yaml>& interstellar_list(const Yaml& node, const std::string& what, std::size_t size,
                                           const std::string& example);
interstellar::LoopName interstellar_loop(const Yaml& node, const std::string& what);

}  // namespace accelsim
