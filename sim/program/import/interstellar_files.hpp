// SPDX-License-Identifier: Apache-2.0
// The JSON files of the Interstellar program as plain values. Grammar: docs/interstellar.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mappings/error.hpp"
#include "models/interstellar/interstellar.hpp"
#include "models/search_space.hpp"

namespace accelsim {

/// A hint in the program's words.
struct InterstellarHint {
    interstellar::LoopName loop = interstellar::FX;
    int level = 0;  ///< of memory, innermost 0
    std::optional<std::int64_t> order, blocking, partitioning;
};

/// What holds for a search only.
struct InterstellarSearch {
    std::vector<InterstellarHint> hints;
    std::vector<interstellar::LoopName> replicated;  ///< `partition_loops`
    bool replication = true;
    double utilization_threshold = 0;
    std::optional<MemoryFamily> memories;
};

struct InterstellarDesign {
    interstellar::Layer layer;
    interstellar::Machine machine;
    bool partitions_given = false;  ///< `memory_partitions`; without them levels from the fourth on cost nothing there
    std::optional<interstellar::Mapping> mapping;  ///< none: it is to be searched
    InterstellarSearch search;
    Location arch_where, layer_where, mapping_where;
    std::vector<std::string> notes;
};

/// One file with the keys `arch`, `layer` and `mapping` (or `schedule_hint`), or a file for each, in any order. Throws UserError.
InterstellarDesign read_interstellar(const std::vector<std::string>& files);

}  // namespace accelsim
