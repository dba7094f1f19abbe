// SPDX-License-Identifier: Apache-2.0
// A map of the tree, read by its schema: unknown and missing keys are errors, defaults come from the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

class Section {
public:
    /// `context` names the map in messages: "level 'GlobalBuffer'". `extra`: keys known beside the schema's.
    /// Both node and schema must outlive the section.
    Section(const Yaml& node, const MapSpec& spec, std::string context, const std::vector<std::string>& extra = {});

    const std::string& context() const { return context_; }
    const Location& where() const { return node_.where; }
    /// The value as written; nullptr when the key is not given.
    const Yaml* find(const std::string& key) const { return node_.find(key); }
    bool has(const std::string& key) const { return find(key) != nullptr; }
    /// The value as written, or the default's text as a scalar. A required key that is missing is a UserError.
    Yaml get(const std::string& key) const;

    std::string word(const std::string& key) const;  ///< word and name keys
    std::int64_t integer(const std::string& key) const;
    double number(const std::string& key) const;
    bool flag(const std::string& key) const;
    std::size_t choice(const std::string& key) const;  ///< index into the schema's choices
    std::int64_t bytes(const std::string& key) const;

    /// "'capacity' in level 'GlobalBuffer'"
    std::string what(const std::string& key) const;

private:
    const KeySpec& spec_of(const std::string& key) const;

    const Yaml& node_;
    const MapSpec& spec_;
    std::string context_;
};

/// Throws unless the node is a map; `what` as in yaml_values.hpp.
void require_map(const Yaml& node, const std::string& what);
void require_sequence(const Yaml& node, const std::string& what, const std::string& example);

/// Index of the name, or a UserError "unknown KIND 'x' in CONTEXT" with a suggestion.
std::size_t find_name(const std::string& name, const Location& where, const std::vector<std::string>& known,
                      const std::string& kind, const std::string& context);

/// Runs a check that knows no places; its UserErrors get this one. Those with a place keep theirs.
template <class Check>
auto with_place(const Location& where, Check check) {
    try {
        return check();
    } catch (const UserError& error) {
        const std::string message = error.what();
        if (where.file.empty() || message.starts_with(where.file) || message.starts_with("--set ")) throw;
        throw UserError(message, where);
    }
}

}  // namespace accelsim
