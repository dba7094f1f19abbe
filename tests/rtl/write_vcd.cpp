// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/write_vcd.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "tests/rtl/lockstep.hpp"

namespace accelsim::testing {

namespace {

/// A signal's name and its value as a VCD writes them: without spaces.
std::pair<std::string, std::string> vcd_words(const std::string& text) {
    auto [signal, value] = split_signal(text);
    std::replace_if(
        signal.begin(), signal.end(), [](char c) { return c == ' ' || c == '@'; }, '_');
    std::replace(value.begin(), value.end(), ' ', '_');
    return {signal, value};
}

}  // namespace

void write_vcd(const std::string& path, const std::vector<std::pair<std::string, const Side*>>& sides, std::size_t from,
               std::size_t to) {
    std::set<std::string> signals;
    for (const auto& [name, side] : sides) {
        for (std::size_t t = from; t <= to && t < side->cycles.size(); ++t) {
            for (const std::string& text : side->cycles[t]) signals.insert(vcd_words(text).first);
        }
    }
    std::ofstream out(path);
    out << "$timescale 1ns $end\n";
    std::map<std::pair<std::string, std::string>, char> codes;
    for (const auto& [name, side] : sides) {
        out << "$scope module " << name << " $end\n";
        for (const std::string& signal : signals) {
            const char code = static_cast<char>('!' + codes.size());
            codes[{name, signal}] = code;
            out << "$var string 1 " << code << ' ' << signal << " $end\n";
        }
        out << "$upscope $end\n";
    }
    out << "$enddefinitions $end\n";
    for (std::size_t t = from; t <= to; ++t) {
        out << '#' << 2 * t << '\n';
        for (const auto& [name, side] : sides) {
            std::map<std::string, std::string> values;
            for (const std::string& signal : signals) values[signal] = "-";
            if (t < side->cycles.size()) {
                for (const std::string& text : side->cycles[t]) {
                    const auto [signal, value] = vcd_words(text);
                    values[signal] = value;
                }
            }
            for (const auto& [signal, value] : values) out << 's' << value << ' ' << codes[{name, signal}] << '\n';
        }
    }
    out << '#' << 2 * to + 2 << '\n';
}

}  // namespace accelsim::testing
