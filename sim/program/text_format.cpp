// SPDX-License-Identifier: Apache-2.0
#include "sim/program/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace accelsim {

std::string grouped(std::int64_t value) {
    std::string text = std::to_string(value);
    for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
    return text;
}

std::string energy_text(double pj, int digits) {
    const char* const units[] = {"pJ", "nJ", "uJ", "mJ", "J"};
    int unit = 0;
    for (; pj >= 1000 && unit < 4; ++unit) pj /= 1000;
    return fmt::format("{:.{}g} {}", pj, digits, units[unit]);
}

std::string time_text(double seconds) {
    if (seconds < 1e-6) return fmt::format("{:.0f} ns", seconds * 1e9);
    if (seconds < 1e-3) return fmt::format("{:.2f} us", seconds * 1e6);
    return seconds < 1 ? fmt::format("{:.3f} ms", seconds * 1e3) : fmt::format("{:.3f} s", seconds);
}

std::string bar(double share, int width) {
    static const char* const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const int eighths = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width * 8));
    std::string text;
    for (int i = 0; i < eighths / 8; ++i) text += "█";
    return text + parts[eighths % 8];
}

std::string painted(const char* code, const std::string& text, bool colour) {
    return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

}  // namespace accelsim
