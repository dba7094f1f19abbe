// SPDX-License-Identifier: Apache-2.0
// The devices that come with the program have the figures of their sources, and files of devices are read strictly.
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

#include "sim/program/yaml/load_dram_device.hpp"

using namespace accelsim;

namespace {

const std::string folder = ACCELSIM_SOURCE_DIR "/configs/dram/";

dram::Device device(const std::string& name) { return load_dram_device(folder + name + ".yaml"); }

std::string changed(const std::string& from, const std::string& to) {
    std::ifstream stream(folder + "ddr4_3200_8gb_x8.yaml");
    std::stringstream text;
    text << stream.rdbuf();
    std::string result = text.str();
    const std::size_t at = result.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return result.replace(at, from.size(), to);
}

/// What the user is told about the DDR4 file with one text replaced.
std::string message(const std::string& from, const std::string& to) {
    try {
        const Yaml file = parse_yaml(changed(from, to), "d.yaml");
        read_dram_device(*file.find("device"), "d");
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(load_dram_device_files)

BOOST_AUTO_TEST_CASE(sizes_are_those_of_the_sources) {
    // channel_size x channels of the presets, in MB
    BOOST_TEST(device("ddr4_3200_8gb_x8").capacity_bytes() == std::int64_t{16384} << 20);
    BOOST_TEST(device("lpddr4_3200_8gb_x16").capacity_bytes() == std::int64_t{8192} << 20);
    BOOST_TEST(device("hbm2_8gb_x128").capacity_bytes() == std::int64_t{8 * 1024} << 20);
    for (const char* name : {"ddr4_3200_8gb_x8", "lpddr4_3200_8gb_x16", "hbm2_8gb_x128"}) {
        // 8 Gb: of one device; HBM2's are those of its eight channels together
        const dram::Device d = device(name);
        const std::int64_t bits = d.rows * d.columns * d.banks() * d.device_width;
        BOOST_TEST(bits == std::int64_t{8} << 30, name);
    }
}

BOOST_AUTO_TEST_CASE(every_key_goes_where_it_belongs) {
    // Figures differ from each other, so that none can stand for another.
    const Yaml file = parse_yaml(
        "device:\n"
        "  geometry: {channels: 2, ranks: 4, bank_groups: 8, banks_per_group: 1, rows: 32, columns: 64, device_width: 16, "
        "bus_width: 128, burst_length: 2}\n"
        "  timing: {tCK: 0.625, RL: 1, WL: 2, tRCDRD: 3, tRCDWR: 4, tRP: 5, tRPab: 6, tRAS: 7, tRFC: 8, tREFI: 900, tRRD_S: 10, "
        "tRRD_L: 11, tFAW: 12, tCCD_S: 13, tCCD_L: 14, tWTR_S: 15, tWTR_L: 16, tWR: 17, tRTP: 18, tRTRS: 19, tRPRE: 20, tPPD: "
        "21}\n"
        "  currents: {VDD: 1.5, IDD0: 2, IDD2N: 3, IDD3N: 4, IDD4R: 5, IDD4W: 6, IDD5AB: 7.5}\n"
        "  controller: {address_mapping: chrobabgraco, page_policy: closed, read_queue: 9, write_queue: 8, write_high: 7, "
        "write_low: 6, row_hits: 5}\n",
        "w.yaml");
    const dram::Device d = read_dram_device(*file.find("device"), "w");
    BOOST_TEST(d.name == "w");
    const std::vector<std::int64_t> geometry = {d.channels, d.ranks,        d.bank_groups, d.banks_per_group, d.rows,
                                                d.columns,  d.device_width, d.bus_width,   d.burst_length};
    BOOST_TEST((geometry == std::vector<std::int64_t>{2, 4, 8, 1, 32, 64, 16, 128, 2}));
    const dram::Timing& t = d.timing;
    const std::vector<std::int64_t> timing = {t.tck_ps, t.rl,    t.wl,     t.trcd_rd, t.trcd_wr, t.trp,    t.trp_ab, t.tras,
                                              t.trfc,   t.trefi, t.trrd_s, t.trrd_l,  t.tfaw,    t.tccd_s, t.tccd_l, t.twtr_s,
                                              t.twtr_l, t.twr,   t.trtp,   t.trtrs,   t.trpre,   t.tppd};
    BOOST_TEST(
        (timing == std::vector<std::int64_t>{625, 1, 2, 3, 4, 5, 6, 7, 8, 900, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21}));
    const dram::Currents& c = d.currents;
    const std::vector<double> currents = {c.vdd, c.idd0, c.idd2n, c.idd3n, c.idd4r, c.idd4w, c.idd5ab};
    BOOST_TEST((currents == std::vector<double>{1.5, 2, 3, 4, 5, 6, 7.5}));
    BOOST_TEST(d.mapping == "chrobabgraco");
    BOOST_TEST((d.pages == dram::PagePolicy::closed));
    const std::vector<int> queues = {d.read_queue, d.write_queue, d.write_high, d.write_low, d.row_hits};
    BOOST_TEST((queues == std::vector<int>{9, 8, 7, 6, 5}));
}

BOOST_AUTO_TEST_CASE(defaults) {
    const Yaml file = parse_yaml(changed("    tRTRS: 1\n    tRPRE: 1\n", ""), "d.yaml");
    const dram::Device d = read_dram_device(*file.find("device"), "d");
    const dram::Device whole = device("ddr4_3200_8gb_x8");
    BOOST_TEST(d.timing.trp_ab == d.timing.trp);
    BOOST_TEST(d.timing.trtrs == whole.timing.trtrs);
    BOOST_TEST(d.timing.trpre == whole.timing.trpre);
    BOOST_TEST(d.timing.tppd == 1);
}

BOOST_AUTO_TEST_CASE(mistakes_have_their_place) {
    BOOST_TEST(message("tCK: 0.63", "tCK: 0.6301") ==
               "d.yaml:8:10: 'tCK' in 'timing' of the DRAM device must be a whole number of picoseconds (such as 0.625), not "
               "'0.6301'");
    BOOST_TEST(
        message("tCK: 0.63", "tCK: 0") ==
        "d.yaml:8:10: 'tCK' in 'timing' of the DRAM device must be a whole number of picoseconds (such as 0.625), not '0'");
    BOOST_TEST(message("    RL: 22\n", "") == "d.yaml:8:5: 'timing' of the DRAM device needs the key 'RL'");
    BOOST_TEST(message("tRFC: 560", "tRFC: -1") ==
               "d.yaml:15:11: 'tRFC' in 'timing' of the DRAM device must be from 1 to 1000000 clocks, not '-1'");
    BOOST_TEST(message("tRRD_S", "tRDD_S") ==
               "d.yaml:17:5: unknown key 'tRDD_S' in 'timing' of the DRAM device; did you mean 'tRRD_S'?");
    BOOST_TEST(message("page_policy: open", "page_policy: opne") ==
               "d.yaml:29:60: 'page_policy' in 'controller' of the DRAM device must be open or closed, not 'opne'; did you mean "
               "'open'?");
    BOOST_TEST(
        message("rochrababgco", "rochrababgro") ==
        "d.yaml:4:3: DRAM device 'ddr4_3200_8gb_x8': address_mapping must name each of ro, ra, bg, ba, ch and co once, such "
        "as rochrababgco, not 'rochrababgro'");
    BOOST_TEST(message("rows: 65536", "rows: 65535") ==
               "d.yaml:4:3: DRAM device 'ddr4_3200_8gb_x8': rows must be a power of two, not 65535");
    BOOST_TEST(message("write_low: 8", "write_low: 24") ==
               "d.yaml:4:3: DRAM device 'ddr4_3200_8gb_x8': the watermarks must be 0 <= write_low < write_high <= write_queue");
    BOOST_TEST(
        message("tREFI: 12480", "tREFI: 582") ==
        "d.yaml:4:3: DRAM device 'ddr4_3200_8gb_x8': tREFI must be longer than tRFC and tRP together, or nothing but refresh "
        "is done");
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_is_refused) {
    BOOST_CHECK_THROW(load_dram_device(ACCELSIM_SOURCE_DIR "/configs/energy/interstellar_28nm.yaml"), UserError);
    BOOST_CHECK_THROW(load_dram_device("no_such_device.yaml"), UserError);
    BOOST_TEST(load_dram_device("dram/ddr4_3200_8gb_x8.yaml").name == "ddr4_3200_8gb_x8");
}

BOOST_AUTO_TEST_SUITE_END()
