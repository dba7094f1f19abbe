// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/structures.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace accelsim::testing {

namespace {

std::vector<Structure> read_structures() {
    const std::vector<std::function<std::unique_ptr<RtlModel>(const RtlHardware&)>> makers = {
        make_weight_stationary, make_row_stationary, make_output_stationary};
    const std::vector<Unrolling> unrollings = {
        {{{{"C"}, {"K", "X"}}}, false}, {{{{"FY"}, {"Y", "K"}}}, true}, {{{{"Y", "N"}, {"X", "K"}}}, false}};
    std::ifstream file(std::string(ACCELSIM_SOURCE_DIR) + "/tests/rtl/machines.txt");
    std::vector<Structure> result;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream words(line);
        Structure structure;
        std::string bar;
        words >> structure.name >> bar >> structure.file >> bar;
        for (std::string word; words >> word;) structure.overrides.push_back(word);
        structure.make = makers.at(result.size());
        structure.unrolling = unrollings.at(result.size());
        result.push_back(structure);
    }
    if (result.size() != makers.size()) throw std::runtime_error("tests/rtl/machines.txt: three machines expected");
    return result;
}

}  // namespace

RunConfig Structure::config() const { return load_run(std::string(ACCELSIM_SOURCE_DIR) + "/" + file, overrides); }

RtlHardware Structure::hardware() const {
    const RunConfig run = config();
    return rtl_hardware(lower(run.workload, run.architecture, run.nest, run.name));
}

const std::vector<Structure>& structures() {
    static const std::vector<Structure> all = read_structures();
    return all;
}

}  // namespace accelsim::testing
