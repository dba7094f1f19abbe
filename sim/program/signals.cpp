// SPDX-License-Identifier: Apache-2.0
#include "sim/program/signals.hpp"

#include <unistd.h>

namespace accelsim {

namespace {

constexpr std::array<int, 2> signals = {SIGINT, SIGTERM};
volatile std::sig_atomic_t interrupted = 0;

void note_signal(int signal) { interrupted = signal; }

}  // namespace

const volatile std::sig_atomic_t* interrupt_flag() { return &interrupted; }

int interrupting_signal() { return interrupted; }

SignalGuard::SignalGuard() {
    interrupted = 0;
    struct sigaction action {};
    action.sa_handler = note_signal;
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &action, &before_[i]);
}

void SignalGuard::restore() {
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
}

void die_of(int signal) {
    std::signal(signal, SIG_DFL);
    ::raise(signal);
    ::_exit(128 + signal);
}

}  // namespace accelsim
