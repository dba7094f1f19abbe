// SPDX-License-Identifier: Apache-2.0
// Figures as reports print them.
#pragma once

#include <cstdint>
#include <string>

namespace accelsim {

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t value);
/// So many digits and a unit from pJ to J.
std::string energy_text(double pj, int digits = 3);
/// From ns to s.
std::string time_text(double seconds);
/// A bar of `width` characters when share is 1; eighth blocks give it a resolution of 1/8 character.
std::string bar(double share, int width);

/// In a terminal's colour (ANSI code), or as it is.
std::string painted(const char* code, const std::string& text, bool colour);

}  // namespace accelsim
