// SPDX-License-Identifier: Apache-2.0
// The corpus of every fuzz target, and everything else in the sources that it can start from, once through the target.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/targets.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> corpus(const std::string& target) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(ACCELSIM_SOURCE_DIR) / "tests/fuzz/corpus" / target))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fuzz_replay)

BOOST_AUTO_TEST_CASE(no_file_of_a_corpus_breaks_its_target) {
    for (const FuzzTarget& target : fuzz_targets()) {
        const std::vector<fs::path> files = corpus(target.name);
        int accepted = 0;
        for (const fs::path& file : files) {
            std::ifstream stream(file, std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
            BOOST_TEST_CONTEXT(file.string()) { BOOST_CHECK_NO_THROW(accepted += fuzz_once(target, bytes) ? 1 : 0); }
        }
        BOOST_TEST(accepted > 0, target.name << " has no file that gets beyond its first error");
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
