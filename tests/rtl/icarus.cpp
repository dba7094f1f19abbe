// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/icarus.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "sim/rtl/write_rtl.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Runs a command in `folder`; returns what it writes. Its failure is an exception with that text.
std::string command(const fs::path& folder, const std::string& line) {
    const int code = std::system(("cd '" + folder.string() + "' && " + line + " >log 2>&1").c_str());
    const std::string text = read_text(folder / "log");
    if (code != 0) throw std::runtime_error(line + ": exit code " + std::to_string(code) + "\n" + text);
    return text;
}

/// A port's hexadecimal digits as words, the last one first. Digits that are not known read as 0; no arrived word has any.
std::vector<std::uint32_t> port_words(const std::string& digits, std::int64_t bits) {
    const auto size = static_cast<std::size_t>(bits / 4);
    std::vector<std::uint32_t> words;
    for (std::size_t end = digits.size(); end >= size; end -= size) {
        const std::string word = digits.substr(end - size, size);
        const bool known = word.find_first_not_of("0123456789abcdef") == std::string::npos;
        words.push_back(known ? static_cast<std::uint32_t>(std::stoul(word, nullptr, 16)) : 0);
    }
    return words;
}

/// testbench.sv says what is in the file.
RtlRun read_trace(const fs::path& path, const RtlHardware& hardware) {
    std::ifstream file(path);
    RtlRun run;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string kind, skipped;
        words >> kind;
        if (kind == "cycle") {
            run.cycles.emplace_back();
            words >> skipped >> skipped >> run.cycles.back().cause;
        } else if (kind == "data") {
            const auto traced = static_cast<std::size_t>(hardware.at("TRACED"));
            for (std::string digits; words >> digits;) {
                const std::vector<std::uint32_t> all = port_words(digits, 32);
                run.cycles.back().data.emplace_back();
                for (std::size_t p = 0; p < all.size(); p += traced)
                    run.cycles.back().data.back().emplace_back(all.begin() + static_cast<std::ptrdiff_t>(p),
                                                               all.begin() + static_cast<std::ptrdiff_t>(p + traced));
            }
        } else {
            RtlGroup group;
            words >> group.mover >> skipped >> group.tile >> skipped >> group.group;
            RtlWord word;
            char colon = 0;
            while (words >> word.place >> std::hex >> word.lanes >> colon >> std::dec >> word.address)
                group.words.push_back(word);
            run.cycles.back().grants.push_back(group);
        }
    }
    return run;
}

}  // namespace

std::string test_templates() {
    const char* set = std::getenv("ACCELSIM_TEMPLATES");
    return set != nullptr ? set : std::string(ACCELSIM_SOURCE_DIR) + "/sim/rtl/templates";
}

RtlRun run_icarus(const Design& design, const Operands& operands, std::size_t most, const std::string& folder) {
    fs::remove_all(folder);
    write_rtl(design, operands, test_templates(), folder);
    const std::string said = command(folder, "iverilog -g2012 -Wall -o simulation *.sv");
    if (!said.empty()) throw std::runtime_error("iverilog: " + said);
    command(folder, "vvp simulation +trace +most=" + std::to_string(most));
    RtlRun run = read_trace(fs::path(folder) / "trace.txt", rtl_hardware(design));
    std::istringstream words(read_text(fs::path(folder) / "output.hex"));
    for (std::string word; words >> word;)
        run.output.push_back(sign_extended(port_words(word, 32).at(0), design.workload.output().bits));
    return run;
}

}  // namespace accelsim::testing
