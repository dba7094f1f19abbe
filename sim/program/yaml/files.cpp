// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/files.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace fs = std::filesystem;

std::string data_directory() {
    const char* chosen = std::getenv("ACCELSIM_DATA_DIR");
    if (chosen != nullptr && *chosen != '\0') return chosen;
    std::error_code ignored;
    // Installed: bin/accelsim and share/accelsim/configs stand under one prefix, wherever that was put.
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path beside = program.parent_path().parent_path() / "share/accelsim/configs";
    if (fs::is_directory(beside, ignored)) return beside.string();
    return ACCELSIM_SOURCE_CONFIGS;
}

std::string template_directory() {
    std::error_code ignored;
    const fs::path beside = fs::path(data_directory()).parent_path() / "rtl";
    return fs::is_directory(beside, ignored) ? beside.string() : ACCELSIM_SOURCE_TEMPLATES;
}

std::string page_directory() {
    std::error_code ignored;
    const fs::path beside = fs::path(data_directory()).parent_path() / "page";
    return fs::is_directory(beside, ignored) ? beside.string() : ACCELSIM_SOURCE_PAGE;
}

std::string resolve_path(const Yaml& node, const std::string& what) {
    const fs::path path = to_word(node, what);
    std::error_code ignored;
    // A place without a line is no file: the value came from --set.
    const fs::path base = node.where.line > 0 ? fs::path(node.where.file).parent_path() : fs::path();
    for (const fs::path& candidate : {base / path, fs::path(data_directory()) / path})
        if (fs::exists(candidate, ignored)) return candidate.lexically_normal().string();
    const std::string searched =
        path.is_absolute() ? ""
                           : fmt::format(" ({}, nor in the data directory {})",
                                         node.where.line > 0 ? "neither beside this file" : "neither in the current directory",
                                         data_directory());
    throw UserError(fmt::format("{}: file {} not found{}", what, quote(path.string()), searched), node.where);
}

std::string find_file(const std::string& wanted) {
    std::error_code ignored;
    const fs::path supplied = fs::path(data_directory()) / wanted;
    return !fs::exists(wanted, ignored) && fs::exists(supplied, ignored) ? supplied.string() : wanted;
}

std::string file_stem(const std::string& path) { return fs::path(path).stem().string(); }

Yaml load_single(const std::string& path, const std::string& kind, const std::string& other) {
    Yaml file = load_yaml(path);
    require_map(file, "the file");
    const auto refuse = [&](const Location& where) {
        const std::string second = other.empty() ? "" : fmt::format(" or '{}'", other);
        throw UserError(fmt::format("the file must have the single top-level key '{}'{}", kind, second), where);
    };
    if (file.entries.empty()) refuse(file.where);
    const std::string& found = file.entries[0].key;
    for (const YamlEntry& entry : file.entries)
        if (entry.key != found || (found != kind && (other.empty() || found != other))) refuse(entry.where);
    return file.entries[0].value;
}

Yaml load_section(const Yaml& node, const std::string& kind, std::string* stem, const std::string& other) {
    if (node.is_map()) return node;
    const std::string what = fmt::format("'{}' in the run file", kind);
    if (!node.is_scalar())
        throw UserError(fmt::format("{} must be a map or the path of a file, not {}", what, describe(node)), node.where);
    const std::string path = resolve_path(node, what);
    if (stem != nullptr) *stem = file_stem(path);
    return load_single(path, kind, other);
}

}  // namespace accelsim
