// SPDX-License-Identifier: Apache-2.0
// Searches over more than mappings: all dataflows, and memory systems.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/search/optimize.hpp"
#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

/// Which memory systems are asked for on the command line.
struct MemoryRequest {
    std::vector<std::string> sizes;          ///< "LEVEL=SIZE,SIZE,..." each
    std::vector<std::string> architectures;  ///< files, in place of the run's
    std::string ratio;  ///< "4:16": what the levels hold in all their instances, each over the next inner one
};

/// One memory system and the best mapping on it.
struct MemoryRow {
    std::string name;                      ///< "RegisterFile 64 B, GlobalBuffer 128 KiB"
    std::vector<std::int64_t> capacities;  ///< bytes per instance, outermost buffer first
    RunConfig config;
    std::optional<search::Optimum> optimum;  ///< none: nothing fits
};

/// A run file with what is changed of it, and of a network which layer.
struct RunSource {
    std::string file;
    std::vector<std::string> overrides;
    std::string layer;
};

/// Every memory system of the run's family (`memories` in `auto`), and of the request; a single row when there is neither.
/// `request.limits.seconds` is for all together. The order is that of the points. Throws UserError when nothing fits anywhere.
std::vector<MemoryRow> explore_memories(const RunSource& source, const MemoryRequest& memories, const search::Request& request);

/// Index of the row that is best by the objective.
std::size_t best_row(const std::vector<MemoryRow>& rows, search::Objective objective);

std::string memory_table(const std::vector<MemoryRow>& rows);
std::string dataflow_table(const std::vector<search::DataflowOptimum>& rows);
nlohmann::ordered_json memory_json(const std::vector<MemoryRow>& rows);
nlohmann::ordered_json dataflow_json(const std::vector<search::DataflowOptimum>& rows, const RunConfig& config);

}  // namespace accelsim
