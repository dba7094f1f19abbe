// SPDX-License-Identifier: Apache-2.0
// The best mapping of a workload on a machine, by a model. docs/optimize.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mappings/design.hpp"
#include "models/analytical.hpp"
#include "models/search/search.hpp"
#include "models/search_space.hpp"

namespace accelsim::search {

enum class Objective { energy, cycles, edp };
const std::vector<std::string>& objective_names();  ///< by Objective

/// What is asked for.
struct Request {
    ModelKind model = ModelKind::interstellar;  ///< not timeloop
    Objective objective = Objective::energy;
    std::uint64_t seed = 1;
    Limits limits;
};

/// The best mapping found.
struct Optimum {
    Nest nest;
    Architecture architecture;  ///< as given, or with arrays of the shape that the mapping needs
    std::vector<std::string> notes;
    std::vector<Nest> next;          ///< with `keep` above 1: those that follow by Interstellar's model
    std::optional<Mapping> mapping;  ///< in Interstellar's terms, where the search was by its model
    double energy_pj = 0;            ///< by the model
    std::int64_t cycles = 0;
    std::int64_t evaluated = 0;
    std::int64_t pruned = 0;
    double seconds = 0;
    Distribution distribution;  ///< by Interstellar's model, without bounds
    bool proven = false;        ///< nothing in the space is better
    bool runs = true;           ///< false: it is within Interstellar's own rules, but not on the machine
};

/// Whether the Interstellar model has words for the workload and the machine.
bool interstellar_can_say(const Workload& workload, const Architecture& architecture, const Nest& rules);

/// `rules`: everything of the nest but its loops. Throws UserError when the model cannot express the workload or the machine, or
/// when nothing in the space fits.
Optimum optimize(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                 const Request& request);

/// The best mapping of one dataflow.
struct DataflowOptimum {
    std::string dataflow;  ///< "C | K", as dataflow_name() writes it
    double utilization = 0;
    Optimum optimum;
};

/// The best of every dataflow in the space, by Interstellar's model, the best first; dataflows of which nothing fits are left
/// out. `request.limits.seconds` is for all together. Throws UserError as optimize() does.
std::vector<DataflowOptimum> explore_dataflows(const Workload& workload, const Architecture& architecture,
                                               const SearchSpace& search, const Nest& rules, const Request& request);

/// A member of a family of memory systems: point i of a buffer has its capacities times the i-th power of its scale, likewise
/// prices.
struct MemoryPoint {
    std::vector<std::int64_t> index;  ///< per scaled buffer, innermost first
    Architecture architecture;
};

/// All members, the innermost buffer's size changing last.
std::vector<MemoryPoint> memory_points(const Architecture& architecture, const MemoryFamily& family);

}  // namespace accelsim::search
