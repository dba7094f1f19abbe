// SPDX-License-Identifier: Apache-2.0
// SIGINT and SIGTERM, noted instead of obeyed while somebody ends orderly.
#pragma once

#include <array>
#include <csignal>
#include <cstddef>

namespace accelsim {

/// The signal that came while a guard lived, 0 for none. Points to the same place always.
const volatile std::sig_atomic_t* interrupt_flag();
int interrupting_signal();

/// Notes SIGINT and SIGTERM while it lives.
class SignalGuard {
public:
    SignalGuard();
    ~SignalGuard() { restore(); }
    SignalGuard(const SignalGuard&) = delete;
    SignalGuard& operator=(const SignalGuard&) = delete;
    void restore();

private:
    std::array<struct sigaction, 2> before_{};
};

/// Ends the process by that signal, as if it had not been noted: a shell must see why it ended.
[[noreturn]] void die_of(int signal);

}  // namespace accelsim
