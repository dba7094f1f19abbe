// SPDX-License-Identifier: Apache-2.0
// Designs that Interstellar evaluated, imported from its own files and simulated: what it counted is what we count, but for the
// differences that models/interstellar/habits.hpp computes one by one.
#include <boost/test/unit_test.hpp>
#include <boost/test/data/test_case.hpp>

#include <algorithm>
#include <map>

#include "mappings/reference.hpp"
#include "models/analytical.hpp"
#include "models/exact_counts.hpp"
#include "models/interstellar/from_design.hpp"
#include "models/interstellar/habits.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/program/import/interstellar_import.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/yaml/load_run.hpp"
#include "tests/reference/interstellar_golden.hpp"
#include "tests/reference/plain_outputs.hpp"
#include "tests/reference/random_interstellar.hpp"
#include "tests/sim/program/scratch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;
namespace model = accelsim::interstellar;

/// Fixed cases whose tiles fit.
std::vector<std::string> fitting_cases() {
    std::vector<std::string> names = interstellar_fixed_cases();
    std::erase_if(names, [](const std::string& name) { return !interstellar_case(name)["model"]["fits_capacity"].get<bool>(); });
    return names;
}

RunConfig imported(const std::string& name) { return import_interstellar(read_interstellar({interstellar_file(name)}), name); }

Design design_of(const RunConfig& config) { return lower(config.workload, config.architecture, config.nest, config.name); }

/// Words of our counts at the program's memory level.
const TensorCounts* counts_at(const Design& design, const Counts& counts, std::size_t level, const std::string& tensor) {
    const int ours = model::express(design).level_of[level];
    for (const LevelCounts& l : counts.levels)
        for (const TensorCounts& t : l.tensors)
            if (l.name == design.level(ours).name && t.tensor == tensor) return &t;
    return nullptr;
}

std::string text_of(const Design& design, const model::Difference& difference) {
    std::string text = design.level(difference.level).name + ' ' + design.tensor(difference.tensor).name + ' ' +
                       model::kind_names()[static_cast<std::size_t>(difference.kind)] + ' ' + std::to_string(difference.model);
    for (const model::Share& share : difference.shares)
        text += ' ' + model::cause_names()[static_cast<std::size_t>(share.cause)] + ' ' + std::to_string(share.amount);
    return text;
}

/// The program's total of a figure.
std::int64_t golden_total(const json& golden, const Design& design, const model::Difference& difference) {
    const model::ExpressedDesign expressed = model::express(design);
    const std::string tensor = design.tensor(difference.tensor).name;
    std::int64_t result = -1;
    for (const json& level : golden["model"]["levels"]) {
        if (level["kind"] == "memory") {
            if (expressed.level_of[level["level"].get<std::size_t>()] != difference.level) continue;
            const std::int64_t total = level["total"][tensor].get<std::int64_t>();
            const std::int64_t size = golden["model"]["layer_size_elements"][tensor].get<std::int64_t>();
            const bool writes = difference.kind == model::Kind::writes_from_child;
            result = tensor != "output" ? total : writes ? (total + size) / 2 : (total - size) / 2;
        } else if (expressed.array_of[level["above_memory_level"].get<std::size_t>()] == difference.level) {
            result = level["nearest_total"][tensor].get<std::int64_t>();
            if (difference.kind != model::Kind::far_hops) continue;
            result = 0;
            for (const json& far : level["far_total"]) result += far[tensor].get<std::int64_t>();
        }
    }
    return result;
}

