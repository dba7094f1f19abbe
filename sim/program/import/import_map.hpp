// SPDX-License-Identifier: Apache-2.0
// One map of a file that was written for another program. That one ignores what it does not know; here every key is known,
// ignored on purpose or refused.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// A key under another name: {"n_words", "block_size"}. Hyphens need none, 'block-size' is 'block_size' anyway.
struct ImportAlias {
    std::string alias;
    std::string key;
};

/// A key that changes the result in a way that this machine has not.
struct ImportRefusal {
    std::string key;
    std::string why;  ///< behind "is not supported: "
};

struct ImportKeys {
    std::vector<std::string> known;
    std::vector<std::string> ignored;  ///< known to the other program and its tools, without influence on counts and cycles
    std::vector<ImportRefusal> refused;
    std::vector<ImportAlias> aliases;
};

class ImportMap {
public:
    /// Throws UserError for a key that is unknown, refused (unless its value is empty, null or false) or given twice under
    /// two names. `context` names the map in messages. The node must outlive this. With `unknown`, unknown keys are
    /// added to it instead: in what a front end dumps they are the attributes of its own plug-ins.
    ImportMap(const Yaml& node, const ImportKeys& keys, std::string context, std::vector<std::string>* unknown = nullptr);

    const Yaml& node() const { return node_; }
    const Location& where() const { return node_.where; }
    const std::string& context() const { return context_; }
    /// The value of a key by its name without hyphens; nullptr when it is not given, or given as null.
    const Yaml* find(const std::string& key) const;
    bool has(const std::string& key) const { return find(key) != nullptr; }
    /// As find, but a UserError when there is none.
    const Yaml& need(const std::string& key) const;

    std::string word(const std::string& key) const;  ///< of a key that must be there
    std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t min, std::int64_t max) const;
    double number(const std::string& key, double fallback, double min, double max) const;

    /// "'entries' in component 'GB'"
    std::string what(const std::string& key) const;

private:
    void add(const YamlEntry& entry, const ImportKeys& keys, std::vector<std::string>* unknown);

    struct Value {
        std::string key;
        std::string written;
        const Yaml* value;
    };

    const Yaml& node_;
    std::string context_;
    std::vector<Value> values_;
};

/// The key without hyphens: 'data-spaces' is 'data_spaces'.
std::string without_hyphens(std::string key);

/// Nothing, an empty list or map, or false: what front ends write for features that are off.
bool is_off(const Yaml& node);

}  // namespace accelsim
