// SPDX-License-Identifier: Apache-2.0
#include "models/search/optimize.hpp"

#include "models/search/from_run.hpp"

namespace accelsim::search {

namespace {

bool runs_on_machine(const Workload& workload, const PlacedMapping& mapping) {
    try {
        lower(workload, mapping.architecture, mapping.nest);
        return true;
    } catch (const UserError&) {
        return false;
    }
}

/// Interstellar's energy alone decides: its cycles are the same for all mappings.
Optimum by_interstellar(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                        const Request& request) {
    const Rules whose = search.program_rules ? Rules::program : Rules::machine;
    const PlacedSpace placed = place_space(workload, architecture, search, rules, whose);
    const auto runs = [&](const Mapping& mapping) {
        return runs_on_machine(workload, place_mapping(placed, architecture, mapping, rules));
    };
    Found found =
        find_cheapest(placed.space, request.limits, whose == Rules::machine ? runs : std::function<bool(const Mapping&)>());
    if (!found.mapping) throw UserError("no mapping in the search's space fits the machine", rules.where);
    Optimum result;
    PlacedMapping mapping = place_mapping(placed, architecture, *found.mapping, rules);
    result.runs = whose == Rules::machine || runs_on_machine(workload, mapping);
    result.nest = std::move(mapping.nest);
    result.architecture = std::move(mapping.architecture);
    result.notes = std::move(mapping.notes);
    result.energy_pj = found.energy_pj;
    result.cycles = evaluate(placed.space.layer, placed.space.machine, *found.mapping).ideal_cycles;
    result.mapping = std::move(found.mapping);
    result.evaluated = found.evaluated;
    result.pruned = found.pruned;
    result.seconds = found.seconds;
    result.proven = found.proven && found.accepted_all;
    return result;
}

}  // namespace

const std::vector<std::string>& objective_names() {
    static const std::vector<std::string> names = {"energy", "cycles", "edp"};
    return names;
}

Optimum optimize(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                 const Request& request) {
    return by_interstellar(workload, architecture, search, rules, request);
}

}  // namespace accelsim::search
