// SPDX-License-Identifier: Apache-2.0
// Every design that Interstellar or Timeloop evaluated, imported and validated: our models say what the two programs said, and
// what was simulated is that, or differs by documented causes that add up.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "sim/program/import/interstellar_import.hpp"
#include "sim/program/import/timeloop_import.hpp"
#include "tests/program/scratch_run.hpp"
#include "tests/reference/interstellar_golden.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path timeloop_folder() { return fs::path(ACCELSIM_SOURCE_DIR) / "tests/golden/timeloop"; }

/// Those that the program did not refuse.
std::vector<std::string> timeloop_cases() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(timeloop_folder()))
        if (fs::exists(entry.path() / "golden.json")) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> interstellar_cases() {
    std::vector<std::string> names = interstellar_fixed_cases();
    std::erase_if(names, [](const std::string& name) { return !interstellar_case(name)["model"]["fits_capacity"].get<bool>(); });
    return names;
}

std::string imported_timeloop(const std::string& name) {
    std::vector<std::string> paths, files;
    for (const char* file : {"arch.yaml", "prob.yaml", "map.yaml", "ERT.yaml"}) {
        paths.push_back((timeloop_folder() / name / file).string());
        files.push_back(name + "/" + file);
    }
    RunConfig config = import_timeloop(paths, name);
    config.architecture.timeloop.links = !fs::exists(timeloop_folder() / name / "env.txt");  // it switches them off
    config.resolved_yaml = to_yaml(config);
    return imported_run_file(config, files, timeloop_source());
}

std::string imported_interstellar(const std::string& name) {
    const RunConfig config = import_interstellar(read_interstellar({interstellar_file(name)}), name);
    return imported_run_file(config, {name + ".json"}, interstellar_source());
}

/// The run file in configs, which is what the importer makes of the program's files.
std::string supplied(const std::string& program, const std::string& name, const std::string& text) {
    const std::string file = config("validation/" + program + "/" + name + ".yaml");
    if (std::getenv("ACCELSIM_REGENERATE") != nullptr) {
        fs::create_directories(fs::path(file).parent_path());
        std::ofstream(file) << text;
    }
    BOOST_TEST(read(file) == text);
    return file;
}

bool is_documented(const std::string& cause) {
    static const std::string docs = [] {
        std::string text;
        for (const char* page : {"validating.md", "interstellar.md", "timeloop.md"})
            text += read(std::string(ACCELSIM_SOURCE_DIR) + "/docs/" + page);
        return text;
    }();
    return docs.find("`" + (cause.starts_with("latency of ") ? "latency of tensor@Level" : cause) + "`") != std::string::npos;
}

/// Figures of the levels: "GB input reads.to_child" and their values.
std::map<std::string, std::int64_t> counts_of(const json& result) {
    std::map<std::string, std::int64_t> counts;
    for (const json& level : result["levels"])
        for (const auto& [tensor, sides] : level["tensors"].items())
            for (const char* side : {"reads", "writes"})
                for (const auto& [kind, value] : sides[side].items())
                    counts[level["name"].get<std::string>() + ' ' + tensor + ' ' + side + '.' + kind] = value;
    return counts;
}

/// Each figure that differs is listed with documented causes that add up, and no other.
void check_differences(const json& validation) {
    const std::map<std::string, std::int64_t> simulated = counts_of(validation["simulated"]);
    for (const auto& [model, result] : validation["models"].items()) {
        std::map<std::string, std::int64_t> explained = counts_of(result);
        for (const json& d : validation["differences"]) {
            if (d["model"] != model) continue;
            double sum = d["model_value"].get<double>() - d["simulated"].get<double>();
            for (const auto& [cause, amount] : d["causes"].items()) {
                sum += amount.get<double>();
                BOOST_TEST(is_documented(cause), cause);
            }
            BOOST_TEST(std::abs(sum) <= (d["kind"] == "energy_pj" ? 1e-6 * d["simulated"].get<double>() : 0), d.dump());
            if (d["level"].is_null()) continue;
            const std::string place =
                d["level"].get<std::string>() + ' ' + d["tensor"].get<std::string>() + ' ' + d["kind"].get<std::string>();
            if (explained.contains(place)) explained[place] = d["simulated"];
        }
        for (const auto& [place, value] : explained) BOOST_TEST(value == simulated.at(place), model << ' ' << place);
    }
}

