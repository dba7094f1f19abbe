// SPDX-License-Identifier: Apache-2.0
// Designs that Timeloop evaluated, imported from its own files: what it counted is what we count, but for named differences that
// a literal model of its rules computes one by one. tests/golden/timeloop/CASE holds its input files and its answers.
#include <boost/test/unit_test.hpp>
#include <boost/test/data/test_case.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "mappings/reference.hpp"
#include "models/energy.hpp"
#include "models/exact_counts.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/program/import/timeloop_import.hpp"
#include "sim/program/yaml/yaml_tree.hpp"
#include "tests/reference/plain_outputs.hpp"
#include "tests/reference/random_timeloop.hpp"
#include "tests/reference/timeloop_model.hpp"
#include "tests/sim/program/scratch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path folder_of(const std::string& name) { return fs::path(ACCELSIM_SOURCE_DIR) / "tests/golden/timeloop" / name; }

/// The cases that Timeloop evaluated; x01 is one that it refused.
std::vector<std::string> cases() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_of("")))
        if (fs::exists(entry.path() / "golden.json")) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> files_of(const std::string& name) {
    std::vector<std::string> files;
    for (const char* file : {"arch.yaml", "prob.yaml", "map.yaml", "ERT.yaml"})
        files.push_back((folder_of(name) / file).string());
    return files;
}

RunConfig imported(const std::string& name) { return import_timeloop(files_of(name), name); }

json golden_of(const std::string& name) {
    std::ifstream in(folder_of(name) / "golden.json");
    return json::parse(in);
}

/// env.txt tells when Timeloop ran with its link transfers off.
bool links_off(const std::string& name) {
    std::ifstream in(folder_of(name) / "env.txt");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return text.find("DISABLE_LINK_TRANSFERS") != std::string::npos;
}

std::vector<TimeloopLevelCount> literal(const RunConfig& config, const TimeloopHabits& habits) {
    return timeloop_counts(config.workload, config.architecture, config.nest, habits);
}

constexpr TimeloopHabits none{false, false, false, false};

/// Lines "GB Inputs reads 2560", innermost level last.
std::vector<std::string> lines_of(const std::vector<TimeloopLevelCount>& counts) {
    std::vector<std::string> lines;
    for (const TimeloopLevelCount& level : counts) {
        for (const auto& [tensor, count] : level.tensors) {
            const std::string head = level.name + ' ' + tensor + ' ';
            lines.push_back(head + "reads " + std::to_string(count.reads));
            lines.push_back(head + "fills " + std::to_string(count.fills));
            lines.push_back(head + "updates " + std::to_string(count.updates));
            lines.push_back(head + "tile " + std::to_string(count.tile_words));
        }
    }
    return lines;
}

std::int64_t integer(const json& value) { return value.get<std::int64_t>(); }

std::vector<std::string> golden_lines(const std::string& name) {
    const json golden = golden_of(name);
    std::vector<TimeloopLevelCount> counts;
    for (std::size_t l = golden["levels"].size(); l-- > 0;) {
        counts.push_back({golden["levels"][l]["name"], 1, {}});
        for (const auto& [tensor, data] : golden["levels"][l]["data"].items())
            counts.back().tensors[tensor] = {integer(data["reads_total"]), integer(data["fills_total"]),
                                             integer(data["updates_total"]), 0, integer(data["tile_words"])};
    }
    return lines_of(counts);
}

/// Ours, with the tensors in the order of their names.
std::vector<std::string> our_lines(const Counts& counts) {
    std::vector<TimeloopLevelCount> levels;
    for (const LevelCounts& level : counts.levels) {
        levels.push_back({level.name, 1, {}});
        for (const TensorCounts& t : level.tensors)
            levels.back().tensors[t.tensor] = {t.reads_to_child, t.writes_from_parent, t.writes_from_child, 0, t.tile_words};
    }
    return lines_of(levels);
}

/// What one habit changes: "merges whole deltas: GB Inputs reads 6144 for GB Inputs reads 2560".
void add_changes(const std::string& habit, const std::vector<std::string>& with, const std::vector<std::string>& without,
                 std::vector<std::string>& changes) {
    BOOST_REQUIRE_EQUAL(with.size(), without.size());
    for (std::size_t i = 0; i < with.size(); ++i)
        if (with[i] != without[i]) changes.push_back(habit + ": " + with[i] + " for " + without[i]);
}

