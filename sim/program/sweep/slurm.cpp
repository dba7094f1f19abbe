// SPDX-License-Identifier: Apache-2.0
#include "sim/program/sweep/slurm.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "mappings/error.hpp"
#include "sim/files/output_file.hpp"

namespace accelsim {

namespace {

namespace fs = std::filesystem;

constexpr int command_not_found = 127;

std::string script(const SlurmJob& job) {
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const std::string store = fs::absolute(job.store).string();
    return fmt::format(
        "#!/bin/sh\n"
        "#SBATCH --job-name=accelsim-{}\n"
        "#SBATCH --array=1-{}\n"
        "#SBATCH --output={}.slurm-%a.log\n"
        "exec {} sweep {} -o {} --part \"$SLURM_ARRAY_TASK_ID/{}\" --quiet{}\n",
        fs::path(job.sweep).stem().string(), job.tasks, store, shell_quoted(program.string()),
        shell_quoted(fs::absolute(job.sweep).string()), shell_quoted(store), job.tasks, job.options);
}

}  // namespace

std::string shell_quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

std::string submit_to_slurm(const SlurmJob& job) {
    const std::string path = job.store + ".sbatch";
    write_whole_file(path, script(job));
    std::FILE* pipe = ::popen(("sbatch --parsable " + shell_quoted(path) + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw UserError("cannot start sbatch");
    std::string printed;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) printed += buffer.data();
    const int status = ::pclose(pipe);
    while (!printed.empty() && printed.back() == '\n') printed.pop_back();
    if (WEXITSTATUS(status) == command_not_found)
        throw UserError(
            fmt::format("there is no sbatch on this machine; without Slurm leave out --slurm, or submit {} where it is", path));
    if (status != 0) throw UserError("sbatch refused the job: " + printed);
    return printed;
}

}  // namespace accelsim