/// Empty, or what is wrong: the model's figures are the program's, and with the named shares they are those of `counts`.
std::string check_differences(const json& golden, const Design& design, const Counts& counts) {
    std::string wrong;
    for (const model::Difference& difference : model::differences(design)) {
        std::int64_t sum = difference.model;
        for (const model::Share& share : difference.shares) sum += share.amount;
        if (difference.model != golden_total(golden, design, difference)) wrong += "not the program's: ";
        std::int64_t counted = sum;
        for (const LevelCounts& level : counts.levels)
            for (const TensorCounts& t : level.tensors)
                if (level.name == design.level(difference.level).name && t.tensor == design.tensor(difference.tensor).name)
                    counted = difference.kind == model::Kind::reads_to_child ? t.reads_to_child : t.writes_from_child;
        if (sum != counted || sum != difference.exact)
            wrong += "counted " + std::to_string(counted) + ", with all causes " + std::to_string(sum) + ": ";
        if (!wrong.empty()) return wrong + text_of(design, difference);
    }
    return "";
}

/// Of both kinds of hops together the simulator counts the sum.
std::string check_hops(const Design& design, const Counts& counts) {
    std::int64_t hops = 0;
    for (const model::Difference& difference : model::differences(design))
        if (difference.kind == model::Kind::near_hops || difference.kind == model::Kind::far_hops) hops += difference.exact;
    std::int64_t counted = 0;
    for (const NetworkCounts& network : counts.networks)
        for (const LinkCounts& link : network.tensors) counted += link.hops;
    return hops == counted ? "" : "hops " + std::to_string(hops) + ", simulated " + std::to_string(counted);
}

std::string simulate_and_check(const std::string& name) {
    return run_forked([&] {
        const RunConfig config = imported(name);
        const Design design = design_of(config);
        const Operands operands = load_operands(config);
        const SimulationResult result = simulate(design, operands, {});
        if (result.output != plain_outputs(design.workload, operands)) return std::string("outputs differ");
        const std::string difference =
            first_difference(lines(result.counts), "simulated", lines(count_exactly(design)), "closed form");
        if (!difference.empty()) return difference;
        const std::string wrong = check_differences(interstellar_case(name), design, result.counts);
        return wrong.empty() ? check_hops(design, result.counts) : wrong;
    });
}

/// The loop-nest references that stand beside the program's answers: inputs and weights read, outputs written and read.
void check_derived(const std::string& name) {
    const json golden = interstellar_case(name);
    const Design design = design_of(imported(name));
    const Counts counts = count_exactly(design);
    const json& levels = golden["derived"]["tile_refetch_reference"];
    for (std::size_t l = 0; l < levels.size(); ++l) {
        for (const char* tensor : {"input", "weight"})
            if (const TensorCounts* ours = counts_at(design, counts, l, tensor))
                BOOST_TEST(ours->reads_to_child == levels[l][tensor].get<std::int64_t>(), name << ' ' << l << ' ' << tensor);
        if (const TensorCounts* ours = counts_at(design, counts, l, "output"))
            BOOST_TEST(ours->writes_from_child == levels[l]["output_updates"].get<std::int64_t>(), name << ' ' << l << " output");
    }
    BOOST_TEST(design.steps == golden["derived"]["temporal_iterations"].get<std::int64_t>());
}

/// The causes that appear in a design's differences of memory accesses.
std::vector<std::string> causes_at_memories(const std::string& name) {
    std::vector<std::string> causes;
    const Design design = design_of(imported(name));
    for (const model::Difference& difference : model::differences(design)) {
        if (difference.kind == model::Kind::near_hops || difference.kind == model::Kind::far_hops) continue;
        for (const model::Share& share : difference.shares)
            causes.push_back(model::cause_names()[static_cast<std::size_t>(share.cause)]);
    }
    std::sort(causes.begin(), causes.end());
    causes.erase(std::unique(causes.begin(), causes.end()), causes.end());
    return causes;
}

/// What the program's designs do not have: padding, halo reuse, gaps, lanes that are served one by one.
void vary(RandomNumbers& random, RunConfig& config) {
    if (random.chance(30)) config.nest.halo = Halo::reuse;
    if (random.chance(30)) config.nest.skip_gaps = true;
    if (random.chance(30)) config.nest.partials = Partials::copy;
    Tensor& input = config.workload.tensors[0];
    for (Axis& axis : input.axes)
        if (axis.terms.size() == 2 && random.chance(30)) axis.offset = -1;
    derive_axis_sizes(config.workload);
    for (Level& level : config.architecture.levels)
        for (auto& [name, network] : level.networks)
            if (name != "output" && random.chance(20)) network.transport = Transport::unicast;
}

