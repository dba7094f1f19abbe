// SPDX-License-Identifier: Apache-2.0
#include "sim/program/jobs.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <new>

#include "mappings/error.hpp"
#include "sim/program/signals.hpp"

// Children leave with _exit: in a coverage build their counters must be written first, with the leak sanitizer their memory
// looked at.
extern "C" void __gcov_dump(void) __attribute__((weak));
extern "C" int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

namespace accelsim {

namespace {

struct Child {
    std::size_t job = 0;
    pid_t pid = 0;
    int file = -1;
    std::string text;
};

void write_all(int file, const std::string& text) {
    for (std::size_t written = 0; written < text.size();) {
        const ssize_t count = ::write(file, text.data() + written, text.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        written += static_cast<std::size_t>(count);
    }
}

/// What the job says and the exit code that stands for how it ended.
JobOutcome attempt(const std::function<std::string()>& job) {
    try {
        return {0, job()};
    } catch (const UserError& error) {
        return {2, error.what()};
    } catch (const SimulationError& error) {
        return {3, error.what()};
    } catch (const std::bad_alloc&) {
        return {3, "there is not enough memory"};
    } catch (const std::exception& error) {
        return {1, error.what()};
    }
}

[[noreturn]] void be_child(const std::function<std::string()>& job, int file, pid_t parent) {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);  // it died before it could be watched
    const JobOutcome outcome = attempt(job);
    write_all(file, outcome.text);
    ::close(file);
    if (__gcov_dump != nullptr) __gcov_dump();
    const bool leaks = __lsan_do_recoverable_leak_check != nullptr && __lsan_do_recoverable_leak_check() != 0;
    ::_exit(leaks ? 1 : outcome.code);
}

Child start(const std::function<std::string()>& job, std::size_t index, const std::vector<Child>& others) {
    int ends[2];
    if (::pipe(ends) != 0) throw InternalError("pipe failed");
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) throw UserError("cannot start a process for a layer; use fewer with -j");
    if (pid == 0) {
        ::close(ends[0]);
        for (const Child& other : others) ::close(other.file);
        be_child(job, ends[1], parent);
    }
    ::close(ends[1]);
    return {index, pid, ends[0], ""};
}

JobOutcome finish(Child& child) {
    ::close(child.file);
    int status = 0;
    while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) return {1, fmt::format("its process ended with signal {}", WTERMSIG(status))};
    return {WEXITSTATUS(status), std::move(child.text)};
}

/// Reads what has come; true at the end of the child's text.
bool read_some(Child& child) {
    std::array<char, 65536> buffer{};
    const ssize_t count = ::read(child.file, buffer.data(), buffer.size());
    if (count > 0) child.text.append(buffer.data(), static_cast<std::size_t>(count));
    return count == 0 || (count < 0 && errno != EINTR);
}

[[noreturn]] void end_all(std::vector<Child>& running, SignalGuard& guard) {
    const int signal = interrupting_signal();
    for (const Child& child : running) ::kill(child.pid, SIGKILL);
    for (Child& child : running) finish(child);
    guard.restore();
    die_of(signal);
}

}  // namespace

std::vector<JobOutcome> run_jobs(const std::vector<std::function<std::string()>>& jobs, int processes,
                                 const std::function<void(std::size_t, const JobOutcome&)>& done) {
    std::vector<JobOutcome> outcomes(jobs.size());
    std::vector<Child> running;
    std::size_t next = 0;
    SignalGuard guard;
    std::cout.flush();
    while (next < jobs.size() || !running.empty()) {
        while (next < jobs.size() && running.size() < static_cast<std::size_t>(processes)) {
            running.push_back(start(jobs[next], next, running));
            ++next;
        }
        std::vector<pollfd> waits;
        for (const Child& child : running) waits.push_back({child.file, POLLIN, 0});
        ::poll(waits.data(), waits.size(), 500);
        if (interrupting_signal() != 0) end_all(running, guard);
        for (std::size_t i = running.size(); i-- > 0;) {
            if ((waits[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0 || !read_some(running[i])) continue;
            const std::size_t job = running[i].job;
            outcomes[job] = finish(running[i]);
            running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
            done(job, outcomes[job]);
        }
    }
    return outcomes;
}

int worse_code(int left, int right) {
    const auto rank = [](int code) { return code == 1 ? 3 : code == 3 ? 2 : code == 2 ? 1 : 0; };
    return rank(right) > rank(left) ? right : left;
}

}  // namespace accelsim
