// SPDX-License-Identifier: Apache-2.0
// How many mappings per second and core the search prices in full: bounds off, one thread. Usage: accelsim_search_rate
// RUN.yaml...
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "models/search/from_run.hpp"
#include "models/search/search.hpp"
#include "sim/program/yaml/load_run.hpp"

namespace {

constexpr double seconds = 3;

void measure(const std::string& file) {
    using namespace accelsim;
    const RunConfig config = load_run(file);
    const SearchSpace wishes = config.search.value_or(SearchSpace{});
    const auto rules = wishes.program_rules ? search::Rules::program : search::Rules::machine;
    const search::PlacedSpace placed = place_space(config.workload, config.architecture, wishes, config.nest, rules);
    search::Limits limits;
    limits.seconds = seconds;
    limits.bounds = false;
    const search::Found found = find_cheapest(placed.space, limits);
    std::cout << fmt::format("{:<32} {:>12} {:>10.2f} {:>12.2f}\n", std::filesystem::path(file).stem().string(), found.evaluated,
                             found.seconds, static_cast<double>(found.evaluated) / found.seconds / 1e6);
}

}  // namespace

/// Links SystemC with the program's library, which brings a main() of its own unless there is this one.
extern "C" int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
    std::cout << fmt::format("{:<32} {:>12} {:>10} {:>12}\n", "search, one core, no bounds", "mappings", "s", "M mappings/s");
    for (int i = 1; i < argc; ++i) measure(argv[i]);
}
