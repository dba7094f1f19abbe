// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/program/import/import_map.hpp"
#include "sim/program/import/timeloop_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr const char* dense_only = "this machine computes dense tensors";

/// The layer that Timeloop takes when a problem has no shape.
constexpr const char* default_shape = R"(
name: CNN_Layer
dimensions: [C, M, R, S, N, P, Q]
coefficients:
- {name: Wstride, default: 1}
- {name: Hstride, default: 1}
- {name: Wdilation, default: 1}
- {name: Hdilation, default: 1}
data_spaces:
- {name: Weights, projection: [[[C]], [[M]], [[R]], [[S]]]}
- {name: Inputs, projection: [[[N]], [[C]], [[R, Wdilation], [P, Wstride]], [[S, Hdilation], [Q, Hstride]]]}
- {name: Outputs, projection: [[[N]], [[M]], [[Q]], [[P]]], read_write: true}
)";

/// The layer; its output channels were K before they were M.
std::string layer_shape(const Yaml& problem) {
    const Yaml* given = problem.find("instance");
    const Yaml& instance = given != nullptr ? *given : problem;
    std::string text = default_shape;
    if (instance.find("K") == nullptr || instance.find("M") != nullptr) return text;
    for (const std::string letter : {" M,", "[M]"})
        for (std::size_t at = text.find(letter); at != std::string::npos; at = text.find(letter)) text[at + 1] = 'K';
    return text;
}

const ImportKeys& shape_keys() {
    static const ImportKeys keys = {{"name", "dimensions", "coefficients", "data_spaces"},
                                    {"version"},
                                    {{"flatten", "dimensions that are divided and taken modulo are not affine"},
                                     {"flattened", "dimensions that are divided and taken modulo are not affine"},
                                     {"skew", "lanes hold what their own position says"}},
                                    {}};
    return keys;
}

const ImportKeys& data_space_keys() {
    static const ImportKeys keys = {{"name", "projection", "read_write"}, {}, {{"density", dense_only}}, {}};
    return keys;
}

const ImportKeys& coefficient_keys() {
    static const ImportKeys keys = {{"name", "default"}, {}, {}, {}};
    return keys;
}

std::string dimension_name(const Yaml& node, const std::string& what) {
    const std::string name = to_name(node, what);
    if (name.find('-') != std::string::npos)
        throw UserError(fmt::format("{}: '{}' must not have a '-' in its name", what, name), node.where);
    return name;
}

/// Scalars of 1 are what a dense tensor has.
void refuse_sparse(const Yaml& densities) {
    const auto dense = [](const Yaml& node) { return node.text == "1" || node.text == "1.0"; };
    const bool all = densities.is_map() && std::all_of(densities.entries.begin(), densities.entries.end(),
                                                       [&](const YamlEntry& entry) { return dense(entry.value); });
    if (!all) throw UserError(fmt::format("'densities' below 1 are not supported: {}", dense_only), densities.where);
}

class ProblemReader {
public:
    explicit ProblemReader(std::vector<std::string>* unknown) : unknown_(unknown) { workload_.type = "einsum"; }

    Workload read(const Yaml& node) {
        require_map(node, "the problem");
        const Yaml* shape = node.find("shape");
        if (shape != nullptr && shape->is_scalar()) {
            if (without_hyphens(shape->text) != "cnn_layer")
                throw UserError(fmt::format("'shape' in the problem must be a map or cnn_layer, not {}", describe(*shape)),
                                shape->where);
            shape = nullptr;
        }
        const Yaml layer = parse_yaml(layer_shape(node), "Timeloop's CNN layer", false);
        const ImportMap map(shape != nullptr ? *shape : layer, shape_keys(), "the problem's shape");
        workload_.name = map.has("name") ? map.word("name") : "problem";
        read_dimensions(map.need("dimensions"));
        if (const Yaml* coefficients = map.find("coefficients")) read_coefficients(*coefficients);
        read_instance(node);
        read_data_spaces(map.need("data_spaces"));
        derive_axis_sizes(workload_);
        return std::move(workload_);
    }

private:
    void read_dimensions(const Yaml& list) {
        require_sequence(list, "'dimensions' of the problem's shape", "[M, N, K]");
        for (const Yaml& item : list.items) {
            const std::string name = dimension_name(item, "a dimension of the problem");
            if (workload_.find_dimension(name) >= 0)
                throw UserError(fmt::format("dimension '{}' appears twice", name), item.where);
            workload_.dimensions.push_back({name, 0, item.where});
        }
    }

    void read_coefficients(const Yaml& list) {
        require_sequence(list, "'coefficients' of the problem's shape", "[{name: Wstride, default: 1}]");
        for (const Yaml& item : list.items) {
            const ImportMap coefficient(item, coefficient_keys(), "a coefficient of the problem's shape");
            const std::string name = dimension_name(coefficient.need("name"), coefficient.what("name"));
            if (coefficients_.contains(name) || workload_.find_dimension(name) >= 0)
                throw UserError(fmt::format("coefficient '{}' has the name of another", name), item.where);
            coefficients_[name] = coefficient.integer("default", 0, 1, 65536);  // 0: the instance must give it
        }
    }

    /// Bounds stand in 'instance', or (in old files) beside the shape.
    void read_instance(const Yaml& problem) {
        const Yaml* instance = problem.find("instance");
        ImportKeys keys{{"version", "name"}, {}, {}, {}};
        if (instance == nullptr) {
            keys.known.emplace_back("shape");
            add_instance_keys(keys);
            read_bounds(ImportMap(problem, keys, "the problem"));
            return;
        }
        keys.known.insert(keys.known.end(), {"shape", "instance"});
        const ImportMap known_keys(problem, keys, "the problem");
        ImportKeys inner;
        add_instance_keys(inner);
        read_bounds(ImportMap(*instance, inner, "'instance' of the problem", unknown_));
    }

