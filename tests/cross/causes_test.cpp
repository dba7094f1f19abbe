// SPDX-License-Identifier: Apache-2.0
// Every difference between a model and the exact figures is the sum of named causes: counts word for word, energies to rounding.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <iostream>
#include <map>
#include <set>
#include <tuple>

#include "models/analytical.hpp"
#include "models/exact_counts.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

using Place = std::tuple<std::string, std::string, std::string>;  ///< level, tensor, kind

/// All counts of the levels that a model says.
std::map<Place, std::int64_t> counts_of(const ModelResult& result) {
    std::map<Place, std::int64_t> counts;
    for (const ModelLevel& level : result.levels)
        for (const ModelTensor& t : level.tensors) {
            const auto add = [&](const char* kind, const Figure& figure) {
                if (figure) counts[{level.name, t.tensor, kind}] = *figure;
            };
            add("reads.to_child", t.reads_to_child);
            add("reads.to_parent", t.reads_to_parent);
            add("writes.from_parent", t.writes_from_parent);
            add("writes.from_child", t.writes_from_child);
        }
    return counts;
}

/// What is wrong; empty: nothing. Counts in `differing` those that the causes had to explain.
std::string check_model(ModelKind kind, const Design& design, long& differing, std::set<std::string>& causes) {
    ModelResult model;
    try {
        model = evaluate_model(kind, design);
    } catch (const UserError&) {
        return "";  // it has no words for this design
    }
    const std::map<Place, std::int64_t> exact = counts_of(evaluate_model(ModelKind::exact, design));
    std::map<Place, std::int64_t> explained = counts_of(model);
    for (const auto& [place, value] : explained) differing += value != exact.at(place) ? 1 : 0;
    for (const CountCauses& count : count_causes(kind, design)) {
        if (count.kind.ends_with("_hops")) continue;
        for (const CountShare& share : count.shares) {
            explained.at({design.level(count.level).name, design.tensor(count.tensor).name, count.kind}) += share.amount;
            causes.insert(share.cause);
        }
    }
    for (const auto& [place, value] : explained)
        if (value != exact.at(place))
            return std::get<0>(place) + " " + std::get<1>(place) + " " + std::get<2>(place) + ": explained as far as " +
                   std::to_string(value) + ", exact " + std::to_string(exact.at(place)) + "\n";
    double energy = model.energy_pj;
    for (const EnergyShare& share : energy_shares(kind, design)) energy += share.pj, causes.insert(share.cause);
    const double wanted = evaluate_model(ModelKind::exact, design).energy_pj;
    return std::abs(energy - wanted) <= 1e-9 * std::max(wanted, model.energy_pj)
               ? ""
               : "energy explained as far as " + std::to_string(energy) + ", exact " + std::to_string(wanted) + "\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(causes)

BOOST_AUTO_TEST_CASE(shares_add_up_on_random_designs) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    const long end = first + environment_number("ACCELSIM_DESIGNS", 400);
    for (const ModelKind kind : {ModelKind::interstellar, ModelKind::timeloop}) {
        const std::string& name = model_names()[static_cast<std::size_t>(kind)];
        long differing = 0;
        std::set<std::string> seen;
        for (long seed = first; seed < end; ++seed) {
            const RandomDesign random = make_random_design(static_cast<std::uint64_t>(seed));
            const Design design = lower(random.workload, random.architecture, random.nest);
            const std::string wrong = check_model(kind, design, differing, seen);
            BOOST_TEST(wrong.empty(), name << ", ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1: " << wrong << describe(random));
            if (!wrong.empty()) break;
        }
        std::cout << name << ": " << differing << " counts differ, causes";
        for (const std::string& cause : seen) std::cout << ' ' << cause;
        std::cout << '\n';
        BOOST_TEST(differing * 4 > end - first);
        BOOST_TEST(seen.size() >= 10U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
