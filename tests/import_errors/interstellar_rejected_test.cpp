// SPDX-License-Identifier: Apache-2.0
// Every tests/import_errors/interstellar/*.json, together with those files of its good/ whose part it does not have itself, must
// be refused with exactly the message of its first line, "# expect: ..." (which is no JSON, but a comment to our reader). {dir}
// stands for the folder.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sim/program/import/interstellar_import.hpp"
#include "tests/sim/program/scratch.hpp"

namespace fs = std::filesystem;
using namespace accelsim;

namespace {

const fs::path folder = fs::path(ACCELSIM_SOURCE_DIR) / "tests/import_errors/interstellar";

std::string text_of(const fs::path& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

std::string expected_message(const std::string& text) {
    const std::string expect = "# expect: ";
    std::string message = text.starts_with(expect) ? text.substr(expect.size(), text.find('\n') - expect.size()) : "";
    replace_all(message, "{dir}", folder.string());
    return message;
}

/// The file and what it lacks; an entry "arch_twice" brings the good arch, too.
std::vector<std::string> files_for(const fs::path& path) {
    const std::string text = text_of(path);
    std::vector<std::string> files = {path.string()};
    for (const char* part : {"arch", "layer", "mapping"}) {
        const bool has =
            text.find("\"" + std::string(part) + "\":") != std::string::npos && path.stem() != std::string(part) + "_twice";
        const bool searched = std::string(part) == "mapping" && text.find("schedule_hint") != std::string::npos;
        if (!has && !searched) files.push_back((folder / "good" / (std::string(part) + ".json")).string());
    }
    return files;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interstellar_import_errors)

BOOST_AUTO_TEST_CASE(every_file_is_refused_with_its_message) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    BOOST_TEST(files.size() >= 50U);
    for (const fs::path& file : files) {
        BOOST_TEST_CONTEXT(file.filename().string()) {
            const std::string expected = expected_message(text_of(file));
            BOOST_TEST(!expected.empty());
            BOOST_TEST(testing::user_error([&] { import_interstellar(read_interstellar(files_for(file)), "rejected"); }) ==
                       expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_good_files_are_accepted) {
    std::vector<std::string> files;
    for (const char* part : {"mapping", "arch", "layer"})
        files.push_back((folder / "good" / (std::string(part) + ".json")).string());
    BOOST_TEST(testing::user_error([&] { import_interstellar(read_interstellar(files), "good"); }) == "");
    BOOST_TEST(testing::user_error([&] { read_interstellar({files[0], files[1]}); }) == "none of the files has the layer");
}

BOOST_AUTO_TEST_SUITE_END()