/// Empty, or what is wrong with the differences of a design; counts how often each cause appears.
std::string check_random(const RunConfig& config, std::map<std::string, int>& seen) {
    try {
        validate(config.workload);
        const Design design = design_of(config);
        const Counts counts = count_exactly(design);
        for (const model::Difference& difference : model::differences(design)) {
            std::int64_t sum = difference.model;
            for (const model::Share& share : difference.shares) {
                sum += share.amount;
                ++seen[model::cause_names()[static_cast<std::size_t>(share.cause)]];
            }
            if (sum != difference.exact) return text_of(design, difference);
        }
        return check_hops(design, counts);
    } catch (const UserError& error) {
        const std::string message = error.what();  // a size that the offsets leave nothing of, an axis that is shared across
        return message.find("padding") != std::string::npos || message.find("use multicast") != std::string::npos ? "" : message;
    } catch (const InternalError& error) {
        return error.what();
    }
}

/// Cycles, energy and hops that the model gives for what the program is told, and for the design that the importer makes of it.
struct ModelAnswers {
    std::int64_t cycles = 0;
    double energy_pj = 0;
    std::map<std::string, std::int64_t> near, far;  ///< by tensor, of all arrays
};

ModelAnswers without_zeros(ModelAnswers answers) {
    for (auto* hops : {&answers.near, &answers.far}) std::erase_if(*hops, [](const auto& tensor) { return tensor.second == 0; });
    return answers;
}

ModelAnswers answers_for_the_files(const InterstellarDesign& given) {
    const model::Evaluation evaluation = evaluate(given.layer, given.machine, *given.mapping);
    ModelAnswers answers{evaluation.ideal_cycles, evaluation.total_energy_pj, {}, {}};
    for (const model::ArrayAccesses& array : evaluation.arrays)
        for (std::size_t t = 0; t < model::tensor_count; ++t) {
            answers.near[model::tensor_names()[t]] += array.nearest_total[t];
            for (const model::PerTensor& axis : array.far_total) answers.far[model::tensor_names()[t]] += axis[t];
        }
    return without_zeros(answers);
}

ModelAnswers answers_for_the_design(const Design& design) {
    const ModelResult result = evaluate_model(ModelKind::interstellar, design);
    ModelAnswers answers{*result.cycles, result.energy_pj, {}, {}};
    for (const ModelNetwork& network : result.networks)
        for (const ModelLink& link : network.tensors) {
            if (link.near_hops) answers.near[link.tensor] += *link.near_hops;
            if (link.far_hops) answers.far[link.tensor] += *link.far_hops;
        }
    return without_zeros(answers);
}

/// The run file keeps what the search is told; what it finds is a run file again.
void check_search(const std::string& name) {
    const ScratchFolder scratch;
    const RunConfig config = imported(name);
    const std::string file = scratch.write("run.yaml", imported_run_file(config, {"case.json"}, interstellar_source()));
    const RunConfig again = load_run(file);
    BOOST_REQUIRE((config.search && again.search));
    BOOST_TEST((*again.search == *config.search));
    BOOST_TEST(again.resolved_yaml == config.resolved_yaml);
    const RunConfig found = with_mapping(again);
    BOOST_TEST(!found.search.has_value());
    lower(found.workload, found.architecture, found.nest);
    BOOST_TEST(load_run(scratch.write("found.yaml", found.resolved_yaml)).resolved_yaml == found.resolved_yaml);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interstellar_import)

BOOST_DATA_TEST_CASE(simulated_counts_are_the_models_and_named_differences, boost::unit_test::data::make(fitting_cases()), name) {
    const json golden = interstellar_case(name);
    // What takes minutes to simulate is counted by the closed form, which is the simulator's everywhere else.
    const bool large = golden["macs"] > 20000000;
    const Design design = design_of(imported(name));
    BOOST_TEST((large ? check_differences(golden, design, count_exactly(design)) : simulate_and_check(name)) == "");
}

