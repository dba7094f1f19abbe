// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/foreign_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t most = std::int64_t{1} << 53;  // what JSON readers keep exactly
const std::vector<std::string> level_kinds = {"reads.to_child", "reads.to_parent", "writes.from_parent", "writes.from_child"};
const std::vector<std::string> network_kinds = {"injected", "delivered", "near_hops", "far_hops"};

void check_keys(const Yaml& node, const std::string& what, const std::vector<std::string>& known) {
    require_map(node, what);
    for (const YamlEntry& entry : node.entries) find_name(entry.key, entry.where, known, "key", what);
}

Figure& figure_at(ModelTensor& t, std::size_t kind) {
    Figure* figures[] = {&t.reads_to_child, &t.reads_to_parent, &t.writes_from_parent, &t.writes_from_child};
    return *figures[kind];
}

Figure& figure_at(ModelLink& t, std::size_t kind) {
    Figure* figures[] = {&t.injected, &t.delivered, &t.near_hops, &t.far_hops};
    return *figures[kind];
}

/// The part of that name and the tensor in it.
template <class Part, class NameOf>
auto& tensor_in(std::vector<Part>& parts, const NameOf& name_of, const std::string& place, const std::string& tensor,
                const std::string& what, const Location& where) {
    std::vector<std::string> names;
    for (const Part& part : parts) names.push_back(name_of(part));
    Part& part = parts[find_name(place, where, names, what, "the design")];
    std::vector<std::string> tensors;
    for (const auto& t : part.tensors) tensors.push_back(t.tensor);
    return part.tensors[find_name(tensor, where, tensors, "tensor", fmt::format("{} '{}'", what, place))];
}

/// The cycles, else the energy.
void set_total(ValidatedModel& model, bool cycles, const Yaml& value) {
    if (cycles) {
        model.answer.cycles = to_integer(value, "'cycles'", {0, most});
    } else {
        model.answer.energy_pj = to_number(value, "'energy_pj'", 0, 1e30, "pJ");
        model.has_energy = true;
    }
}

/// The JSON form.
class JsonModel {
public:
    JsonModel(const Yaml& root, const std::string& name, const Design& design) : root_(root) {
        check_keys(root, "the model's file", {"name", "cycles", "energy_pj", "levels", "networks"});
        const Yaml* given = root.find("name");
        model_ = empty_foreign_model(given != nullptr ? to_name(*given, "'name'") : name, design);
    }

    ValidatedModel read() {
        if (const Yaml* cycles = root_.find("cycles")) set_total(model_, true, *cycles);
        if (const Yaml* energy = root_.find("energy_pj")) set_total(model_, false, *energy);
        if (const Yaml* levels = root_.find("levels")) {
            require_sequence(*levels, "'levels'", "[{name: GlobalBuffer, tensors: {...}}]");
            for (const Yaml& level : levels->items) read_level(level);
        }
        if (const Yaml* networks = root_.find("networks")) {
            require_sequence(*networks, "'networks'", "[{from: GlobalBuffer, to: RegisterFile, tensors: {...}}]");
            for (const Yaml& network : networks->items) read_network(network);
        }
        return std::move(model_);
    }

private:
    static const Yaml& need(const Yaml& node, const std::string& what, const char* key) {
        const Yaml* value = node.find(key);
        if (value == nullptr) throw UserError(fmt::format("{} needs the key '{}'", what, key), node.where);
        return *value;
    }

    void set(const std::string& place, const std::string& tensor, const std::string& kind, const Yaml& value) {
        set_foreign_figure(model_, place, tensor, kind,
                           to_integer(value, fmt::format("'{}' of '{}' at '{}'", kind, tensor, place), {0, most}), value.where);
    }

    void read_level(const Yaml& node) {
        check_keys(node, "a level", {"name", "tensors", "energy_pj"});
        const std::string name = to_word(need(node, "a level", "name"), "'name' of a level");
        const Yaml& tensors = need(node, "a level", "tensors");
        require_map(tensors, fmt::format("'tensors' of level '{}'", name));
        for (const YamlEntry& tensor : tensors.entries) {
            check_keys(tensor.value, fmt::format("'{}' at '{}'", tensor.key, name), {"reads", "writes"});
            for (const YamlEntry& side : tensor.value.entries) {
                require_map(side.value, fmt::format("'{}' of '{}' at '{}'", side.key, tensor.key, name));
                for (const YamlEntry& figure : side.value.entries)
                    set(name, tensor.key, side.key + "." + figure.key, figure.value);
            }
        }
    }

