// SPDX-License-Identifier: Apache-2.0
// Every device tests/dram_errors/*.yaml and every trace *.trace there must be refused with exactly the message of its first line,
// "# expect: ...". {file} stands for the file.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sim/program/dram/dram_trace.hpp"
#include "sim/program/yaml/load_dram_device.hpp"
#include "tests/sim/program/scratch.hpp"

namespace fs = std::filesystem;
using namespace accelsim;

BOOST_AUTO_TEST_SUITE(dram_errors)

BOOST_AUTO_TEST_CASE(every_file_is_refused_with_its_message) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(ACCELSIM_SOURCE_DIR) / "tests/dram_errors"))
        if (entry.path().extension() != ".cpp") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    BOOST_TEST(files.size() > 20U);
    for (const fs::path& file : files) {
        std::ifstream stream(file);
        std::string expected;
        std::getline(stream, expected);
        BOOST_TEST(expected.starts_with("# expect: "));
        expected = expected.substr(10);
        if (expected.starts_with("{file}")) expected.replace(0, 6, file.string());
        const auto read = [&] {
            if (file.extension() == ".trace") read_dram_trace(file.string());
            if (file.extension() == ".yaml") load_dram_device(file.string());
        };
        BOOST_TEST_CONTEXT(file.filename().string()) { BOOST_TEST(testing::user_error(read) == expected); }
    }
}

BOOST_AUTO_TEST_CASE(files_that_are_not_there) {
    BOOST_TEST(testing::user_error([] { read_dram_trace("no/such.trace"); }) ==
               "cannot read the trace 'no/such.trace': No such file or directory");
    BOOST_TEST(testing::user_error([] { read_dram_trace("/"); }) == "'/' is a folder, not a trace");
    BOOST_TEST(testing::user_error([] {
                   load_dram_device("no_such.yaml");
               }).starts_with("the DRAM device: file 'no_such.yaml' not found"));
}

BOOST_AUTO_TEST_SUITE_END()
