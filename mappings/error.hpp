// SPDX-License-Identifier: Apache-2.0
// The three kinds of failure. Caught once, in main, each with its exit code.
#pragma once

#include <stdexcept>
#include <string>

namespace accelsim {

/// A place in the user's text; line and column are 1-based, 0 means unknown.
struct Location {
    std::string file;
    int line = 0;
    int column = 0;

    std::string text() const;  ///< "file:line:column", without the unknown parts
};

/// The user's input is at fault (exit code 2). The message is one line and names the way out.
class UserError : public std::runtime_error {
public:
    explicit UserError(const std::string& message, const Location& where = {});
};

/// The simulation cannot proceed: deadlock or a limit (exit code 3).
class SimulationError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A bug of ours: a self-check failed (exit code 1).
class InternalError : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

}  // namespace accelsim
