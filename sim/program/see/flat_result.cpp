// SPDX-License-Identifier: Apache-2.0
#include "sim/program/see/flat_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "mappings/error.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

std::string name_of(const Json& entry, std::size_t number) {
    const auto text = [&](const char* key) { return entry.is_object() && entry.contains(key) && entry[key].is_string(); };
    for (const char* key : {"name", "change"}) {
        if (text(key)) return entry[key];
    }
    if (text("from") && text("to")) return entry["from"].get<std::string>() + ">" + entry["to"].get<std::string>();
    return std::to_string(number);
}

void flatten(const std::string& path, const Json& value, std::vector<std::pair<std::string, Json>>& result) {
    const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
    if (value.is_object()) {
        for (const auto& [key, member] : value.items()) {
            if (key == "host" || key == "model") continue;
            // A list's entries go by their names already.
            if ((key == "name" || key == "from" || key == "to" || key == "change") && member.is_string() && !path.empty())
                continue;
            flatten(below(key), member, result);
        }
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) flatten(below(name_of(value[i], i)), value[i], result);
    } else {
        result.emplace_back(path, value);
    }
}

}  // namespace

std::vector<std::pair<std::string, Json>> flat_result(const Json& result) {
    std::vector<std::pair<std::string, Json>> figures;
    flatten("", result, figures);
    return figures;
}

Json read_result(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) throw UserError("cannot read " + file);
    Json result;
    try {
        result = Json::parse(text.str());
    } catch (const Json::parse_error& error) {
        const std::string before = text.str().substr(0, error.byte == 0 ? 0 : error.byte - 1);
        throw UserError(fmt::format("{}:{}:{}: not JSON from here on; give a file that accelsim wrote with --json", file,
                                    1 + std::count(before.begin(), before.end(), '\n'), before.size() - before.rfind('\n')));
    } catch (const Json::out_of_range&) {
        throw UserError(file + ": a number in it is too large; give a file that accelsim wrote with --json");
    }
    if (!result.is_object() || !result.contains("schema") || !result["schema"].is_string())
        throw UserError(file + " has no 'schema': give a file that accelsim wrote with --json");
    return result;
}

}  // namespace accelsim
