// SPDX-License-Identifier: Apache-2.0
// A result file as one list of figures, each under a path.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace accelsim {

/// Path ("levels.GlobalBuffer.tensors.input.reads.to_child") and value, in the file's order. Entries of lists go by their name
/// (levels, layers), ends (networks) or change (reliefs), others by their number. Left out: `host`, which is about the machine
/// below, and `model`, which repeats the counts.
std::vector<std::pair<std::string, nlohmann::ordered_json>> flat_result(const nlohmann::ordered_json& result);

/// Reads a file that accelsim wrote with --json. Throws UserError: not there, not JSON (with the place), no result.
nlohmann::ordered_json read_result(const std::string& file);

}  // namespace accelsim
