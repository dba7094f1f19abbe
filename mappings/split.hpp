// SPDX-License-Identifier: Apache-2.0
// Text at its separators.
#pragma once

#include <string>
#include <vector>

namespace accelsim {

/// The parts between separators; an empty text is one empty part.
inline std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

}  // namespace accelsim
