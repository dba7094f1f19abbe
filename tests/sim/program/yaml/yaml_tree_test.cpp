// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "sim/program/yaml/yaml_tree.hpp"
#include "mappings/suggestion.hpp"
#include "sim/program/yaml/yaml_values.hpp"
#include "tests/sim/program/scratch.hpp"

using namespace accelsim;
using accelsim::testing::ScratchFolder;
using accelsim::testing::user_error;

BOOST_AUTO_TEST_SUITE(yaml_tree)

BOOST_AUTO_TEST_CASE(pairs_in_a_flow_list_are_maps_with_places) {
    const Yaml root = parse_yaml("level: DRAM\nfor: [K: 12, C: 2]\n", "f");
    const Yaml& list = *root.find("for");
    BOOST_TEST(list.items.size() == 2U);
    const YamlEntry& second = list.items[1].entries.at(0);
    BOOST_TEST(second.key == "C");
    BOOST_TEST(second.value.text == "2");
    BOOST_TEST(second.where.text() == "f:2:14");
    BOOST_TEST(second.value.where.text() == "f:2:17");
}

BOOST_AUTO_TEST_CASE(aliases_are_expanded_and_placed_where_they_stand) {
    const Yaml root = parse_yaml("a: &x {b: 1}\nc: *x\n", "f");
    BOOST_TEST(root.find("c")->find("b")->text == "1");
    BOOST_TEST(root.find("c")->where.text() == "f:2:4");
}

BOOST_AUTO_TEST_CASE(byte_order_mark_and_windows_line_ends_are_accepted) {
    const Yaml root = parse_yaml(
        "\xEF\xBB\xBF"
        "a: 1\r\nb: \"q\"\r\n",
        "f");
    BOOST_TEST(root.find("a")->text == "1");
    BOOST_TEST(root.find("b")->quoted);
    BOOST_TEST(root.find("b")->where.text() == "f:2:4");
}

BOOST_AUTO_TEST_CASE(limits_are_exact) {
    std::string list = "[";
    for (int i = 0; i < 8; ++i) list += "1, ";
    YamlLimits limits;
    limits.nodes = 9;  // the list and its elements
    BOOST_TEST(user_error([&] { parse_yaml(list + "]", "f", true, limits); }) == "");
    BOOST_TEST(user_error([&] { parse_yaml(list + "1]", "f", true, limits); }) ==
               "f:1:26: more than 9 values (aliases expanded)");
    const std::string deep = std::string(64, '[') + std::string(64, ']');
    BOOST_TEST(user_error([&] { parse_yaml(deep, "f"); }) == "");
    BOOST_TEST(user_error([&] { parse_yaml("[" + deep + "]", "f"); }) == "f:1:65: nested deeper than 64 levels");
    const std::string nested = "a: &a " + std::string(40, '[') + std::string(40, ']') + "\nb: " + std::string(30, '[') + "*a";
    BOOST_TEST(user_error([&] { parse_yaml(nested, "f"); }) == "f:2:34: nested deeper than 64 levels");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_are_refused) {
    const ScratchFolder folder;
    const std::string missing = folder.path("none.yaml");
    BOOST_TEST(user_error([&] { load_yaml(missing); }) == missing + ": cannot be read: No such file or directory");
    const std::string directory = folder.path("");
    BOOST_TEST(user_error([&] { load_yaml(directory); }) == directory + ": is a directory, not a file");
    const std::string empty = folder.write("empty.yaml", "");
    BOOST_TEST(user_error([&] { load_yaml(empty); }) == empty + ": empty; a configuration is expected");
    const std::string large = folder.write("large.yaml", std::string((std::size_t{16} << 20) + 1, '\n'));
    BOOST_TEST(user_error([&] { load_yaml(large); }) == large + ": larger than 16 MiB");
}

BOOST_AUTO_TEST_CASE(capacities_have_units) {
    const auto bytes = [](const char* text) { return to_bytes(yaml_scalar(text), "x", 1, std::int64_t{1} << 40); };
    BOOST_TEST(bytes("512 B") == 512);
    BOOST_TEST(bytes("128KiB") == 128 * 1024);
    BOOST_TEST(bytes("1 MiB") == 1024 * 1024);
    BOOST_TEST(format_bytes(1200) == "1200 B");
    BOOST_TEST(format_bytes(3 * 1024) == "3 KiB");
    BOOST_TEST(format_bytes(2 << 20) == "2 MiB");
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_suggested) {
    const std::vector<std::string> known = {"capacity", "depth", "latency_cycles"};
    BOOST_TEST(suggestion("capcity", known) == "; did you mean 'capacity'?");
    BOOST_TEST(suggestion("DEPHT", known) == "; did you mean 'depth'?");
    BOOST_TEST(suggestion("latency", known) == "; did you mean 'latency_cycles'?");
    BOOST_TEST(suggestion("rows", known) == "; known: capacity, depth, latency_cycles");
    BOOST_TEST(suggestion(std::string(100000, 'x'), known) == "; known: capacity, depth, latency_cycles");
}

BOOST_AUTO_TEST_SUITE_END()
