// SPDX-License-Identifier: Apache-2.0
#include "sim/program/command_line.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "mappings/error.hpp"
#include "mappings/suggestion.hpp"

namespace accelsim {

namespace {

void add_options(const CLI::App& app, std::vector<std::string>& names) {
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    for (const CLI::App* command : app.get_subcommands(nullptr)) add_options(*command, names);
}

/// CLI11 would first ask for what is missing.
void refuse_unknown_options(const CLI::App& app, int argc, const char* const* argv) {
    std::vector<std::string> names;
    add_options(app, names);
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i], name = word.substr(0, word.find('='));
        if (!word.starts_with("--") || word.size() == 2 || std::find(names.begin(), names.end(), name) != names.end()) continue;
        const std::string help = suggestion(name, names);
        throw UserError("unknown option '" + name + "'" +
                        (help.find("did you mean") != std::string::npos ? help + " See " : "; see ") + app.get_name() +
                        " --help");
    }
}

}  // namespace

std::optional<int> parse_words(CLI::App& app, int argc, const char* const* argv) {
    refuse_unknown_options(app, argc, argv);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        throw UserError(std::string(error.what()) + "; see " + app.get_name() + " --help");
    }
    return std::nullopt;
}

}  // namespace accelsim
