// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/text_check.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace accelsim {

namespace {

/// Length of the UTF-8 sequence at the offset; 0 when it is malformed (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(const std::string& text, std::size_t offset) {
    const auto byte = [&](std::size_t i) { return offset + i < text.size() ? static_cast<unsigned char>(text[offset + i]) : 0U; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    const unsigned second = byte(1);
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
    return length;
}

}  // namespace

Location place_of(const std::string& text, std::size_t offset, const std::string& source) {
    Location place{source, 1, 1};
    for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
        ++place.column;
        if (text[i] == '\n') {
            ++place.line;
            place.column = 1;
        }
    }
    return place;
}

std::string checked_text(std::string text, const std::string& source, bool numbered) {
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    const auto fail = [&](std::size_t offset, const std::string& message) {
        throw UserError(message, numbered ? place_of(text, offset, source) : Location{source, 0, 0});
    };
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t length = utf8_length(text, i);
        if (length == 0) fail(i, fmt::format("byte 0x{:02x} is not UTF-8; save the file as UTF-8", byte));
        if (byte == '\t') fail(i, "tab character; indent and separate with spaces");
        const bool line_end = byte == '\n' || (byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
        if ((byte < 0x20 && !line_end) || byte == 0x7F) fail(i, fmt::format("control character 0x{:02x}", byte));
        if (byte != '\r') result.append(text, i, length);
        i += length;
    }
    return result;
}

bool quote_is_closed(const std::string& text, std::size_t offset) {
    const char quote = text[offset];
    for (std::size_t i = offset + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == quote) {
            if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) return true;
            ++i;
        }
    }
    return false;
}

}  // namespace accelsim
