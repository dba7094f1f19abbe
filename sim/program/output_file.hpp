// SPDX-License-Identifier: Apache-2.0
// Files that appear whole or not at all.
#pragma once

#include <string>

namespace accelsim {

/// Writes the text to a temporary file beside `path`, then renames it. Makes missing folders. UserError when that fails.
void write_whole_file(const std::string& path, const std::string& text);

}  // namespace accelsim
