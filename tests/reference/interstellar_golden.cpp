// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/interstellar_golden.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> cases_with(const char* key, bool wanted) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(fs::path(ACCELSIM_SOURCE_DIR) / "tests/golden/interstellar")) {
        if (entry.path().extension() != ".json") continue;
        const std::string name = entry.path().stem().string();
        if (interstellar_case(name).contains(key) == wanted) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

std::string interstellar_file(const std::string& name) {
    return (fs::path(ACCELSIM_SOURCE_DIR) / "tests/golden/interstellar" / (name + ".json")).string();
}

nlohmann::json interstellar_case(const std::string& name) {
    std::ifstream in(interstellar_file(name));
    return nlohmann::json::parse(in);
}

std::vector<std::string> interstellar_fixed_cases() { return cases_with("model", true); }
std::vector<std::string> interstellar_search_cases() { return cases_with("model", false); }

}  // namespace accelsim::testing
