// SPDX-License-Identifier: Apache-2.0
// Every message that a rejected input of tests/ is expected to give.
#pragma once

#include <string>
#include <vector>

namespace accelsim::testing {

/// A rejected command of tests/errors/commands.txt.
struct RejectedCommand {
    std::string name;
    std::string script;  ///< shell; $P is the program, $C the supplied configurations
    int code = 2;
    std::string expected;  ///< all that it prints, without the end of the last line
};

std::vector<RejectedCommand> rejected_commands();

struct ExpectedMessage {
    std::string text;   ///< as it stands in the test, without "error: " and the place
    std::string where;  ///< file of the rejected input, from the root of the sources
    std::string name;
};

/// In the order of the folders and of the names in them.
std::vector<ExpectedMessage> expected_messages();

}  // namespace accelsim::testing
