// SPDX-License-Identifier: Apache-2.0
// Every command of commands.txt, in an empty folder, must end with its exit code and print its message and nothing else.
#include <boost/test/unit_test.hpp>

#include "tests/errors/expected_messages.hpp"
#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

Outcome shell(const std::string& script) {
    const Scratch scratch;
    std::ofstream(scratch.file("script.sh"))
        << "P='" << std::getenv("ACCELSIM_PROGRAM") << "'\nC='" << ACCELSIM_SOURCE_DIR << "/configs'\n"
        << script;
    const std::string command = "mkdir " + scratch.file("empty") + " && cd " + scratch.file("empty") +
                                " && bash ../script.sh > " + scratch.file("out") + " 2>&1";
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), read(scratch.file("out"))};
}

std::string with_paths(std::string text) {
    const std::vector<std::pair<std::string, std::string>> paths = {{"{configs}", std::string(ACCELSIM_SOURCE_DIR) + "/configs"},
                                                                    {"{here}", Scratch().file("empty")}};
    for (const auto& [mark, path] : paths)
        for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) text.replace(at, mark.size(), path);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rejected_commands_of_users)

BOOST_AUTO_TEST_CASE(every_command_is_refused_with_its_message) {
    const std::vector<RejectedCommand> commands = rejected_commands();
    BOOST_TEST(commands.size() > 20U);
    for (const RejectedCommand& command : commands) {
        BOOST_TEST_CONTEXT(command.name) {
            const Outcome outcome = shell(command.script);
            BOOST_TEST(outcome.code == command.code);
            BOOST_TEST(outcome.out == with_paths(command.expected) + "\n");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
