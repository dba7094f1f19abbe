// SPDX-License-Identifier: Apache-2.0
// The models behind one interface: Timeloop's against its answers and the literal reference, the latency against simulation.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "models/analytical.hpp"
#include "models/energy.hpp"
#include "mappings/reference.hpp"
#include "models/exact_counts.hpp"
#include "models/latency.hpp"
#include "models/timeloop.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/program/import/interstellar_import.hpp"
#include "sim/program/import/timeloop_import.hpp"
#include "tests/reference/interstellar_golden.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/reference/random_timeloop.hpp"
#include "tests/reference/timeloop_model.hpp"
#include "tests/sim/program/scratch.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Design design_of(const RunConfig& config) { return lower(config.workload, config.architecture, config.nest, config.name); }

/// "GB Inputs 6144 0 0", outermost level first.
std::vector<std::string> lines_of(const Design& design, const timeloop::Answer& answer) {
    std::vector<std::string> lines;
    for (const timeloop::LevelAnswer& level : answer.levels)
        for (const timeloop::TensorAnswer& t : level.tensors)
            lines.push_back(design.level(level.level).name + ' ' + design.tensor(t.tensor).name + ' ' + std::to_string(t.reads) +
                            ' ' + std::to_string(t.fills) + ' ' + std::to_string(t.updates));
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<std::string> lines_of(const std::vector<TimeloopLevelCount>& counts) {
    std::vector<std::string> lines;
    for (const TimeloopLevelCount& level : counts)
        for (const auto& [tensor, t] : level.tensors)
            lines.push_back(level.name + ' ' + tensor + ' ' + std::to_string(t.reads) + ' ' + std::to_string(t.fills) + ' ' +
                            std::to_string(t.updates));
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<std::string> golden_lines(const json& golden) {
    std::vector<std::string> lines;
    for (const json& level : golden["levels"])
        for (const auto& [tensor, t] : level["data"].items())
            lines.push_back(level["name"].get<std::string>() + ' ' + tensor + ' ' + t["reads_total"].dump() + ' ' +
                            t["fills_total"].dump() + ' ' + t["updates_total"].dump());
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// The relative error of the estimate, with its sign, in percent.
double latency_error(const RandomDesign& random, std::uint64_t seed) {
    const std::string text = run_forked([&] {
        const Design design = lower(random.workload, random.architecture, random.nest);
        const SimulationResult result = simulate(design, generate_operands(design.workload, seed), {});
        const auto estimate = static_cast<double>(estimate_latency(design));
        return std::to_string(100 * (estimate - static_cast<double>(result.cycles)) / static_cast<double>(result.cycles));
    });
    return std::stod(text);
}

double percentile(const std::vector<double>& sorted, double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(analytical)

BOOST_AUTO_TEST_CASE(timeloops_model_gives_timeloops_answers) {
    int cases = 0;
    const ScratchFolder scratch;
    for (const auto& entry : fs::directory_iterator(fs::path(ACCELSIM_SOURCE_DIR) / "tests/golden/timeloop")) {
        if (!fs::exists(entry.path() / "golden.json")) continue;
        ++cases;
        std::ifstream in(entry.path() / "golden.json");
        const json golden = json::parse(in);
        BOOST_TEST_CONTEXT(entry.path().filename().string()) {
            std::vector<std::string> files;
            for (const char* file : {"arch.yaml", "prob.yaml", "map.yaml", "ERT.yaml"})
                files.push_back((entry.path() / file).string());
            RunConfig config = import_timeloop(files, "golden");
            if (std::ifstream env(entry.path() / "env.txt"); env) config.architecture.timeloop.links = false;
            // As a user has it: through the run file that the import writes.
            const Design design = design_of(load_run(scratch.write("golden.yaml", to_yaml(config))));
            const timeloop::Answer answer = timeloop::evaluate(design, timeloop::options_of(design));
            BOOST_TEST(lines_of(design, answer) == golden_lines(golden), boost::test_tools::per_element());
            BOOST_TEST(answer.cycles == golden["cycles"].get<std::int64_t>());
            BOOST_TEST(answer.energy_pj == golden["energy_pJ"].get<double>(), boost::test_tools::tolerance(1e-9));
        }
    }
    BOOST_TEST(cases >= 15);
}

BOOST_AUTO_TEST_CASE(updates_have_timeloops_price) {
    // g13 with updates of GB at 9.5 pJ instead of 6.5.
    const fs::path folder = fs::path(ACCELSIM_SOURCE_DIR) / "tests/golden/timeloop/g13_gemm_2d_MN";
    const ScratchFolder scratch;
    std::ifstream ert(folder / "ERT.yaml"), answers(folder / "golden.json");
    std::string prices{std::istreambuf_iterator<char>(ert), {}};
    prices.replace(prices.find("{name: update, energy: 6.5}"), 27, "{name: update, energy: 9.5}");
    const json golden = json::parse(answers);
    std::int64_t updates = 0;
    for (const json& level : golden["levels"])
        if (level["name"] == "GB")
            for (const json& data : level["data"]) updates += data["updates_total"].get<std::int64_t>();
    BOOST_REQUIRE(updates > 0);
    std::vector<std::string> files = {scratch.write("ERT.yaml", prices)};
    for (const char* file : {"arch.yaml", "prob.yaml", "map.yaml"}) files.push_back((folder / file).string());
    const std::string run = scratch.write("run.yaml", to_yaml(import_timeloop(files, "dear_updates")));
    const Design design = design_of(load_run(run));
    double energy = evaluate_model(ModelKind::timeloop, design).energy_pj;
    BOOST_TEST(energy == golden["energy_pJ"].get<double>() + 3 * static_cast<double>(updates),
               boost::test_tools::tolerance(1e-9));
    bool named = false;
    for (const EnergyShare& share : energy_shares(ModelKind::timeloop, design)) {
        named = named || (share.cause == "update_price" && share.pj == -3 * static_cast<double>(updates));
        energy += share.pj;
    }
    BOOST_TEST(named);
    BOOST_TEST(energy == price(design, count_exactly(design)).total_pj, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(timeloops_model_is_the_literal_one) {
    const auto designs = environment_number("ACCELSIM_DESIGNS", 150);
    const long seed = environment_number("ACCELSIM_SEED", 1);
    const ScratchFolder scratch;
    for (long i = 0; i < designs; ++i) {
        std::mt19937 random(static_cast<unsigned>(seed + i));
        const std::string text = random_timeloop(random, 3000);
        BOOST_TEST_CONTEXT("seed " << seed + i << '\n' << text) {
            const RunConfig config = import_timeloop({scratch.write("t.yaml", text)}, "t");
            for (const timeloop::Options options : {timeloop::Options{true, true}, {false, true}, {false, false}}) {
                const Design design = design_of(config);
                const auto literal = timeloop_counts(config.workload, config.architecture, config.nest,
                                                     {true, options.merges_whole_deltas, true, options.links_neighbours});
                BOOST_TEST(lines_of(design, timeloop::evaluate(design, options)) == lines_of(literal),
                           boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(latency_is_near_simulation) {
    const auto designs = environment_number("ACCELSIM_DESIGNS", 300);
    const long seed = environment_number("ACCELSIM_SEED", 1);
    for (const bool detailed : {false, true}) {
        std::vector<double> sizes;
        for (long i = 0; i < designs; ++i) {
            const auto number = static_cast<std::uint64_t>(seed + i);
            const auto random = detailed ? make_random_dram_design(number) : std::optional(make_random_design(number));
            if (random) sizes.push_back(std::abs(latency_error(*random, 1)));
        }
        std::sort(sizes.begin(), sizes.end());
        std::cout << "latency model on " << sizes.size() << " random designs" << (detailed ? " with a detailed DRAM" : "")
                  << ": median " << percentile(sizes, 0.5) << " %, 95th percentile " << percentile(sizes, 0.95) << " %, worst "
                  << sizes.back() << " %\n";
        BOOST_TEST(percentile(sizes, 0.5) < (detailed ? 35 : 10));
        BOOST_TEST(percentile(sizes, 0.95) < (detailed ? 90 : 40));
    }
}

BOOST_AUTO_TEST_CASE(latency_is_nearer_on_designs_that_people_make) {
    std::vector<double> sizes;
    for (const std::string& name : interstellar_fixed_cases()) {
        const json golden = interstellar_case(name);
        if (!golden["model"]["fits_capacity"].get<bool>() || golden["macs"] > 20000000) continue;
        const RunConfig config = import_interstellar(read_interstellar({interstellar_file(name)}), name);
        sizes.push_back(std::abs(latency_error({config.workload, config.architecture, config.nest, {}}, 1)));
        std::cout << "latency model on " << name << ": off by " << sizes.back() << " %\n";
    }
    std::sort(sizes.begin(), sizes.end());
    BOOST_TEST(sizes.back() < 10);
}

BOOST_AUTO_TEST_CASE(energies_differ_by_named_shares_only) {
    for (const std::string& name : interstellar_fixed_cases()) {
        const json golden = interstellar_case(name);
        if (!golden["model"]["fits_capacity"].get<bool>()) continue;
        RunConfig config = import_interstellar(read_interstellar({interstellar_file(name)}), name);
        config.architecture.levels.back().mac_pj = 0.075;
        const Design design = design_of(config);
        double energy = evaluate_model(ModelKind::interstellar, design).energy_pj;
        BOOST_TEST(energy == golden["model"]["total_energy"].get<double>(), boost::test_tools::tolerance(1e-9));
        for (const EnergyShare& share : energy_shares(ModelKind::interstellar, design)) energy += share.pj;
        BOOST_TEST(energy == price(design, count_exactly(design)).total_pj, boost::test_tools::tolerance(1e-9));
    }
}

BOOST_AUTO_TEST_CASE(all_models_answer_in_one_shape) {
    const RunConfig config = import_interstellar(read_interstellar({interstellar_file("c08_small_FYOY_8x8rep")}), "c08");
    const Design design = design_of(config);
    const json golden = interstellar_case("c08_small_FYOY_8x8rep")["model"];
    const ModelResult model = evaluate_model(ModelKind::interstellar, design);
    const ModelResult exact = evaluate_model(ModelKind::exact, design);
    BOOST_TEST(model.energy_pj == golden["total_energy"].get<double>(), boost::test_tools::tolerance(1e-9));
    BOOST_TEST(model.levels[1].energy_pj == golden["levels"][2]["energy"].get<double>(), boost::test_tools::tolerance(1e-9));
    BOOST_TEST(*model.cycles == golden["ideal_cycles"].get<std::int64_t>());
    BOOST_TEST(*model.networks[1].tensors[0].near_hops == golden["levels"][1]["nearest_total"]["input"].get<std::int64_t>());
    BOOST_TEST(*model.networks[1].tensors[0].far_hops == golden["levels"][1]["far_total"][0]["input"].get<std::int64_t>());
    BOOST_TEST(!model.levels[2].tensors[0].writes_from_parent);
    BOOST_TEST(exact.energy_pj == price(design, count_exactly(design)).total_pj, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(!exact.cycles);
    BOOST_TEST(*evaluate_model(ModelKind::latency, design).cycles == estimate_latency(design));
    BOOST_TEST(*evaluate_model(ModelKind::timeloop, design).cycles >= design.steps);
    for (const ModelKind kind : {ModelKind::interstellar, ModelKind::timeloop, ModelKind::latency}) {
        const ModelResult other = evaluate_model(kind, design);
        BOOST_REQUIRE(other.levels.size() == exact.levels.size());
        for (std::size_t l = 0; l < exact.levels.size(); ++l) BOOST_TEST(other.levels[l].name == exact.levels[l].name);
        BOOST_TEST(other.networks.size() == exact.networks.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