/// From Timeloop's counts to ours, habit by habit.
std::vector<std::string> named_differences(const RunConfig& config, const TimeloopHabits& habits) {
    std::vector<std::string> changes;
    TimeloopHabits next = habits;
    const auto turn_off = [&](const char* name, bool TimeloopHabits::*habit) {
        const std::vector<std::string> with = lines_of(literal(config, next));
        next.*habit = false;
        add_changes(name, with, lines_of(literal(config, next)), changes);
    };
    turn_off("links neighbours", &TimeloopHabits::links_neighbours);
    turn_off("forgets at wraps", &TimeloopHabits::forgets_at_wraps);
    turn_off("merges whole deltas", &TimeloopHabits::merges_whole_deltas);
    turn_off("idle lanes keep", &TimeloopHabits::idle_lanes_keep);
    return changes;
}

void collect_bandwidths(const Yaml& node, std::map<std::string, TimeloopBandwidth>& result) {
    if (const Yaml* attributes = node.find("attributes")) {
        const auto number = [&](const char* key) {
            const Yaml* value = attributes->find(key);
            return value == nullptr ? 0.0 : std::stod(value->text);
        };
        const std::string name = node.find("name")->text;
        result[name.substr(0, name.find('['))] = {number("read_bandwidth"), number("write_bandwidth"),
                                                  number("shared_bandwidth")};
    }
    for (const Yaml& item : node.items) collect_bandwidths(item, result);
    for (const YamlEntry& entry : node.entries) collect_bandwidths(entry.value, result);
}

std::map<std::string, TimeloopBandwidth> bandwidths_of(const std::string& name) {
    std::map<std::string, TimeloopBandwidth> result;
    collect_bandwidths(load_yaml((folder_of(name) / "arch.yaml").string()), result);
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timeloop_import)

BOOST_AUTO_TEST_CASE(there_are_cases) { BOOST_TEST(cases().size() >= 15U); }

