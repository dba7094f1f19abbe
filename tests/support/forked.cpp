// SPDX-License-Identifier: Apache-2.0
#include "tests/support/forked.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

// Forked children leave with _exit: in a coverage build their counters must be written first, with the leak sanitizer their
// memory looked at.
extern "C" void __gcov_dump(void) __attribute__((weak));
extern "C" int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

namespace accelsim::testing {

namespace {

constexpr int leak_code = 23;  // the leak sanitizer's own

void write_all(int file, const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t count = ::write(file, text.data() + done, text.size() - done);
        if (count <= 0) return;
        done += static_cast<std::size_t>(count);
    }
}

[[noreturn]] void child(int file, const std::function<std::string()>& body) {
    std::string text;
    try {
        text = body();
    } catch (const std::exception& error) {
        text = std::string("exception: ") + error.what();
    }
    write_all(file, text);
    ::close(file);
    if (__gcov_dump != nullptr) __gcov_dump();
    const bool leaks = __lsan_do_recoverable_leak_check != nullptr && __lsan_do_recoverable_leak_check() != 0;
    ::_exit(leaks ? leak_code : 0);
}

}  // namespace

std::string run_forked(const std::function<std::string()>& body) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe failed");
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("fork failed");
    if (pid == 0) {
        ::close(ends[0]);
        child(ends[1], body);
    }
    ::close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<std::size_t>(count));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    if (WEXITSTATUS(status) != 0) return "exit code " + std::to_string(WEXITSTATUS(status)) + ": " + text;
    return text;
}

long environment_number(const char* name, long fallback) {
    const char* text = std::getenv(name);
    return text == nullptr || *text == '\0' ? fallback : std::strtol(text, nullptr, 10);
}

}  // namespace accelsim::testing
