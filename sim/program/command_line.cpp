// SPDX-License-Identifier: Apache-2.0
#include "sim/program/command_line.hpp"

#include <filesystem>
#include <map>
#include <vector>

#include "mappings/error.hpp"
#include "mappings/suggestion.hpp"

namespace accelsim {

namespace {

namespace fs = std::filesystem;

constexpr const char* output_type = "FILE";

/// The app and the subcommands that are given.
std::vector<CLI::App*> all_of(CLI::App& app) {
    std::vector<CLI::App*> apps{&app};
    for (CLI::App* part : app.get_subcommands()) apps.push_back(part);
    return apps;
}

std::string path_key(const std::string& path) {
    std::error_code ignored;
    return fs::weakly_canonical(fs::absolute(path, ignored), ignored).string();
}

void check_outputs(CLI::App& app) {
    std::map<std::string, std::string> taken;  // path -> what it is
    for (CLI::App* part : all_of(app)) {
        for (const CLI::Option* option : part->get_options()) {
            if (!option->get_positional()) continue;
            for (const std::string& file : option->results()) {
                if (file.empty()) throw UserError("the name of the file '" + option->get_name() + "' is empty");
                taken[path_key(file)] = "an input";
            }
        }
    }
    for (CLI::App* part : all_of(app)) {
        for (const CLI::Option* option : part->get_options()) {
            if (option->get_type_name() != output_type || option->count() == 0) continue;
            const std::string file = option->results().back(), name = option->get_name();
            const auto [found, fresh] = taken.try_emplace(path_key(file), "the file of " + name);
            if (!fresh) throw UserError(name + " " + file + " would overwrite " + found->second + "; give it another name");
        }
    }
}

/// The options that are not known, the likeliest of those that are with the first.
std::string unexpected(CLI::App& app) {
    std::vector<std::string> known;
    std::string first;
    for (CLI::App* part : all_of(app)) {
        for (const CLI::Option* option : part->get_options())
            for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
        for (const std::string& word : part->remaining())
            if (first.empty() || (word.starts_with("-") && !first.starts_with("-"))) first = word;
    }
    if (!first.starts_with("-")) return "'" + first + "' is one argument too many";
    const std::string hint = suggestion(first, known);
    return "unknown option '" + first + "'" + (hint.find("did you mean") == std::string::npos ? "" : hint);
}

}  // namespace

CLI::Option* add_output(CLI::App& app, const std::string& flags, std::string& file, const std::string& description) {
    const CLI::Validator is_file(
        [](const std::string& path) {
            std::error_code ignored;
            if (path.empty()) return std::string("the name of the file is empty");
            return fs::is_directory(path, ignored) ? "'" + path + "' is a folder, not a file" : std::string();
        },
        "");
    return app.add_option(flags, file, description)->check(is_file)->type_name(output_type);
}

std::optional<int> parse_command_line(CLI::App& app, int argc, char** argv) {
    const std::string help = "; see " + (app.get_name().empty() ? std::string("accelsim") : app.get_name()) + " --help";
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ExtrasError&) {
        throw UserError(unexpected(app) + help);
    } catch (const CLI::ParseError& error) {
        throw UserError(error.what() + help);
    }
    check_outputs(app);
    return std::nullopt;
}

}  // namespace accelsim
