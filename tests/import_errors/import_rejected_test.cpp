// SPDX-License-Identifier: Apache-2.0
// Every tests/import_errors/*.yaml, together with those files of good/ whose section it does not have itself, must be refused
// with exactly the message of its first line, "# expect: ...". {file} and {dir} stand for the file and its folder.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/program/import/timeloop_import.hpp"
#include "tests/sim/program/scratch.hpp"

namespace fs = std::filesystem;
using namespace accelsim;

namespace {

const fs::path folder = fs::path(ACCELSIM_SOURCE_DIR) / "tests/import_errors";

struct Rejected {
    std::string expected;
    std::vector<std::string> files;
};

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

Rejected read_case(const fs::path& path) {
    std::ifstream stream(path);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::string expect = "# expect: ";
    Rejected result{text.starts_with(expect) ? text.substr(expect.size(), text.find('\n') - expect.size()) : "", {path.string()}};
    replace_all(result.expected, "{file}", path.string());
    replace_all(result.expected, "{dir}", folder.string());
    for (const auto& [section, file] : std::vector<std::pair<std::string, std::string>>{
             {"\narch", "arch.yaml"}, {"\nproblem:", "prob.yaml"}, {"\nmapping:", "map.yaml"}, {"\nERT:", "ERT.yaml"}})
        if (text.find(section) == std::string::npos) result.files.push_back((folder / "good" / file).string());
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(import_errors)

BOOST_AUTO_TEST_CASE(every_file_is_refused_with_its_message) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    BOOST_TEST(files.size() > 75U);
    for (const fs::path& file : files) {
        const Rejected rejected = read_case(file);
        BOOST_TEST_CONTEXT(file.filename().string()) {
            BOOST_TEST(!rejected.expected.empty());
            BOOST_TEST(testing::user_error([&] { import_timeloop(rejected.files, "rejected"); }) == rejected.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_good_files_are_accepted) {
    std::vector<std::string> files;
    for (const char* file : {"arch.yaml", "prob.yaml", "map.yaml", "ERT.yaml"})
        files.push_back((folder / "good" / file).string());
    BOOST_TEST(testing::user_error([&] { import_timeloop(files, "good"); }) == "");
    // One section twice, and one missing.
    std::vector<std::string> twice = files;
    twice.push_back(files[2]);
    BOOST_TEST(testing::user_error([&] { import_timeloop(twice, "twice"); }) ==
               files[2] + ":2:1: 'mapping' is given twice; the other one is at " + files[2] + ":2:1");
    BOOST_TEST(testing::user_error([&] {
                   import_timeloop({files[0], files[1]}, "missing");
               }) == "none of the files has the top-level key 'mapping'");
}

BOOST_AUTO_TEST_SUITE_END()
