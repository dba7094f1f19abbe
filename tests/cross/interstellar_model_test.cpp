// SPDX-License-Identifier: Apache-2.0
// Our Interstellar model against the original program's answers, figure for figure.
#include <boost/test/unit_test.hpp>
#include <boost/test/data/test_case.hpp>

#include <cmath>

#include "models/interstellar/interstellar.hpp"
#include "sim/program/import/interstellar_files.hpp"
#include "tests/reference/interstellar_golden.hpp"
#include "tests/sim/program/scratch.hpp"

namespace accelsim::testing {

namespace {

using namespace interstellar;
using nlohmann::json;

json by_name(const PerTensor& values) {
    json result;
    for (std::size_t t = 0; t < tensor_count; ++t) result[tensor_names()[t]] = values[t];
    return result;
}

json by_name(const std::vector<PerTensor>& list) {
    json result = json::array();
    for (const PerTensor& values : list) result.push_back(by_name(values));
    return result;
}

json costs_of(const MemoryLevel& level) {
    json costs;
    for (std::size_t t = 0; t < tensor_count; ++t) {
        costs[tensor_names()[t]] = nullptr;
        if (level.memories[t]) costs[tensor_names()[t]] = level.access_costs[static_cast<std::size_t>(*level.memories[t])];
    }
    return costs;
}

json memory_json(const Machine& machine, const Evaluation& evaluation, std::size_t l) {
    const MemoryLevel& level = machine.levels[l];
    const MemoryAccesses& accesses = evaluation.memories[l];
    json capacity = level.capacities;
    return {{"kind", "memory"},
            {"level", l},
            {"per_element", by_name(accesses.per_element)},
            {"total", by_name(accesses.total)},
            {"total_access", accesses.total_access()},
            {"bank_size_elements", by_name(accesses.bank_size)},
            {"block_size_elements", by_name(accesses.block_size)},
            {"capacity_elements_per_bank", level.separate ? capacity : capacity[0]},
            {"cost_per_access", costs_of(level)},
            {"energy", accesses.energy_pj}};
}

json array_json(const ArrayAccesses& array) {
    return {{"kind", "array"},
            {"above_memory_level", array.level},
            {"nearest_per_element", by_name(array.nearest_per_element)},
            {"nearest_total", by_name(array.nearest_total)},
            {"far_per_element", by_name(array.far_per_element)},
            {"far_total", by_name(array.far_total)},
            {"total_access", array.total_access()},
            {"cost_per_access", {{"nearest", array.nearest_cost}, {"far", array.far_cost}}},
            {"energy", array.energy_pj}};
}

json model_json(const InterstellarDesign& design) {
    const Evaluation evaluation = evaluate(design.layer, design.machine, *design.mapping);
    json levels = json::array();
    std::size_t next_array = 0;
    for (std::size_t l = 0; l < evaluation.memories.size(); ++l) {
        if (next_array < evaluation.arrays.size() && evaluation.arrays[next_array].level + 1 == static_cast<int>(l))
            levels.push_back(array_json(evaluation.arrays[next_array++]));
        levels.push_back(memory_json(design.machine, evaluation, l));
    }
    return {{"layer_size_elements", by_name(design.layer.tensor_sizes())},
            {"levels", levels},
            {"total_energy", evaluation.total_energy_pj},
            {"energy_per_mac", evaluation.total_energy_pj / static_cast<double>(design.layer.macs())},
            {"fits_capacity", evaluation.fits},
            {"utilization", evaluation.utilization},
            {"ideal_cycles", evaluation.ideal_cycles}};
}

/// One line per figure: "/levels/0/energy 80486.4"; numbers with all their digits.
std::vector<std::string> figures(const json& value) {
    std::vector<std::string> lines;
    const json flat = value.flatten();
    for (json::const_iterator at = flat.begin(); at != flat.end(); ++at) {
        // Python prints a whole number of picojoules now as 6 and now as 6.0.
        const json& figure = at.value();
        const auto number = figure.is_number() ? figure.get<double>() : 0;
        const bool whole = figure.is_number_float() && number == std::floor(number);
        lines.push_back(at.key() + ' ' + (whole ? json(static_cast<std::int64_t>(number)) : figure).dump());
    }
    return lines;
}

/// A case of the optimiser together with a mapping that it found.
InterstellarDesign with_mapping(const ScratchFolder& folder, const json& golden, const json& mapping) {
    const json together = {{"arch", golden["arch"]}, {"layer", golden["layer"]}, {"mapping", mapping}};
    return read_interstellar({folder.write("case.json", together.dump(1))});
}

std::int64_t macs_of(const json& golden) { return golden["macs"].get<std::int64_t>(); }

void check_found_mappings(const json& golden) {
    const ScratchFolder folder;
    const json points = golden.contains("table") ? golden["table"] : json::array({golden});
    for (const json& point : points) {
        const InterstellarDesign design = with_mapping(folder, golden, point["best_mapping"]);
        const Evaluation evaluation = evaluate(design.layer, design.machine, *design.mapping);
        BOOST_TEST(evaluation.total_energy_pj == point["best_cost"].get<double>(), boost::test_tools::tolerance(1e-12));
        if (!point.contains("level_costs")) continue;
        std::vector<double> costs;
        for (std::size_t l = 0; l < evaluation.memories.size(); ++l) {
            if (l > 0 && !evaluation.arrays.empty() && evaluation.arrays[0].level + 1 == static_cast<int>(l))
                costs.push_back(evaluation.arrays[0].energy_pj);
            costs.push_back(evaluation.memories[l].energy_pj);
        }
        BOOST_TEST(costs == point["level_costs"].get<std::vector<double>>(), boost::test_tools::per_element());
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interstellar_model)

BOOST_AUTO_TEST_CASE(there_are_cases) {
    BOOST_TEST(interstellar_fixed_cases().size() >= 13U);
    BOOST_TEST(interstellar_search_cases().size() >= 4U);
}

BOOST_DATA_TEST_CASE(every_figure_is_the_programs, boost::unit_test::data::make(interstellar_fixed_cases()), name) {
    const InterstellarDesign design = read_interstellar({interstellar_file(name)});
    BOOST_TEST(figures(model_json(design)) == figures(interstellar_case(name)["model"]), boost::test_tools::per_element());
    BOOST_TEST(design.layer.macs() == macs_of(interstellar_case(name)));
}

BOOST_DATA_TEST_CASE(what_the_optimiser_found_costs_what_it_says, boost::unit_test::data::make(interstellar_search_cases()),
                     name) {
    check_found_mappings(interstellar_case(name));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
