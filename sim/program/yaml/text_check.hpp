// SPDX-License-Identifier: Apache-2.0
// Checks on the bytes of a configuration file, before any YAML.
#pragma once

#include <cstddef>
#include <string>

#include "mappings/error.hpp"

namespace accelsim {

/// Line and column (1-based, in bytes) of an offset.
Location place_of(const std::string& text, std::size_t offset, const std::string& source);

/// Without a byte-order mark and with \n line ends. Throws UserError for bytes that are not UTF-8, for tabs and
/// for other control characters.
std::string checked_text(std::string text, const std::string& source, bool numbered);

/// True when the quoted scalar that opens at the offset is closed before the text ends.
bool quote_is_closed(const std::string& text, std::size_t offset);

}  // namespace accelsim
