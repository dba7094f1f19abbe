// SPDX-License-Identifier: Apache-2.0
#include "sim/program/output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "mappings/error.hpp"

namespace accelsim {

void write_whole_file(const std::string& path, const std::string& text) {
    namespace fs = std::filesystem;
    const std::string temporary = path + ".tmp" + std::to_string(::getpid());
    std::error_code error;
    const fs::path folder = fs::path(path).parent_path();
    if (!folder.empty()) fs::create_directories(folder, error);
    errno = 0;
    std::ofstream out(temporary, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
        const std::string reason = std::strerror(errno);
        fs::remove(temporary, error);
        throw UserError("cannot write " + path + ": " + reason);
    }
    fs::rename(temporary, path, error);
    if (error) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw UserError("cannot write " + path + ": " + error.message());
    }
}

}  // namespace accelsim
