// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace accelsim {

/// SHA-256 (FIPS 180-4) of the bytes, as 64 hexadecimal digits.
std::string sha256(const std::string& bytes);

}  // namespace accelsim