    void read_network(const Yaml& node) {
        check_keys(node, "a network", {"from", "to", "tensors", "energy_pj"});
        const std::string place = to_word(need(node, "a network", "from"), "'from' of a network") + " > " +
                                  to_word(need(node, "a network", "to"), "'to' of a network");
        const Yaml& tensors = need(node, "a network", "tensors");
        require_map(tensors, fmt::format("'tensors' of network '{}'", place));
        for (const YamlEntry& tensor : tensors.entries) {
            require_map(tensor.value, fmt::format("'{}' at '{}'", tensor.key, place));
            for (const YamlEntry& figure : tensor.value.entries) set(place, tensor.key, figure.key, figure.value);
        }
    }

    const Yaml& root_;
    ValidatedModel model_;
};

/// Columns of a line; no quotes, since no name has a comma.
std::vector<std::string> columns_of(const std::string& line) {
    std::vector<std::string> columns(1);
    for (const char c : line) {
        if (c == ',')
            columns.emplace_back();
        else if (c != '\r')
            columns.back() += c;
    }
    return columns;
}

void read_csv_line(const std::string& line, const Location& where, ValidatedModel& model) {
    const std::vector<std::string> columns = columns_of(line);
    if (columns.size() != 4)
        throw UserError(fmt::format("a line must have the four columns level,tensor,kind,value, not {}", columns.size()), where);
    const Yaml value = yaml_scalar(columns[3], where);
    if (columns[0].empty() && columns[1].empty()) {
        const bool cycles = find_name(columns[2], where, {"cycles", "energy_pj"}, "kind", "a line without level and tensor") == 0;
        if (cycles ? model.answer.cycles.has_value() : model.has_energy)
            throw UserError(fmt::format("'{}' is given twice", columns[2]), where);
        set_total(model, cycles, value);
    } else {
        set_foreign_figure(model, columns[0], columns[1], columns[2],
                           to_integer(value, fmt::format("'{}' of '{}' at '{}'", columns[2], columns[1], columns[0]), {0, most}),
                           where);
    }
}

ValidatedModel read_csv(const std::string& path, const Design& design) {
    std::ifstream file(path);
    if (!file) throw UserError("cannot read " + path);
    ValidatedModel model = empty_foreign_model(file_stem(path), design);
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        const Location where{path, ++number, 1};
        if (number == 1) {
            if (columns_of(line) != std::vector<std::string>{"level", "tensor", "kind", "value"})
                throw UserError("the first line must be level,tensor,kind,value", where);
        } else if (line.find_first_not_of(" \r") != std::string::npos) {
            read_csv_line(line, where, model);
        }
    }
    if (number == 0) throw UserError("the file is empty; its first line must be level,tensor,kind,value", {path, 1, 1});
    return model;
}

}  // namespace

ValidatedModel empty_foreign_model(const std::string& name, const Design& design) {
    ValidatedModel model;
    model.answer = evaluate_model(ModelKind::exact, design);
    model.answer.model = name;
    model.answer.energy_pj = model.answer.mac_energy_pj = 0;
    model.foreign = true;
    model.has_energy = false;
    for (ModelLevel& level : model.answer.levels) {
        level.energy_pj = 0;
        for (ModelTensor& t : level.tensors) t = {t.tensor, {}, {}, {}, {}};
    }
    for (ModelNetwork& network : model.answer.networks) {
        network.energy_pj = 0;
        for (ModelLink& t : network.tensors) t = {t.tensor, {}, {}, {}, {}};
    }
    return model;
}

Figure& foreign_figure(ValidatedModel& model, const std::string& place, const std::string& tensor, const std::string& kind,
                       const Location& where) {
    if (place.find(" > ") != std::string::npos) {
        const auto name = [](const ModelNetwork& network) { return network.from + " > " + network.to; };
        ModelLink& link = tensor_in(model.answer.networks, name, place, tensor, "network", where);
        return figure_at(link, find_name(kind, where, network_kinds, "kind", "network '" + place + "'"));
    }
    const auto name = [](const ModelLevel& level) { return level.name; };
    ModelTensor& figures = tensor_in(model.answer.levels, name, place, tensor, "level", where);
    return figure_at(figures, find_name(kind, where, level_kinds, "kind", "level '" + place + "'"));
}

void set_foreign_figure(ValidatedModel& model, const std::string& place, const std::string& tensor, const std::string& kind,
                        std::int64_t value, const Location& where) {
    Figure& figure = foreign_figure(model, place, tensor, kind, where);
    if (figure) throw UserError(fmt::format("'{}' of '{}' at '{}' is given twice", kind, tensor, place), where);
    figure = value;
}

ValidatedModel read_foreign_model(const std::string& path, const Design& design) {
    if (path.ends_with(".csv")) return read_csv(path, design);
    const Yaml root = load_yaml(path);
    return JsonModel(root, file_stem(path), design).read();
}

}  // namespace accelsim
