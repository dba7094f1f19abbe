// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/targets.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "mappings/design.hpp"
#include "mappings/error.hpp"
#include "sim/program/dram/dram_trace.hpp"
#include "sim/program/import/interstellar_files.hpp"
#include "sim/program/import/interstellar_import.hpp"
#include "sim/program/import/onnx_network.hpp"
#include "sim/program/import/timeloop_import.hpp"
#include "sim/program/npy.hpp"
#include "sim/program/see/flat_result.hpp"
#include "sim/program/sweep/sweep_file.hpp"
#include "sim/program/validate/foreign_model.hpp"
#include "sim/program/validate/suite.hpp"
#include "sim/program/validate/timeloop_stats.hpp"
#include "sim/program/yaml/load_compare.hpp"
#include "sim/program/yaml/load_dram_device.hpp"
#include "sim/program/yaml/load_network.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;

const std::string sources = ACCELSIM_SOURCE_DIR;

/// Folder of this process, gone with it: a folder of configs/ among the supplied ones, so that what an input refers to is there.
class Scratch {
public:
    Scratch() : path_((fs::temp_directory_path() / "accelsim_fuzz_XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr) std::abort();
        for (const auto& entry : fs::directory_iterator(sources + "/configs"))
            fs::create_symlink(entry.path(), fs::path(path_) / entry.path().filename());
        fs::create_directory(file(""));
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    std::string file(const std::string& name) const { return path_ + "/fuzzed/" + name; }

private:
    std::string path_;
};

Design lowered(const RunConfig& config) { return lower(config.workload, config.architecture, config.nest, config.name); }

/// Of a network the first layer that is simulated stands for all.
void read_run_file(const std::string& path) {
    const RunTree tree = load_tree(path);
    RunConfig config;
    if (has_network(tree)) {
        const NetworkConfig network = read_network(tree);
        std::size_t layer = 0;
        while (layer < network.layers.size() && !network.layers[layer].simulated) ++layer;
        if (layer == network.layers.size()) return;
        config = read_layer(network, layer);
    } else {
        config = read_run(tree);
    }
    if (!config.search) lowered(config);
}

/// As one part of a run: `run` with the file's name for {}.
std::function<void(const std::string&)> read_part(const std::string& run) {
    return [run](const std::string& path) {
        const std::string file = fs::path(path).replace_filename("run.yaml");
        std::ofstream(file) << fmt::format(fmt::runtime(run), fs::path(path).filename().string());
        read_run_file(file);
    };
}

// The other parts of such a run are small: finding a default mapping must not be what takes the time.
const std::string bare_machine =
    "architecture: {{clock_mhz: 100, levels: [{{name: DRAM, type: dram}}, {{name: MAC, type: mac}}]}}\n";
const std::string small_product = "workload: {{type: gemm, dimensions: {{N: 2, K: 3, C: 3}}}}\n";
const std::string machine = "architecture: ../architectures/rs_12x14.yaml\n";

void read_json_result(const std::string& path) { flat_result(read_result(path)); }

/// Sections that the file lacks come from good ones.
void read_timeloop(const std::string& path) {
    std::ifstream stream(path);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    std::vector<std::string> files = {path};
    for (const auto& [section, file] : std::vector<std::pair<std::string, std::string>>{
             {"arch", "arch.yaml"}, {"problem:", "prob.yaml"}, {"mapping:", "map.yaml"}, {"ERT:", "ERT.yaml"}})
        if (text.find(section) == std::string::npos) files.push_back(sources + "/tests/import_errors/good/" + file);
    to_yaml(import_timeloop(files, "fuzzed"));
}

void read_interstellar_file(const std::string& path) { to_yaml(import_interstellar(read_interstellar({path}), "fuzzed")); }

const Design& small_design() {
    static const Design design = lowered(load_run(sources + "/configs/walkthroughs/c_output_stationary.yaml"));
    return design;
}

void read_operand(const std::string& path) {
    const Workload& workload = small_design().workload;
    read_npy(path, workload.tensors.front());
}

}  // namespace

const std::vector<FuzzTarget>& fuzz_targets() {
    static const std::vector<FuzzTarget> targets = {
        {"run", ".yaml", read_run_file},
        {"workload", ".yaml", read_part(bare_machine + "workload: {}")},
        {"architecture", ".yaml", read_part(small_product + "architecture: {}")},
        {"energy", ".yaml", read_part(small_product + machine + "energy: {}")},
        {"accelergy", ".yaml", read_part(small_product + machine + "energy: {{ert: {}}}")},
        {"mapping", ".yaml", read_part("workload: ../workloads/alexnet_conv3.yaml\n" + machine + "mapping: {}")},
        {"compare", ".yaml", [](const std::string& path) { load_compare(path); }},
        {"sweep", ".yaml", [](const std::string& path) { load_sweep(path, {}); }},
        {"suite", ".yaml", [](const std::string& path) { load_suite(path); }},
        {"scalesim", ".csv", read_part(bare_machine + "workload: {}")},
        {"timeloop", ".yaml", read_timeloop},
        {"interstellar", ".json", read_interstellar_file},
        {"model_json", ".json", [](const std::string& path) { read_foreign_model(path, small_design()); }},
        {"model_csv", ".csv", [](const std::string& path) { read_foreign_model(path, small_design()); }},
        {"timeloop_stats", ".txt", [](const std::string& path) { read_timeloop_stats(path, small_design()); }},
        {"dram_device", ".yaml", [](const std::string& path) { load_dram_device(path); }},
        {"dram_trace", ".trace", [](const std::string& path) { read_dram_trace(path); }},
        {"npy", ".npy", read_operand},
        {"result", ".json", read_json_result},
#ifdef ACCELSIM_HAS_ONNX
        {"onnx", ".onnx",
         [](const std::string& path) {
             load_onnx_network(path, {path, 0, 0});
         }},
#endif
    };
    return targets;
}

bool fuzz_once(const FuzzTarget& target, const std::string& bytes) {
    static const Scratch scratch;
    const std::string path = scratch.file("input" + target.extension);
    std::ofstream(path, std::ios::binary) << bytes;
    try {
        target.read(path);
        return true;
    } catch (const UserError&) {
        return false;  // what most bytes deserve
    }
}

}  // namespace accelsim::testing
