// SPDX-License-Identifier: Apache-2.0
// What a search may choose, in Interstellar's terms: how each loop is cut, unrolled and ordered. docs/optimize.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/interstellar/interstellar.hpp"

namespace accelsim::search {

using interstellar::Layer;
using interstellar::loop_count;
using interstellar::LoopName;
using interstellar::Machine;
using interstellar::Mapping;
using interstellar::PerTensor;
using interstellar::tensor_count;
using interstellar::TensorName;

using PerLoop = std::array<std::int64_t, loop_count>;

/// Who says what fits and what may be unrolled.
enum class Rules {
    program,  ///< the Interstellar program, with the order of its checks
    machine   ///< this project: what lower() accepts
};

/// A memory of a level, for Rules::machine.
struct Room {
    std::int64_t bits = 0;         ///< 0: unlimited
    PerTensor bits_per_element{};  ///< with all slots; 0: the tensor is not here
};

/// What is fixed of a loop at a level; what is not given is free.
struct LoopHint {
    std::optional<std::int64_t> trips;
    std::optional<std::int64_t> unroll;
    std::optional<int> order;  ///< hinted loops of a level stand in this order, 0 innermost; no meaning for Rules::program
    bool given() const { return trips || unroll || order; }
};

/// Levels innermost first, as in Machine; the last is the DRAM.
struct Space {
    Layer layer;
    Machine machine;
    Rules rules = Rules::machine;
    std::vector<std::array<LoopHint, loop_count>> hints;  ///< per level
    std::vector<LoopName> replicate;  ///< what may fill the rest of an axis beside hinted loops; empty: see docs/optimize.md
    bool replication = true;          ///< two loops may share an axis
    double min_utilization = 0;       ///< of every axis
    bool half_full = false;
    std::vector<std::array<std::int64_t, 2>> axes;  ///< per level: rows and columns of the array right outside it; 1 x 1: none
    std::vector<std::vector<Room>> rooms;           ///< per level below the DRAM; Rules::machine alone
    std::array<bool, loop_count> exact{};           ///< loops whose factors must divide: tails could not be masked

    std::size_t levels() const { return machine.levels.size(); }
    bool has_hints() const;
};

}  // namespace accelsim::search