BOOST_DATA_TEST_CASE(the_literal_model_gives_timeloops_counts, boost::unit_test::data::make(cases()), name) {
    const TimeloopHabits habits{true, true, true, !links_off(name)};
    BOOST_TEST(lines_of(literal(imported(name), habits)) == golden_lines(name), boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(the_literal_model_gives_timeloops_cycles_and_energy, boost::unit_test::data::make(cases()), name) {
    const RunConfig config = imported(name);
    const json golden = golden_of(name);
    const std::vector<TimeloopLevelCount> counts = literal(config, {true, true, true, !links_off(name)});
    BOOST_TEST(timeloop_cycles(config.nest, counts, bandwidths_of(name)) == integer(golden["cycles"]));
    BOOST_TEST(timeloop_energy(config.workload, config.architecture, counts) == golden["energy_pJ"].get<double>(),
               boost::test_tools::tolerance(1e-9));
    BOOST_TEST(config.workload.macs() == integer(golden["computes"]));
}

BOOST_DATA_TEST_CASE(without_its_habits_it_gives_our_counts, boost::unit_test::data::make(cases()), name) {
    const RunConfig config = imported(name);
    const Counts ours = count_exactly(lower(config.workload, config.architecture, config.nest));
    const std::vector<TimeloopLevelCount> expected = literal(config, none);
    BOOST_TEST(lines_of(expected) == our_lines(ours), boost::test_tools::per_element());
    for (const LevelCounts& level : ours.levels) {
        const auto same = std::find_if(expected.begin(), expected.end(), [&](const auto& e) { return e.name == level.name; });
        for (const TensorCounts& t : level.tensors) BOOST_TEST(t.reads_to_parent == same->tensors.at(t.tensor).drains);
    }
}

BOOST_DATA_TEST_CASE(counts_differ_by_the_named_differences_only, boost::unit_test::data::make(cases()), name) {
    // The figures of c09 are Timeloop's (golden.json) and the 10 inputs x 256 steps that its 8 lanes need together.
    const std::map<std::string, std::vector<std::string>> known = {
        {"c09_conv_1d_P", {"merges whole deltas: GB Inputs reads 6144 for GB Inputs reads 2560"}}};
    const auto expected = known.find(name);
    const std::vector<std::string> differences = named_differences(imported(name), {true, true, true, !links_off(name)});
    BOOST_TEST(differences == (expected == known.end() ? std::vector<std::string>{} : expected->second),
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(our_energy_is_timeloops_rule_and_the_drains, boost::unit_test::data::make(cases()), name) {
    const RunConfig config = imported(name);
    const Design design = lower(config.workload, config.architecture, config.nest);
    const std::vector<TimeloopLevelCount> counts = literal(config, none);
    double expected = timeloop_energy(config.workload, config.architecture, counts);
    for (std::size_t l = 0; l < counts.size(); ++l)
        for (const auto& [tensor, count] : counts[l].tensors)
            expected += static_cast<double>(count.drains) * config.architecture.levels[l].energy.read_pj;
    BOOST_TEST(price(design, count_exactly(design)).total_pj == expected, boost::test_tools::tolerance(1e-9));
}

BOOST_DATA_TEST_CASE(simulation_counts_the_same, boost::unit_test::data::make(cases()), name) {
    const RunConfig config = imported(name);
    const std::string difference = run_forked([&] {
        const Design design = lower(config.workload, config.architecture, config.nest);
        const Operands operands = load_operands(config);
        const SimulationResult result = simulate(design, operands, {});
        if (result.output != plain_outputs(design.workload, operands)) return std::string("outputs differ");
        return first_difference(lines(result.counts), "simulated", lines(count_exactly(design)), "closed form");
    });
    BOOST_TEST(difference == "");
}

BOOST_DATA_TEST_CASE(busy_cycles_are_timeloops_steps, boost::unit_test::data::make(cases()), name) {
    // Timeloop counts residual iterations in full; ours are the steps in which a lane has work.
    const RunConfig config = imported(name);
    const std::int64_t steps = lower(config.workload, config.architecture, config.nest).steps;
    const std::int64_t theirs = timeloop_cycles(config.nest, {}, {});
    if (name == "i01_residual_temporal") {
        BOOST_TEST(theirs == 32768);
        BOOST_TEST(steps == 30720);
    } else {
        BOOST_TEST(steps == theirs);
    }
}

BOOST_DATA_TEST_CASE(the_run_file_gives_the_same_run, boost::unit_test::data::make(cases()), name) {
    const ScratchFolder scratch;
    const RunConfig config = imported(name);
    const std::string file = scratch.write(name + ".yaml", imported_run_file(config, {"arch.yaml"}, timeloop_source()));
    const RunConfig again = load_run(file);
    BOOST_TEST(again.resolved_yaml == config.resolved_yaml);
    BOOST_TEST((again.nest.halo == Halo::reuse && again.nest.partials == Partials::copy));
    BOOST_TEST(scratch.read(name + ".yaml").starts_with("# Imported from Timeloop's files arch.yaml."));
}

BOOST_AUTO_TEST_CASE(random_files_count_as_the_literal_model_says) {
    const auto designs = environment_number("ACCELSIM_DESIGNS", 150);
    const long seed = environment_number("ACCELSIM_SEED", 1);
    const ScratchFolder scratch;
    for (long i = 0; i < designs; ++i) {
        std::mt19937 random(static_cast<unsigned>(seed + i));
        const std::string text = random_timeloop(random, 3000);
        BOOST_TEST_CONTEXT("seed " << seed + i << '\n' << text) {
            RunConfig config;
            BOOST_REQUIRE_EQUAL(user_error([&] { config = import_timeloop({scratch.write("t.yaml", text)}, "t"); }), "");
            const Counts ours = count_exactly(lower(config.workload, config.architecture, config.nest));
            BOOST_TEST(lines_of(literal(config, none)) == our_lines(ours), boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_tile_that_does_not_fit_is_refused) {
    const std::string arch = (folder_of("x01_capacity") / "arch.yaml").string();
    BOOST_TEST(user_error([] { imported("x01_capacity"); }) ==
               arch +
                   ":18:11: level 'RF': tiles need 88 B, 56 B over its 32 B (A 32 words x 16 bit x 1 slot, B 4 words x 16 bit x "
                   "1 slot, Z 8 words x 16 bit x 1 slot); use smaller tiles, less depth or more capacity");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
