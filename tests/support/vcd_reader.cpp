// SPDX-License-Identifier: Apache-2.0
#include "tests/support/vcd_reader.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <stdexcept>

namespace accelsim::testing {

namespace {

double number_of(const std::string& bits) {
    double value = 0;
    for (const char c : bits) {
        if (c != '0' && c != '1') throw std::runtime_error("bits " + bits + " are no number");
        value = 2 * value + (c - '0');
    }
    return value;
}

/// The words up to $end.
std::vector<std::string> section(std::istream& in) {
    std::vector<std::string> words;
    for (std::string word; in >> word && word != "$end";) words.push_back(word);
    return words;
}

}  // namespace

VcdReader::VcdReader(const std::string& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file);
    read_header(in);
    read_changes(in);
}

void VcdReader::read_header(std::istream& in) {
    std::vector<std::string> scopes;
    for (std::string keyword; in >> keyword;) {
        const std::vector<std::string> words = section(in);
        if (keyword == "$enddefinitions") return;
        if (keyword == "$timescale") {
            for (const std::string& word : words) timescale_ += (timescale_.empty() ? "" : " ") + word;
        } else if (keyword == "$scope") {
            scopes.push_back(words.at(1));
        } else if (keyword == "$upscope") {
            if (scopes.empty()) throw std::runtime_error("an $upscope too many");
            scopes.pop_back();
        } else if (keyword == "$var") {
            std::string path;
            for (const std::string& scope : scopes) path += scope + '.';
            const int bits = words.at(0) == "real" ? 64 : std::stoi(words.at(1));
            if (!signals_.try_emplace(path + words.at(3), Signal{bits, words.at(2)}).second)
                throw std::runtime_error(path + words.at(3) + " is there twice");
        }
    }
    throw std::runtime_error("no $enddefinitions");
}

void VcdReader::read_changes(std::istream& in) {
    std::int64_t time = 0;
    const auto change = [&](const std::string& code, double value) {
        Changes& changes = changes_[code];
        if (!changes.empty() && changes.back().first == time)
            changes.back().second = value;
        else
            changes.emplace_back(time, value);
    };
    for (std::string word, code; in >> word;) {
        switch (word[0]) {
            case '#':
                if (std::stoll(word.substr(1)) < time) throw std::runtime_error("time goes back to " + word);
                time = end_ = std::stoll(word.substr(1));
                break;
            case 'b':
                in >> code;
                change(code, number_of(word.substr(1)));
                break;
            case 'r':
                in >> code;
                change(code, std::stod(word.substr(1)));
                break;
            case '$':
                if (word == "$comment") section(in);
                break;  // $dumpvars and the like hold changes
            default:
                change(word.substr(1), number_of(word.substr(0, 1)));
        }
    }
}

std::vector<std::string> VcdReader::names() const {
    std::vector<std::string> names;
    for (const auto& [name, signal] : signals_) names.push_back(name);
    return names;
}

double VcdReader::at(const std::string& name, std::int64_t time) const {
    const Changes& changes = changes_.at(signals_.at(name).code);
    const auto after = std::upper_bound(changes.begin(), changes.end(), std::pair(time, std::numeric_limits<double>::infinity()));
    if (after == changes.begin()) throw std::out_of_range(name + " has no value yet at " + std::to_string(time));
    return std::prev(after)->second;
}

std::int64_t VcdReader::signed_at(const std::string& name, std::int64_t time) const {
    const auto value = static_cast<std::int64_t>(at(name, time));
    const int width = bits(name);
    return value >= std::int64_t{1} << (width - 1) ? value - (std::int64_t{1} << width) : value;
}

}  // namespace accelsim::testing
