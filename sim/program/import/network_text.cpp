// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/network_text.hpp"

#include <fmt/format.h>

#include <cctype>

#include "sim/program/yaml/files.hpp"

namespace accelsim {

void NetworkText::add(const std::string& name, const std::string& content) {
    std::string plain;
    for (const char c : name) plain += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ? c : '_';
    if (plain.empty() || std::isalpha(static_cast<unsigned char>(plain[0])) == 0) plain = "layer_" + plain;
    std::string unique = plain;
    for (int i = 2; !names_.insert(unique).second; ++i) unique = fmt::format("{}_{}", plain, i);
    layers_ += fmt::format("    - {{name: {}, {}}}\n", unique, content);
}

Yaml NetworkText::tree(std::int64_t batch) const {
    const std::string text =
        fmt::format("network:\n  name: {}\n  batch: {}\n  layers:\n{}", quoted_yaml(file_stem(path_)), batch, layers_);
    return *parse_yaml(text, path_, false).find("network");
}

}  // namespace accelsim
