// SPDX-License-Identifier: Apache-2.0
#include "sim/program/dram/dram_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "mappings/error.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

struct Word {
    std::string text;
    Location where;
};

/// A line without its comment, cut at blanks.
std::vector<Word> words_of(const std::string& line, Location where) {
    std::vector<Word> words;
    const std::string content = line.substr(0, line.find('#'));
    const char* blanks = " \t\r";
    for (std::size_t begin = content.find_first_not_of(blanks); begin != std::string::npos;) {
        const std::size_t end = std::min(content.find_first_of(blanks, begin), content.size());
        where.column = static_cast<int>(begin) + 1;
        words.push_back({content.substr(begin, end - begin), where});
        begin = content.find_first_not_of(blanks, end);
    }
    return words;
}

std::int64_t number(const Word& word, const std::string& what, bool hexadecimal) {
    std::string_view digits = word.text;
    const bool hex = hexadecimal && (digits.starts_with("0x") || digits.starts_with("0X"));
    if (hex) digits.remove_prefix(2);
    std::int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (result.ec == std::errc::result_out_of_range)
        throw UserError(fmt::format("{} {} is beyond 63 bits", what, quote(word.text)), word.where);
    if (result.ec != std::errc() || result.ptr != digits.data() + digits.size() || digits.starts_with('-'))
        throw UserError(
            fmt::format("{} must be {}, not {}", what,
                        hexadecimal ? "decimal, or hexadecimal after 0x" : "an integer in decimal digits", quote(word.text)),
            word.where);
    return value;
}

TraceRequest read_request(const std::vector<Word>& words) {
    if (words.size() != 3)
        throw UserError(fmt::format("a request is 'address READ|WRITE cycle', three words, not {}", words.size()),
                        words[0].where);
    TraceRequest request;
    request.address = number(words[0], "the address", true);
    request.write = words[1].text == "WRITE";
    if (!request.write && words[1].text != "READ")
        throw UserError(fmt::format("a request must be READ or WRITE, not {}", quote(words[1].text)), words[1].where);
    request.cycle = number(words[2], "the cycle", false);
    if (request.cycle > (std::int64_t{1} << 40))
        throw UserError("the cycle must be at most 2^40: every refresh up to there is simulated", words[2].where);
    return request;
}

}  // namespace

std::vector<TraceRequest> read_dram_trace(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) throw UserError(fmt::format("{} is a folder, not a trace", quote(path)));
    std::ifstream stream(path);
    if (!stream) throw UserError(fmt::format("cannot read the trace {}: {}", quote(path), std::strerror(errno)));
    std::vector<TraceRequest> requests;
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        const std::vector<Word> words = words_of(line, {path, number, 0});
        if (words.empty()) continue;
        requests.push_back(read_request(words));
        if (requests.size() > 1 && requests.back().cycle < requests[requests.size() - 2].cycle)
            throw UserError(fmt::format("cycles must not decrease: {} after {}; sort the trace", requests.back().cycle,
                                        requests[requests.size() - 2].cycle),
                            words[2].where);
    }
    if (requests.empty()) throw UserError("the trace has no requests, lines such as '0x1000 READ 0'", {path, 0, 0});
    return requests;
}

std::string dram_commands_text(std::vector<dram::Issued>& commands) {
    std::stable_sort(commands.begin(), commands.end(), [](const dram::Issued& a, const dram::Issued& b) {
        return a.clock != b.clock ? a.clock < b.clock : a.place.channel < b.place.channel;
    });
    std::string text = "# cycle channel rank bank_group bank row column command\n";
    for (const dram::Issued& i : commands) {
        const dram::Place& p = i.place;
        const bool of_rank = i.command == dram::Command::ref || i.command == dram::Command::prea;
        const bool of_row = !of_rank && i.command != dram::Command::pre;
        const bool of_column = of_row && i.command != dram::Command::act;
        fmt::format_to(std::back_inserter(text), "{} {} {} {} {} {} {} {}\n", i.clock, p.channel, p.rank, of_rank ? -1 : p.group,
                       of_rank ? -1 : p.bank, of_row ? p.row : -1, of_column ? p.column : -1, dram::name_of(i.command));
    }
    return text;
}

}  // namespace accelsim
