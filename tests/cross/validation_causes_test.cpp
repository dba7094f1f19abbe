// SPDX-License-Identifier: Apache-2.0
// What accelsim validate says of random designs: every figure of every model of ours is the simulated one but for named causes
// that add up, cycles as well.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fmt/format.h>
#include <iostream>
#include <set>
#include <sstream>

#include "sim/program/validate/validation.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

RunConfig config_of(const RandomDesign& random) {
    RunConfig config;
    config.name = "random";
    config.workload = random.workload;
    config.architecture = random.architecture;
    config.nest = random.nest;
    return config;
}

/// Empty, or what is wrong with a difference.
std::string check(const ModelDifference& d) {
    const std::string what = fmt::format("{} {} {} {}: ", d.model, d.level, d.tensor, d.kind);
    double sum = 0, largest = std::max(d.simulated, d.model_value);
    for (const auto& [cause, amount] : d.causes) {
        for (const char* nothing : {"other", "unexplained", "unattributed", "unknown"})
            if (cause.find(nothing) != std::string::npos) return what + "a cause is called " + cause;
        sum += amount;
        largest = std::max(largest, std::abs(amount));
    }
    if (!d.differs()) return "";
    const double off = std::abs(d.simulated - d.model_value - sum);
    if (off > (d.kind == "energy_pj" ? 1e-9 * largest : 0)) return what + fmt::format("the causes are off by {}", off);
    const bool counts = d.kind != "cycles" && d.kind != "energy_pj";
    if (counts && (d.model == "exact" || d.model == "latency")) return what + "the closed form counts otherwise";
    return "";
}

/// "! what is wrong", or the causes of cycles, one a line, and "# model" for each that has been compared.
std::string validate(const RandomDesign& random) {
    Validation validation;
    try {
        validation = validate_run({}, config_of(random), {});
    } catch (const SimulationError& error) {
        return "";  // it deadlocks
    }
    std::string text;
    for (const ModelDifference& d : validation.figures) {
        const std::string wrong = check(d);
        if (!wrong.empty()) return "! " + wrong;
        if (d.kind != "cycles") continue;
        text += "# " + d.model + "\n";
        for (const auto& [cause, amount] : d.causes) text += cause + "\n";
    }
    return text;
}

void read_lines(const std::string& text, std::set<std::string>& causes, std::map<std::string, long>& models) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# "))
            ++models[line.substr(2)];
        else
            causes.insert(line.substr(0, line.find('@')));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validation_causes)

BOOST_AUTO_TEST_CASE(causes_add_up_on_random_designs) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    const long end = first + environment_number("ACCELSIM_DESIGNS", 60);
    std::set<std::string> causes;
    std::map<std::string, long> models;
    for (long seed = first; seed < end; ++seed) {
        // By turns with an ideal DRAM and with a detailed one.
        const auto number = static_cast<std::uint64_t>(seed);
        const auto random = seed % 2 == 0 ? make_random_dram_design(number) : std::optional(make_random_design(number));
        if (!random) continue;
        const std::string text = run_forked([&] { return validate(*random); });
        const bool wrong = text.starts_with("! ") || text.starts_with("exception") || text.starts_with("signal");
        BOOST_TEST(!wrong, "ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1: " << text << '\n' << describe(*random));
        if (wrong) break;
        read_lines(text, causes, models);
    }
    std::cout << "causes of cycles:";
    for (const std::string& cause : causes) std::cout << ' ' << cause << ',';
    std::cout << '\n';
    for (const auto& [model, designs] : models) std::cout << model << " on " << designs << " designs\n";
    if (end - first < 60) return;
    for (const char* cause :
         {"startup", "drain", "port", "bank", "bandwidth", "dram_row", "refresh", "over_fetch", "readback", "halo", "tail"})
        BOOST_TEST(causes.contains(cause), cause << " appears in no design");
    for (const char* model : {"timeloop", "latency"}) BOOST_TEST(models[model] * 3 > (end - first) * 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
