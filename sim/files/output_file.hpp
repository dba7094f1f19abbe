// SPDX-License-Identifier: Apache-2.0
// Files that appear whole or not at all: whatever ends the program, and however many write to one path.
#pragma once

#include <cstdio>
#include <map>
#include <string>

namespace accelsim {

/// A device or a pipe, such as /dev/stdout: it is written as it is, never replaced.
bool is_stream(const std::string& path);

/// Where this process writes a file until it is whole: a name beside it that no other process takes. A stream is its own.
std::string temporary_path(const std::string& path);

/// Makes the folder of a path. Throws UserError "cannot write PATH: ...".
void make_folder_of(const std::string& path);

/// The whole file at `temporary` becomes `path`; when that fails it is removed. Throws UserError.
void publish_file(const std::string& temporary, const std::string& path);

/// Writes the text to a temporary file beside `path`, then renames it. Makes missing folders. UserError when that fails.
void write_whole_file(const std::string& path, const std::string& text);

/// Several files (path, text), none of which appears before all are written.
void write_whole_files(const std::map<std::string, std::string>& files);

/// A file that is written bit by bit. Until publish() it has its temporary name; without publish() it is gone.
class GrowingFile {
public:
    /// Throws UserError.
    explicit GrowingFile(std::string path);
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    std::FILE* stream() const { return stream_; }
    /// Throws UserError when anything could not be written.
    void publish();

private:
    std::string path_;
    std::FILE* stream_ = nullptr;
};

}  // namespace accelsim
