// SPDX-License-Identifier: Apache-2.0
// Accelergy's tables as prices and areas.
#include <boost/test/unit_test.hpp>

#include "sim/program/yaml/load_run.hpp"
#include "tests/sim/program/scratch.hpp"

namespace accelsim::testing {

namespace {

const std::string ert =
    "ERT:\n"
    "  version: 0.3\n"
    "  tables:\n"
    "  - {name: chip.DRAM, actions: [{name: read, arguments: null, energy: 512}, {name: write, arguments: null, energy: 520}]}\n"
    "  - name: chip.GLB\n"
    "    actions:\n"
    "    - {name: read, arguments: {address_delta: 0, data_delta: 0}, energy: 4}\n"
    "    - {name: read, arguments: {address_delta: 1, data_delta: 1}, energy: 8}\n"
    "    - {name: fill, arguments: null, energy: 5}\n"
    "    - {name: update, arguments: null, energy: 7}\n"
    "  - {name: 'chip.PE[0..255].RF', actions: [{name: read, energy: 0.5}, {name: write, energy: 0.25}]}\n"
    "  - {name: 'chip.PE[0..255].MAC', actions: [{name: mac_random, energy: 2.5}, {name: mac_gated, energy: 1}]}\n";

const std::string art =
    "ART:\n  version: 0.3\n  tables:\n  - {name: chip.GLB, area: 1000}\n  - {name: 'chip.PE[0..255].RF', area: 10}\n";

struct Accelergy {
    ScratchFolder folder;

    std::string run(const std::string& energy, const std::string& table = ert) {
        folder.write("ERT.yaml", table);
        folder.write("ART.yaml", art);
        return folder.write("run.yaml",
                            "workload: {type: gemm, dimensions: {N: 4, K: 16, C: 16}}\n"
                            "architecture:\n"
                            "  name: chip\n"
                            "  levels:\n"
                            "    - {name: DRAM, type: dram, width_bits: 256}\n"
                            "    - {name: GlobalBuffer, type: buffer, capacity: 64 KiB, width_bits: 128}\n"
                            "    - {name: PE, type: array, rows: 16, columns: 16, hop_pj: 0.5}\n"
                            "    - {name: RF, type: buffer, capacity: 512 B, energy: {read_pj: 3}}\n"
                            "    - {name: MAC, type: mac}\n"
                            "energy: " +
                                energy + "\n");
    }

    std::string refusal(const std::string& energy, const std::string& table = ert) {
        const std::string message = user_error([&] { load_run(run(energy, table)); });
        const std::size_t at = message.find(folder.path(""));
        return at == std::string::npos ? message : message.substr(0, at) + message.substr(at + folder.path("").size());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(accelergy_tables, Accelergy)

BOOST_AUTO_TEST_CASE(levels_get_the_prices_of_their_components) {
    const RunConfig config = load_run(run("{ert: ERT.yaml, art: ART.yaml, names: {GlobalBuffer: GLB}}"));
    const std::vector<Level>& levels = config.architecture.levels;
    BOOST_TEST(levels[0].energy.read_pj == 512);
    BOOST_TEST(levels[0].energy.write_pj == 520);
    BOOST_TEST(levels[0].energy.reference_bits == 256);
    BOOST_TEST(levels[1].energy.read_pj == 8);   // the dearest arguments
    BOOST_TEST(levels[1].energy.write_pj == 7);  // an update costs more than a fill
    BOOST_TEST(levels[1].energy.reference_bits == 128);
    BOOST_TEST(levels[2].hop_pj == 0.5);
    BOOST_TEST(levels[3].energy.read_pj == 3);  // its own
    BOOST_TEST(levels[4].mac_pj == 2.5);
    BOOST_TEST(config.areas.at("chip.GLB") == 1000);
    BOOST_TEST(config.areas.at("chip.PE[0..255].RF") == 2560);
    // The resolved run has the prices in it.
    const RunConfig again = load_run(folder.write("again.yaml", config.resolved_yaml));
    BOOST_TEST(again.architecture.levels[1].energy.read_pj == 8);
}

BOOST_AUTO_TEST_CASE(a_width_of_its_own_for_the_prices) {
    const RunConfig config = load_run(run("{ert: ERT.yaml, bits: 16, names: {GlobalBuffer: GLB}}"));
    BOOST_TEST(config.architecture.levels[1].energy.reference_bits == 16);
    BOOST_TEST(config.areas.empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
    BOOST_TEST(
        refusal("ERT.yaml") ==
        "run.yaml:6:7: the ERT has no component 'GlobalBuffer' for level 'GlobalBuffer'; it has DRAM, GLB, MAC, RF: say which "
        "one in 'names' of 'energy', such as names: {GlobalBuffer: DRAM}");
    BOOST_TEST(refusal("{ert: ERT.yaml, names: {GlobalBuffer: MAC}}") ==
               "run.yaml:6:7: the component of level 'GlobalBuffer' has no action 'read' in the ERT");
    BOOST_TEST(refusal("{ert: ART.yaml}") ==
               "run.yaml:10:15: " + folder.path("ART.yaml") + " has no 'ERT': give what Accelergy wrote as ERT.yaml");
    BOOST_TEST(refusal("{ert: ERT.yaml, prices: 3}").find("unknown key 'prices'") != std::string::npos);
    BOOST_TEST(refusal("{ert: none.yaml}").find("file 'none.yaml' not found") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
