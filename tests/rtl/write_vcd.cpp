// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/write_vcd.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "tests/rtl/lockstep.hpp"

namespace accelsim::testing {

namespace {

/// "input@GB up: tile 3..." has the signal "input@GB up" and the value behind the colon.
std::pair<std::string, std::string> split(const std::string& text) {
    const std::size_t colon = text.find(':');
    std::string signal = text.substr(0, colon), value = text.substr(colon + 2);
    std::replace_if(signal.begin(), signal.end(), [](char c) { return c == ' ' || c == '@'; }, '_');
    std::replace(value.begin(), value.end(), ' ', '_');
    return {signal, value};
}

}  // namespace

void write_vcd(const std::string& path, const std::vector<std::pair<std::string, const Side*>>& sides, std::size_t from,
               std::size_t to) {
    std::set<std::string> signals;
    for (const auto& [name, side] : sides) {
        for (std::size_t t = from; t <= to && t < side->cycles.size(); ++t) {
            for (const std::string& text : side->cycles[t]) signals.insert(split(text).first);
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
                for (const std::string& text : side->cycles[t]) values[split(text).first] = split(text).second;
            }
            for (const auto& [signal, value] : values) out << 's' << value << ' ' << codes[{name, signal}] << '\n';
        }
    }
    out << '#' << 2 * to + 2 << '\n';
}

}  // namespace accelsim::testing
