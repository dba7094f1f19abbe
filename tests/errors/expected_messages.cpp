// SPDX-License-Identifier: Apache-2.0
#include "tests/errors/expected_messages.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;

const fs::path root = ACCELSIM_SOURCE_DIR;

/// The text of the first line "# expect: ...".
std::string expected_by(const fs::path& file) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line) && line.starts_with("# ");)
        if (line.starts_with("# expect: ")) return line.substr(10);
    throw std::runtime_error(file.string() + " has no line '# expect: '");
}

/// Without the place in a file, or the option, with which it begins.
std::string without_place(const std::string& message) {
    static const std::regex place(R"(^(error: )?(([^ :]+:[0-9]+:[0-9]+|--set [^:]*): )?)");
    return std::regex_replace(message, place, "", std::regex_constants::format_first_only);
}

void append_folder(std::vector<ExpectedMessage>& messages, const std::string& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(root / folder)) {
        const std::string extension = entry.path().extension().string();
        if (extension == ".yaml" || extension == ".json" || extension == ".trace") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files)
        messages.push_back({without_place(expected_by(file)), folder + "/" + file.filename().string(), file.stem().string()});
}

}  // namespace

std::vector<RejectedCommand> rejected_commands() {
    std::vector<RejectedCommand> commands;
    std::ifstream stream(root / "tests/errors/commands.txt");
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with("## ")) {
            commands.push_back({line.substr(3), "", 2, ""});
        } else if (commands.empty() || line.empty()) {
            continue;
        } else if (line.starts_with("=> ")) {
            commands.back().code = std::stoi(line.substr(3));
            commands.back().expected = line.substr(5);
        } else {
            commands.back().script += line + "\n";
        }
    }
    return commands;
}

std::vector<ExpectedMessage> expected_messages() {
    std::vector<ExpectedMessage> messages;
    for (const char* folder : {"tests/errors", "tests/import_errors", "tests/import_errors/interstellar", "tests/dram_errors"})
        append_folder(messages, folder);
    for (const RejectedCommand& command : rejected_commands())
        messages.push_back({without_place(command.expected), "tests/errors/commands.txt", command.name});
    return messages;
}

}  // namespace accelsim::testing
