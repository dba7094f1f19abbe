// SPDX-License-Identifier: Apache-2.0
#include "sim/program/see/page.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mappings/error.hpp"
#include "sim/files/output_file.hpp"
#include "sim/program/yaml/files.hpp"

namespace accelsim {

namespace {

std::string asset(const std::string& name) {
    const std::string path = page_directory() + "/" + name;
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw UserError("cannot read " + path);
    return text.str();
}

void put(std::string& page, const std::string& mark, const std::string& text) {
    const std::size_t at = page.find(mark);
    page.replace(at, mark.size(), text);
}

/// No character of the data can end the element that it stands in.
std::string script_text(const nlohmann::ordered_json& data) {
    std::string result;
    for (const char c : data.dump()) result += c == '<' ? "\\u003c" : std::string(1, c);
    return result;
}

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
    return result;
}

}  // namespace

void write_page(const std::string& file, const nlohmann::ordered_json& data) {
    std::string page = asset("page.html");
    put(page, "@title@", escaped(data["title"].get<std::string>()));
    put(page, "@style@", asset("page.css"));
    put(page, "@data@", script_text(data));
    put(page, "@chart@", asset("chart.js"));
    put(page, "@draw@", asset("draw.js"));
    put(page, "@page@", asset("page.js"));
    write_whole_file(file, page);
}

}  // namespace accelsim
