// SPDX-License-Identifier: Apache-2.0
#include "sim/files/output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "mappings/error.hpp"

namespace accelsim {

namespace {

namespace fs = std::filesystem;

constexpr int max_links = 40;  // of a path, as the system has it

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw UserError("cannot write " + path + ": " + reason);
}

void remove_quietly(const std::string& path) {
    if (is_stream(path)) return;
    std::error_code ignored;
    fs::remove(path, ignored);
}

/// Behind symbolic links, so that a file is replaced and not the link to it.
std::string destination(const std::string& path) {
    std::error_code error;
    fs::path target = path;
    for (int links = 0; links < max_links && fs::is_symlink(target, error); ++links) {
        const fs::path next = fs::read_symlink(target, error);
        if (error) return path;
        target = target.parent_path() / next;
    }
    return target.string();
}

/// To the temporary name.
void write_temporary(const std::string& path, const std::string& text) {
    make_folder_of(path);
    const std::string temporary = temporary_path(path);
    std::FILE* file = std::fopen(temporary.c_str(), "wb");
    if (file == nullptr) refuse(path, std::strerror(errno));
    errno = 0;
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
    const int reason = errno;
    if (std::fclose(file) == 0 && written) return;
    remove_quietly(temporary);
    refuse(path, std::strerror(written ? errno : reason));
}

}  // namespace

bool is_stream(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

std::string temporary_path(const std::string& path) {
    return is_stream(path) ? path : destination(path) + ".tmp" + std::to_string(::getpid());
}

void make_folder_of(const std::string& path) {
    const fs::path folder = fs::path(path).parent_path();
    if (folder.empty()) return;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) refuse(path, error.message());
}

void publish_file(const std::string& temporary, const std::string& path) {
    if (is_stream(temporary)) return;
    std::error_code error;
    fs::rename(temporary, destination(path), error);
    if (!error) return;
    remove_quietly(temporary);
    refuse(path, error.message());
}

void write_whole_file(const std::string& path, const std::string& text) { write_whole_files({{path, text}}); }

void write_whole_files(const std::map<std::string, std::string>& files) {
    try {
        for (const auto& [path, text] : files) write_temporary(path, text);
        for (const auto& [path, text] : files) publish_file(temporary_path(path), path);
    } catch (...) {
        for (const auto& [path, text] : files) remove_quietly(temporary_path(path));
        throw;
    }
}

GrowingFile::GrowingFile(std::string path) : path_(std::move(path)) {
    make_folder_of(path_);
    stream_ = std::fopen(temporary_path(path_).c_str(), "w");
    if (stream_ == nullptr) refuse(path_, std::strerror(errno));
}

GrowingFile::~GrowingFile() {
    if (stream_ == nullptr) return;
    std::fclose(stream_);
    remove_quietly(temporary_path(path_));
}

void GrowingFile::publish() {
    const bool failed = std::ferror(stream_) != 0;
    const bool closed = std::fclose(stream_) == 0;
    stream_ = nullptr;
    if (!failed && closed) return publish_file(temporary_path(path_), path_);
    remove_quietly(temporary_path(path_));
    refuse(path_, "the disk may be full");
}

}  // namespace accelsim
