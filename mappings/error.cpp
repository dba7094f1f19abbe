// SPDX-License-Identifier: Apache-2.0
#include "mappings/error.hpp"

namespace accelsim {

std::string Location::text() const {
    std::string result = file;
    if (line > 0) {
        if (!result.empty()) result += ':';
        result += std::to_string(line);
        if (column > 0) result += ':' + std::to_string(column);
    }
    return result;
}

namespace {
std::string with_place(const std::string& message, const Location& where) {
    const std::string place = where.text();
    return place.empty() ? message : place + ": " + message;
}
}  // namespace

UserError::UserError(const std::string& message, const Location& where) : std::runtime_error(with_place(message, where)) {}

}  // namespace accelsim
