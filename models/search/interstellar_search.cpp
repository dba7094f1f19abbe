// SPDX-License-Identifier: Apache-2.0
#include "models/search/interstellar_search.hpp"

namespace accelsim::search {

void throw_nothing_fits(const Location& where) {
    throw UserError(
        "nothing in the space of the search fits the machine; give it fewer hints, a lower 'min_utilization', no 'half_full', or "
        "more capacity",
        where);
}

InterstellarSearch::InterstellarSearch(const Workload& workload, const Architecture& architecture, const SearchSpace& search,
                                       const Nest& rules)
    : workload_(workload),
      architecture_(architecture),
      rules_(rules),
      whose_(search.program_rules ? Rules::program : Rules::machine),
      placed_(place_space(workload, architecture, search, rules, whose_)) {}

bool InterstellarSearch::runs(const PlacedMapping& mapping) const {
    try {
        lower(workload_, mapping.architecture, mapping.nest);
        return true;
    } catch (const UserError&) {
        return false;
    }
}

std::optional<Optimum> InterstellarSearch::best(std::vector<Unrolling> among, const Limits& limits) const {
    const auto accept = [&](const Mapping& mapping) { return runs(place(mapping)); };
    Found found = find_cheapest(placed_.space, std::move(among), limits,
                                whose_ == Rules::machine ? accept : std::function<bool(const Mapping&)>());
    if (!found.mapping) return std::nullopt;
    PlacedMapping mapping = place(*found.mapping);
    Optimum result;
    result.runs = whose_ == Rules::machine || runs(mapping);
    result.nest = std::move(mapping.nest);
    result.architecture = std::move(mapping.architecture);
    result.notes = std::move(mapping.notes);
    result.energy_pj = found.energy_pj;
    result.cycles = evaluate(placed_.space.layer, placed_.space.machine, *found.mapping).ideal_cycles;
    for (const Mapping& next : found.next) result.next.push_back(place(next).nest);
    result.mapping = std::move(found.mapping);
    result.evaluated = found.evaluated;
    result.pruned = found.pruned;
    result.seconds = found.seconds;
    result.distribution = std::move(found.distribution);
    result.proven = found.proven && found.accepted_all;
    return result;
}

}  // namespace accelsim::search
