// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/write_rtl.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "sim/files/output_file.hpp"
#include "sim/rtl/program.hpp"

namespace accelsim {

namespace {

namespace fs = std::filesystem;

std::string read_template(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw UserError("cannot read the template " + path.string());
    return text.str();
}

/// Replaces every @name@.
std::string fill_in(std::string text, const std::map<std::string, std::string>& values) {
    for (const auto& [name, value] : values) {
        const std::string mark = "@" + name + "@";
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
            text.replace(at, mark.size(), value);
    }
    return text;
}

std::string declaration(const std::string& name, std::int64_t value) {
    if (name == "KEPT" || name == "INNER") return fmt::format("    parameter [2:0] {} = 3'd{}", name, value);
    return fmt::format("    parameter integer {} = {}", name, value);
}

template <class T>
std::string hex(const std::vector<T>& words) {
    std::string text;
    for (const T word : words) text += fmt::format("{:08x}\n", static_cast<std::uint32_t>(static_cast<std::int64_t>(word)));
    return text;
}

}  // namespace

void write_rtl(const Design& design, const std::vector<std::vector<std::int16_t>>& operands, const std::string& templates,
               const std::string& folder) {
    const RtlHardware hardware = rtl_hardware(design);
    const std::vector<std::uint32_t> program = rtl_program(design, hardware);
    std::map<std::string, std::string> values;
    std::string parameters;
    for (const auto& [name, value] : hardware.parameters) {
        parameters += (parameters.empty() ? "" : ",\n") + declaration(name, value);
        values[name] = std::to_string(value);
    }
    for (const RtlVector& vector : hardware.vectors)
        parameters += fmt::format(",\n    parameter [{}-1:0] {} = {}", vector.width, vector.name, vector.value);
    values["parameters"] = parameters;
    values["program_words"] = std::to_string(program.size());
    values["input_words"] = std::to_string(operands[0].size());
    values["weight_words"] = std::to_string(operands[1].size());
    values["output_words"] = std::to_string(design.workload.output().words());
    const fs::path out = folder;
    std::map<std::string, std::string> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(templates))
        files[(out / entry.path().filename()).string()] = fill_in(read_template(entry.path()), values);
    files[(out / "program.hex").string()] = hex(program);
    files[(out / "input.hex").string()] = hex(operands[0]);
    files[(out / "weight.hex").string()] = hex(operands[1]);
    write_whole_files(files);
}

}  // namespace accelsim
