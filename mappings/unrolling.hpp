// SPDX-License-Identifier: Apache-2.0
// Which loops go onto the arrays when nobody says: a dataflow as a wish, and replication that fills what it leaves idle
// (docs/networks.md, "The default mapping").
#pragma once

#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"

namespace accelsim {

/// Names of the dimensions wanted on each axis, adjacent first.
struct ArrayWish {
    std::vector<std::string> rows;
    std::vector<std::string> columns;
};

/// One wish per fan-out, outermost first; fan-outs without one are filled freely.
using Dataflow = std::vector<ArrayWish>;

/// Reads what dataflow_name() writes: "C | K", "FYC | Y", "K / C | K". Names are those of the built-in workloads' dimensions and
/// of `workload`; a single axis is the rows. Throws UserError for anything else.
Dataflow parse_dataflow(const std::string& text, const Workload& workload);

/// How far an array is filled.
enum class Filling {
    replicated,  ///< the wish, then further dimensions as long as they save steps
    wished,      ///< the wish alone
    none         ///< one lane
};

/// The spatial loops, in the order in which a nest has them. Wished dimensions that the workload does not have are left out.
/// Factors are balanced (13 on 8 lanes: 7), and exact where a tail could not be masked.
std::vector<Loop> unroll(const Workload& workload, const Architecture& architecture, const Dataflow& dataflow, Filling filling);

/// The numbers of parts below `room` into which `bound` values can be cut without waste, ascending from 1: for every number of
/// steps the smallest that needs no more. `exact`: only those that divide.
std::vector<std::int64_t> balanced_factors(std::int64_t bound, std::int64_t room, bool exact);

}  // namespace accelsim
