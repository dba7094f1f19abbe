// SPDX-License-Identifier: Apache-2.0
#include "models/search/optimize.hpp"

#include <algorithm>
#include <chrono>

#include "models/default_mapping.hpp"
#include "models/search/design_search.hpp"
#include "models/search/from_run.hpp"
#include "models/search/interstellar_search.hpp"

namespace accelsim::search {

namespace {

constexpr std::size_t first_count = 200;  ///< of the best by Interstellar's model
constexpr double first_share = 0.1;       ///< of the time, for a mapping to begin with
constexpr double first_seconds = 2;       ///< without a limit
constexpr double least_seconds = 0.05;

Optimum by_interstellar(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                        const Request& request) {
    const InterstellarSearch searcher(workload, architecture, search, rules);
    std::optional<Optimum> best = searcher.best(unrollings(searcher.placed().space), request.limits);
    if (!best) throw_nothing_fits(rules.where);
    return std::move(*best);
}

/// Where the search by a lowered design begins: the default mapping, and the best few by Interstellar's model if it can say them.
std::vector<Nest> first_nests(const Workload& workload, const Architecture& architecture, const SearchSpace& search,
                              const Nest& rules, const Request& request) {
    std::vector<Nest> nests;
    SearchSpace ours = search;
    ours.program_rules = false;
    Request quick = request;
    quick.limits.keep = first_count;
    quick.limits.seconds = request.limits.seconds > 0 ? request.limits.seconds * first_share : first_seconds;
    try {
        Optimum best = by_interstellar(workload, architecture, ours, rules, quick);
        nests = std::move(best.next);
        nests.push_back(std::move(best.nest));
    } catch (const UserError&) {
    }
    try {
        nests.push_back(default_mapping(workload, architecture, {}, rules));
    } catch (const UserError&) {
    }
    return nests;
}

Optimum by_design(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                  const Request& request) {
    const auto begin = std::chrono::steady_clock::now();
    const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
    const std::vector<Nest> starts = first_nests(workload, architecture, search, rules, request);
    Request rest = request;
    if (rest.limits.seconds > 0) rest.limits.seconds = std::max(least_seconds, rest.limits.seconds - elapsed());
    DesignFound found = find_best_design(workload, architecture, search, rules, rest, starts);
    if (!found.nest) throw_nothing_fits(rules.where);
    Optimum result;
    result.nest = std::move(*found.nest);
    result.architecture = architecture;
    result.energy_pj = found.cost.energy_pj;
    result.cycles = found.cost.cycles;
    result.evaluated = found.evaluated;
    result.pruned = found.pruned;
    result.seconds = elapsed();
    result.proven = found.proven;
    return result;
}

}  // namespace

const std::vector<std::string>& objective_names() {
    static const std::vector<std::string> names = {"energy", "cycles", "edp"};
    return names;
}

bool interstellar_can_say(const Workload& workload, const Architecture& architecture, const Nest& rules) {
    try {
        place_space(workload, architecture, {}, rules, Rules::machine);
        return true;
    } catch (const UserError&) {
        return false;
    }
}

Optimum optimize(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                 const Request& request) {
    if (request.model == ModelKind::interstellar) return by_interstellar(workload, architecture, search, rules, request);
    return by_design(workload, architecture, search, rules, request);
}

}  // namespace accelsim::search
