// SPDX-License-Identifier: Apache-2.0
// Each accelerator of configs/accelerators, on a layer that suits it and with the default mapping, has the name that the taxonomy
// gives it.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>

#include "mappings/design.hpp"
#include "sim/program/yaml/load_run.hpp"

namespace accelsim::testing {

namespace {

struct Expected {
    std::string dataflow;
    std::string dimensions;
    std::int64_t macs;  ///< of the published array
};

const std::string plenty = "{K: 512, C: 512, Y: 14, X: 14, FY: 3, FX: 3}";

/// X | Y output-stationary, FX | FY and C | K weight-stationary, FY | Y row-stationary (Interstellar, ASPLOS 2020, section 3);
/// Eyeriss's 12 rows take a filter row for four channels.
const std::map<std::string, Expected> accelerators = {
    {"tpu", {"C | K", plenty, 65536}},
    {"nvdla", {"C | K", plenty, 1024}},
    {"diannao", {"C | K", plenty, 256}},
    {"dadiannao", {"K / C | K", plenty, 4096}},
    {"cambricon", {"C | K", plenty, 1024}},
    {"gemmini", {"C | K", plenty, 256}},
    {"simba", {"C | K / C | K", plenty, 1024}},
    {"interstellar_baseline", {"C | K", plenty, 256}},
    {"ws16", {"C | K", plenty, 16}},
    {"shidiannao", {"X | Y", "{K: 32, C: 32, Y: 16, X: 16, FY: 3, FX: 3}", 64}},
    {"os4", {"X", "{K: 32, C: 32, Y: 16, X: 16, FY: 3, FX: 3}", 4}},
    {"os8", {"X", "{K: 32, C: 32, Y: 16, X: 16, FY: 3, FX: 3}", 8}},
    {"eyeriss", {"FYC | Y", "{K: 64, C: 64, Y: 14, X: 14, FY: 3, FX: 3}", 168}},
    {"neuflow", {"FX | FY", "{K: 16, C: 8, Y: 20, X: 20, FY: 7, FX: 7}", 100}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(accelerators_of_the_taxonomy)

BOOST_AUTO_TEST_CASE(each_has_its_name) {
    const std::filesystem::path configs = std::filesystem::path(ACCELSIM_SOURCE_DIR) / "configs";
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(configs / "accelerators")) {
        const std::string name = entry.path().stem().string();
        BOOST_TEST_CONTEXT(name) {
            BOOST_REQUIRE(accelerators.count(name) == 1);
            const Expected& expected = accelerators.at(name);
            const RunConfig config =
                load_run((configs / "runs/alexnet_conv3_os.yaml").string(),
                         {"mapping={}", "architecture=" + entry.path().string(), "workload.dimensions=" + expected.dimensions});
            const Design design = lower(config.workload, config.architecture, config.nest);
            BOOST_TEST(design.dataflow == expected.dataflow);
            BOOST_TEST(config.architecture.lanes() == expected.macs);
        }
        ++files;
    }
    BOOST_TEST(files == accelerators.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