BOOST_DATA_TEST_CASE(counts_are_those_of_the_derived_loop_nests, boost::unit_test::data::make(fitting_cases()), name) {
    check_derived(name);
}

BOOST_AUTO_TEST_CASE(pointwise_layers_agree_on_every_memory) {
    // But for the lanes of a reduction, each of which starts its sums at zero (MACHINE, direct access to outputs).
    BOOST_TEST(causes_at_memories("c16_pw_CK_8x8") == std::vector<std::string>{"lanes_start_at_zero"},
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(the_run_file_gives_the_same_run, boost::unit_test::data::make(fitting_cases()), name) {
    const ScratchFolder scratch;
    const RunConfig config = imported(name);
    const std::string file = scratch.write("run.yaml", imported_run_file(config, {"case.json"}, interstellar_source()));
    BOOST_TEST(load_run(file).resolved_yaml == config.resolved_yaml);
    BOOST_TEST(scratch.read("run.yaml").starts_with("# Imported from Interstellar's files case.json."));
}

BOOST_AUTO_TEST_CASE(every_difference_of_random_designs_has_its_causes) {
    const auto designs = environment_number("ACCELSIM_DESIGNS", 1500);
    const long seed = environment_number("ACCELSIM_SEED", 1);
    std::map<std::string, int> seen;
    for (long i = 0; i < designs; ++i) {
        RandomNumbers random(static_cast<std::uint64_t>(seed + i));
        const bool exact = random.chance(60);
        RunConfig config = import_interstellar(random_interstellar(random, 200000, exact), "random");
        if (!exact) vary(random, config);
        BOOST_TEST_CONTEXT("seed " << seed + i << '\n' << config.resolved_yaml) { BOOST_TEST(check_random(config, seen) == ""); }
    }
    if (designs < 1000) return;
    for (const std::string& cause : model::cause_names()) BOOST_TEST(seen[cause] > 0, cause << " appears in no design");
}

BOOST_AUTO_TEST_CASE(a_design_costs_what_its_files_do) {
    const auto designs = environment_number("ACCELSIM_DESIGNS", 500);
    const long seed = environment_number("ACCELSIM_SEED", 1);
    int broadcasts = 0;
    for (long i = 0; i < designs; ++i) {
        RandomNumbers random(static_cast<std::uint64_t>(seed + i));
        const InterstellarDesign given = random_interstellar(random, 200000, true);
        const RunConfig config = import_interstellar(given, "random");
        BOOST_TEST_CONTEXT("seed " << seed + i << '\n' << config.resolved_yaml) {
            const ModelAnswers expected = answers_for_the_files(given);
            const ModelAnswers answers = answers_for_the_design(design_of(config));
            BOOST_TEST(answers.cycles == expected.cycles);
            BOOST_TEST(answers.energy_pj == expected.energy_pj, boost::test_tools::tolerance(1e-9));
            BOOST_TEST((answers.near == expected.near));
            BOOST_TEST((answers.far == expected.far));
        }
        for (const model::MemoryLevel& level : given.machine.levels) broadcasts += level.parallel_mode == 2 ? 1 : 0;
    }
    BOOST_TEST((designs < 500 || broadcasts > 50));
}

BOOST_AUTO_TEST_CASE(units_stand_where_the_mapping_needs_them) {
    json together = interstellar_case("c24_single_pe");
    const ScratchFolder scratch;
    const auto grid_of = [&](std::int64_t count, std::int64_t lanes) {
        json file = together;
        file["arch"]["parallel_count"][0] = count;
        file["arch"]["parallel_mode"][0] = 1;
        file["arch"]["parallel_cost"] = {0.035};
        file["mapping"]["loop_partitionings"]["OC"][0] = lanes;
        file["mapping"]["para_loop_dim"][0] = {{"OC"}};
        const RunConfig config = import_interstellar(read_interstellar({scratch.write("a.json", file.dump(1))}), "grid");
        const Level& array = config.architecture.levels[static_cast<std::size_t>(config.architecture.find_level("PEs0"))];
        return std::to_string(array.rows) + " x " + std::to_string(array.columns);
    };
    BOOST_TEST(grid_of(16, 4) == "4 x 4");
    BOOST_TEST(grid_of(16, 5) == "8 x 2");
    BOOST_TEST(grid_of(16, 10) == "16 x 1");
    BOOST_TEST(grid_of(18, 7) == "9 x 2");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
    BOOST_TEST(user_error([] { imported("c37_nofit_rf"); }).find("level 'L0': tiles need 74 B, 10 B over its 64 B") !=
               std::string::npos);
}

BOOST_DATA_TEST_CASE(a_design_without_mapping_is_to_be_searched, boost::unit_test::data::make(interstellar_search_cases()),
                     name) {
    check_search(name);
}

BOOST_AUTO_TEST_CASE(hints_arrive_in_our_terms) {
    const RunConfig config = imported("b06_alexconv1_b16_CK_rep");
    const auto dimension = [&](const char* text) { return config.workload.find_dimension(text); };
    const int l0 = config.architecture.find_level("L0");
    BOOST_REQUIRE(config.search.has_value());
    const SearchSpace expected{.hints = {{dimension("C"), l0, std::nullopt, 3, 3}, {dimension("K"), l0, std::nullopt, 16, 4}},
                               .replicate = {dimension("X"), dimension("N")},
                               .replication = true,
                               .min_utilization = 0,
                               .half_full = true,
                               .memories = std::nullopt,
                               .program_rules = true};
    BOOST_TEST((*config.search == expected));
    BOOST_TEST(config.architecture.levels[2].rows == 16);
    // Its table shows two-loop axes ("rep" in its name), its file has no hint and asks for half of the units.
    const RunConfig free = imported("d01_micro3x3_rep");
    BOOST_TEST(free.search->hints.empty());
    BOOST_TEST(free.search->min_utilization == 0.5);
}

BOOST_AUTO_TEST_CASE(a_family_of_memories_is_kept) {
    const ScratchFolder scratch;
    json together = interstellar_case("b01_g4c3r_b1_CK");
    together["arch"]["capacity_scale"] = {2, 2};
    together["arch"]["access_cost_scale"] = {2, 1.5};
    together["arch"]["explore_points"] = {5, 4};
    const RunConfig config = import_interstellar(read_interstellar({scratch.write("family.json", together.dump(1))}), "family");
    const RunConfig again = load_run(scratch.write("run.yaml", config.resolved_yaml));
    BOOST_REQUIRE(again.search.has_value());
    BOOST_TEST((again.search->memories == MemoryFamily{{2, 2}, {2, 1.5}, {5, 4}}));
    BOOST_TEST((*again.search == *config.search));
}

BOOST_AUTO_TEST_CASE(default_partitions_forget_the_fourth_level) {
    const ScratchFolder scratch;
    json together = interstellar_case("c21_4lvl_tiny");
    const json golden = together["model"];
    together["arch"].erase("memory_partitions");
    const InterstellarDesign design = read_interstellar({scratch.write("default.json", together.dump(1))});
    const model::Evaluation evaluation = evaluate(design.layer, design.machine, *design.mapping);
    BOOST_TEST(evaluation.memories[3].energy_pj == 0);
    BOOST_TEST(evaluation.memories[2].energy_pj == golden["levels"][3]["energy"].get<double>());
    const RunConfig config = import_interstellar(design, "default");
    BOOST_TEST(config.architecture.levels[0].energy.read_pj == 200);
    BOOST_TEST(std::count(config.notes.begin(), config.notes.end(),
                          "input at the DRAM costs nothing there; here its accesses are priced") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
