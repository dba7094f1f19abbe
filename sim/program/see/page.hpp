// SPDX-License-Identifier: Apache-2.0
// --html: a result as one page that needs nothing else.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace accelsim {

/// Writes the page with the data in it; page/page.js draws what it finds there. Members of `data`: title; result (of a run or a
/// network), validation, sweep; and of a run nest, svg, roofline, activity. Throws UserError when it cannot be written.
void write_page(const std::string& file, const nlohmann::ordered_json& data);

}  // namespace accelsim