    void add_instance_keys(ImportKeys& keys) const {
        for (const Dimension& dimension : workload_.dimensions) keys.known.push_back(dimension.name);
        for (const auto& [name, value] : coefficients_) keys.known.push_back(name);
        keys.known.emplace_back("densities");
        keys.refused.push_back({"commonDensity", dense_only});
    }

    void read_bounds(const ImportMap& instance) {
        for (Dimension& dimension : workload_.dimensions) {
            const Yaml& bound = instance.need(dimension.name);
            dimension.bound = to_integer(bound, instance.what(dimension.name), {1, INT32_MAX});
            dimension.where = bound.where;
        }
        for (auto& [name, value] : coefficients_) {
            if (value == 0) (void)instance.need(name);
            value = instance.integer(name, value, 1, 65536);
        }
        if (const Yaml* densities = instance.find("densities")) refuse_sparse(*densities);
    }

    void read_data_spaces(const Yaml& list) {
        require_sequence(list, "'data_spaces' of the problem's shape", "[{name: A, projection: [[[M]], [[K]]]}]");
        std::vector<Tensor> outputs;
        for (const Yaml& item : list.items) {
            Tensor tensor = read_data_space(item);
            for (const std::vector<Tensor>& group : {workload_.tensors, outputs})
                for (const Tensor& other : group)
                    if (other.name == tensor.name)
                        throw UserError(fmt::format("data space '{}' appears twice", tensor.name), item.where);
            (tensor.is_output ? outputs : workload_.tensors).push_back(std::move(tensor));
        }
        if (workload_.tensors.size() != 2 || outputs.size() != 1)
            throw UserError(
                fmt::format("the problem needs two data spaces that are read and one with 'read_write: true', not {} and {}",
                            workload_.tensors.size(), outputs.size()),
                list.where);
        workload_.tensors.push_back(outputs[0]);
    }

    Tensor read_data_space(const Yaml& node) const {
        const Yaml* given = node.is_map() ? node.find("name") : nullptr;
        const ImportMap space(node, data_space_keys(),
                              given != nullptr && given->is_scalar() ? "data space " + quote(given->text) : "a data space");
        Tensor tensor;
        tensor.name = to_name(space.need("name"), space.what("name"));
        if (const Yaml* output = space.find("read_write")) tensor.is_output = !is_off(*output) && to_flag_word(*output, space);
        const Yaml& projection = space.need("projection");
        require_sequence(projection, space.what("projection"), "[[[C]], [[R, Wdilation], [P, Wstride]]]");
        for (const Yaml& rank : projection.items) tensor.axes.push_back(read_rank(rank, space));
        if (tensor.axes.empty()) throw UserError(fmt::format("{} has no ranks", space.what("projection")), projection.where);
        return tensor;
    }

    static bool to_flag_word(const Yaml& node, const ImportMap& space) {
        if (node.is_scalar() && (node.text == "True" || node.text == "yes")) return true;
        return to_flag(node, space.what("read_write"));
    }

    /// A rank is a list of terms; in the flat form it is the name of its one dimension.
    Axis read_rank(const Yaml& rank, const ImportMap& space) const {
        Axis axis;
        if (rank.is_scalar()) {
            axis.terms.push_back({dimension(rank, space), 1});
            return axis;
        }
        require_sequence(rank, "a rank of " + space.what("projection"), "[[R, Wdilation], [P, Wstride]]");
        if (rank.items.size() == 1 && rank.items[0].is_scalar()) {
            axis.terms.push_back({dimension(rank.items[0], space), 1});
            return axis;
        }
        for (const Yaml& term : rank.items) axis.terms.push_back(read_term(term, space));
        if (axis.terms.empty()) throw UserError(fmt::format("a rank of {} has no terms", space.what("projection")), rank.where);
        return axis;
    }

    Term read_term(const Yaml& term, const ImportMap& space) const {
        if (!term.is_sequence() || term.items.empty() || term.items.size() > 2)
            throw UserError(fmt::format("a term of {} must be [dimension] or [dimension, coefficient], not {}",
                                        space.what("projection"), describe(term)),
                            term.where);
        Term result{dimension(term.items[0], space), 1};
        if (term.items.size() == 1) return result;
        const Yaml& factor = term.items[1];
        std::vector<std::string> known;
        for (const auto& [name, value] : coefficients_) known.push_back(name);
        const std::string name = to_word(factor, "a coefficient in " + space.what("projection"));
        find_name(name, factor.where, known, "coefficient", space.what("projection"));
        result.coefficient = coefficients_.at(name);
        return result;
    }

    int dimension(const Yaml& node, const ImportMap& space) const {
        std::vector<std::string> known;
        for (const Dimension& dimension : workload_.dimensions) known.push_back(dimension.name);
        const std::string name = to_word(node, "a dimension in " + space.what("projection"));
        return static_cast<int>(find_name(name, node.where, known, "dimension", space.what("projection")));
    }

    std::vector<std::string>* unknown_;
    Workload workload_;
    std::map<std::string, std::int64_t> coefficients_;
};

}  // namespace

Workload read_timeloop_problem(const Yaml& node, std::vector<std::string>* unknown) {
    return with_place(node.where, [&] {
        Workload workload = ProblemReader(unknown).read(node);
        validate(workload);
        return workload;
    });
}

}  // namespace accelsim
