// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/interstellar_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "mappings/suggestion.hpp"
#include "sim/program/import/interstellar_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

struct Part {
    std::string name;
    const ImportKeys* keys;
};

const std::array<Part, 4>& parts() {
    static const std::array<Part, 4> list = {{{"arch", &interstellar_arch_keys()},
                                              {"layer", &interstellar_layer_keys()},
                                              {"mapping", &interstellar_mapping_keys()},
                                              {"schedule_hint", &interstellar_schedule_keys()}}};
    return list;
}

/// The files, taken apart.
class Parts {
public:
    void add(const Yaml& root) {
        require_map(root, "the file");
        const bool together = root.find("arch") != nullptr || root.find("layer") != nullptr || root.find("mapping") != nullptr;
        if (together) {
            add_entries(root);
            return;
        }
        // A file of its own is known by the first of its keys that belong to one part.
        for (const YamlEntry& entry : root.entries) {
            for (const Part& part : parts()) {
                const auto& known = part.keys->known;
                if (std::find(known.begin(), known.end(), entry.key) == known.end()) continue;
                put(part.name, root, root.where);
                return;
            }
        }
        throw UserError(
            "this is neither an arch (mem_levels, capacity...), a layer (fmap_width...), a mapping (loop_blockings...), "
            "a schedule (schedule_hint), nor a file with these under the keys arch, layer, mapping or schedule_hint",
            root.where);
    }

    const Yaml* find(const std::string& name) const {
        for (const YamlEntry& entry : entries_)
            if (entry.key == name) return &entry.value;
        return nullptr;
    }

    const Yaml& need(const std::string& name) const {
        const Yaml* value = find(name);
        if (value == nullptr) throw UserError(fmt::format("none of the files has the {}", name));
        return *value;
    }

    const std::vector<std::string>& unknown() const { return unknown_; }

private:
    /// Results of the program and names of files stand beside the parts; only what is nearly a part's name is refused.
    static bool is_misspelt(const std::string& key, const std::vector<std::string>& names) {
        const std::string lower = lower_case(key);
        return std::any_of(names.begin(), names.end(),
                           [&](const std::string& name) { return lower == name || lower == name + 's'; });
    }

    void add_entries(const Yaml& root) {
        std::vector<std::string> names;
        for (const Part& part : parts()) names.push_back(part.name);
        for (const YamlEntry& entry : root.entries) {
            if (std::find(names.begin(), names.end(), entry.key) != names.end()) {
                if (entry.value.kind != Yaml::Kind::null) put(entry.key, entry.value, entry.where);
            } else if (is_misspelt(entry.key, names)) {
                find_name(entry.key, entry.where, names, "key", "the file");
            } else {
                unknown_.push_back(entry.key);
            }
        }
    }

    void put(const std::string& name, const Yaml& value, const Location& where) {
        if (const Yaml* other = find(name))
            throw UserError(fmt::format("the {} is given twice; the other one is at {}", name, other->where.text()), where);
        entries_.push_back({name, where, value});
    }

    std::vector<YamlEntry> entries_;
    std::vector<std::string> unknown_;
};

}  // namespace

InterstellarDesign read_interstellar(const std::vector<std::string>& files) {
    Parts found;
    for (const std::string& file : files) found.add(load_yaml(file));
    InterstellarDesign design;
    read_interstellar_arch(found.need("arch"), design);
    read_interstellar_layer(found.need("layer"), design);
    if (const Yaml* schedule = found.find("schedule_hint")) read_interstellar_schedule(*schedule, design);
    if (const Yaml* mapping = found.find("mapping")) read_interstellar_mapping(*mapping, design);
    if (!found.unknown().empty())
        design.notes.push_back(fmt::format("the file's keys {} have no meaning here", fmt::join(found.unknown(), ", ")));
    return design;
}

}  // namespace accelsim
