// SPDX-License-Identifier: Apache-2.0
// Every tests/errors/*.yaml must be refused with exactly the message of its first line, "# expect: ...". Lines
// "# set: ..." behind it are overrides; "# command: rtl" means that `accelsim rtl` refuses it. {file}, {dir} and {data} stand for
// the file, its folder and the data directory.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "mappings/design.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/load_network.hpp"
#include "sim/rtl/hardware.hpp"

namespace fs = std::filesystem;
using namespace accelsim;

namespace {

struct Rejected {
    std::string file;
    std::string expected;
    std::vector<std::string> overrides;
    bool by_rtl = false;
};

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

Rejected read_case(const fs::path& path) {
    Rejected result{path.string(), "", {}, false};
    std::ifstream stream(path);
    for (std::string line; std::getline(stream, line) && line.starts_with("# ");) {
        if (line.starts_with("# expect: ")) result.expected = line.substr(10);
        if (line == "# command: rtl") result.by_rtl = true;
        if (line.starts_with("# set: ")) result.overrides.push_back(line.substr(7));
    }
    replace_all(result.expected, "{file}", path.string());
    replace_all(result.expected, "{dir}", path.parent_path().string());
    replace_all(result.expected, "{data}", data_directory());
    return result;
}

/// The run, or those of a network's layers.
std::vector<RunConfig> runs_of(const RunTree& tree) {
    if (!has_network(tree)) return {read_run(tree)};
    const NetworkConfig network = read_network(tree);
    std::vector<RunConfig> runs;
    for (std::size_t i = 0; i < network.layers.size(); ++i)
        if (network.layers[i].simulated) runs.push_back(read_layer(network, i));
    return runs;
}

/// What the user is told; empty when the file is accepted.
std::string message_of(const Rejected& rejected) {
    try {
        const RunTree tree = load_tree(rejected.file, rejected.overrides);
        for (const RunConfig& config : runs_of(tree)) {
            const RunConfig mapped = with_mapping(config);
            const Design design = lower(mapped.workload, mapped.architecture, mapped.nest, mapped.name);
            if (rejected.by_rtl) rtl_hardware(design);
        }
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(every_file_is_refused_with_its_message) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(ACCELSIM_SOURCE_DIR) / "tests/errors"))
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    BOOST_TEST(files.size() > 150U);
    for (const fs::path& file : files) {
        const Rejected rejected = read_case(file);
        BOOST_TEST_CONTEXT(file.filename().string()) {
            BOOST_TEST(!rejected.expected.empty());
            BOOST_TEST(message_of(rejected) == rejected.expected);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