json validate(const Scratch& scratch, const std::string& file) {
    const Outcome outcome = run(scratch, "validate " + file + " --json v.json -j 1");
    BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.out);
    return json::parse(read(scratch.file("v.json")));
}

/// Hops of all networks.
std::int64_t hops_of(const json& model, const std::string& tensor, const char* kind) {
    std::int64_t hops = 0;
    for (const json& network : model["networks"])
        if (network["tensors"].contains(tensor)) hops += network["tensors"][tensor].value(kind, std::int64_t{0});
    return hops;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(golden_validation, Scratch)

BOOST_DATA_TEST_CASE_F(Scratch, interstellars_own_designs, boost::unit_test::data::make(interstellar_cases()), name) {
    const json validation = validate(*this, supplied("interstellar", name, imported_interstellar(name)));
    check_differences(validation);
    const json golden = interstellar_case(name)["model"];
    const json& model = validation["models"]["interstellar"];
    BOOST_TEST(model["cycles"] == golden["ideal_cycles"]);
    BOOST_TEST(model["energy_pj"].get<double>() == golden["total_energy"].get<double>(), boost::test_tools::tolerance(1e-9));
    std::map<std::string, std::int64_t> near, far;
    std::size_t memories = 0, compared = 0;
    for (const json& level : golden["levels"]) memories += level["kind"] == "memory" ? 1 : 0;
    for (const json& level : golden["levels"])
        for (const char* tensor : {"input", "weight", "output"}) {
            if (level["kind"] != "memory") {
                near[tensor] += level["nearest_total"][tensor].get<std::int64_t>();
                for (const json& axis : level["far_total"]) far[tensor] += axis[tensor].get<std::int64_t>();
                continue;
            }
            const json& ours = model["levels"][memories - 1 - level["level"].get<std::size_t>()]["tensors"];
            if (!ours.contains(tensor)) continue;  // bypassed
            const std::int64_t writes = ours[tensor]["writes"].value("from_child", std::int64_t{0});
            BOOST_TEST(ours[tensor]["reads"]["to_child"].get<std::int64_t>() + writes == level["total"][tensor]);
            ++compared;
        }
    BOOST_TEST(compared + 2 >= 3 * memories);
    for (const auto& [tensor, hops] : near) {
        BOOST_TEST(hops_of(model, tensor, "near_hops") == hops, tensor);
        BOOST_TEST(hops_of(model, tensor, "far_hops") == far[tensor], tensor);
    }
}

BOOST_DATA_TEST_CASE_F(Scratch, timeloops_own_designs, boost::unit_test::data::make(timeloop_cases()), name) {
    const json validation = validate(*this, supplied("timeloop", name, imported_timeloop(name)));
    check_differences(validation);
    const json golden = json::parse(read((timeloop_folder() / name / "golden.json").string()));
    const json& model = validation["models"]["timeloop"];
    BOOST_TEST(model["cycles"] == golden["cycles"]);
    BOOST_TEST(model["energy_pj"].get<double>() == golden["energy_pJ"].get<double>(), boost::test_tools::tolerance(1e-9));
    std::map<std::string, json> theirs;
    for (const json& level : golden["levels"]) theirs[level["name"]] = level["data"];
    std::size_t compared = 0;
    for (const json& level : model["levels"])
        for (const auto& [tensor, figures] : level["tensors"].items()) {
            const json& data = theirs.at(level["name"])[tensor];
            BOOST_TEST(figures["reads"]["to_child"] == data["reads_total"]);
            BOOST_TEST(figures["writes"]["from_parent"] == data["fills_total"]);
            BOOST_TEST(figures["writes"]["from_child"] == data["updates_total"]);
            ++compared;
        }
    BOOST_TEST(compared >= 5U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
