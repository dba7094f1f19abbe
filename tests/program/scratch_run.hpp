// SPDX-License-Identifier: Apache-2.0
// The program, run in a folder of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace accelsim::testing {

struct Outcome {
    int code;
    std::string out;
};

/// A folder of its own for each test case, removed at its end.
struct Scratch {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("accelsim_program_" + std::to_string(::getpid()));
    Scratch() { std::filesystem::create_directories(folder); }
    ~Scratch() { std::filesystem::remove_all(folder); }
    std::string file(const std::string& name) const { return (folder / name).string(); }
};

inline std::string config(const std::string& name) { return std::string(ACCELSIM_SOURCE_DIR) + "/configs/" + name; }

inline std::string read(const std::string& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Runs the program in the scratch folder; stdout and stderr together.
inline Outcome run(const Scratch& scratch, const std::string& arguments) {
    const char* program = std::getenv("ACCELSIM_PROGRAM");
    BOOST_REQUIRE(program != nullptr);
    const std::string command = "cd " + scratch.folder.string() + " && " + program + " " + arguments + " > stdout.txt 2>&1";
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), read(scratch.file("stdout.txt"))};
}

}  // namespace accelsim::testing
