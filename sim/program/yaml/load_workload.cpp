// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/projection.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

/// One integer for both, or [y, x].
std::array<std::int64_t, 2> read_pair(const Section& section, const std::string& key, std::int64_t min) {
    const Yaml node = section.get(key);
    const IntegerRange range{min, 65536};
    const std::string what = section.what(key);
    if (!node.is_sequence()) {
        const std::int64_t value = to_integer(node, what, range);
        return {value, value};
    }
    if (node.items.size() != 2) throw UserError(fmt::format("{} must be an integer or [y, x]", what), node.where);
    return {to_integer(node.items[0], what, range), to_integer(node.items[1], what, range)};
}

std::array<int, 3> read_bits(const Section& workload) {
    Yaml empty;
    empty.kind = Yaml::Kind::map;
    empty.where = workload.where();
    const Yaml* node = workload.find("bits");
    const Section bits(node != nullptr ? *node : empty, bits_spec(), "'bits' of the workload");
    const auto width = [&](const char* tensor) { return std::stoi(bits_spec().find(tensor)->choices[bits.choice(tensor)]); };
    return {width("input"), width("weight"), width("output")};
}

/// Errors about a dimension shall point at where its bound is written.
void place_dimensions(Workload& workload, const Yaml& dimensions) {
    for (Dimension& dimension : workload.dimensions) {
        const Yaml* bound = dimensions.find(dimension.name);
        dimension.where = bound != nullptr ? bound->where : dimensions.where;
    }
}

/// conv2d or depthwise: the same but for G and K.
Workload read_convolution(const Yaml& node, const std::string& type) {
    const bool depthwise = type == "depthwise";
    const Section section(node, depthwise ? depthwise_spec() : conv2d_spec(), "the workload (type " + type + ")");
    const Yaml& map = *section.find("dimensions");
    const Section dimensions(map, depthwise ? depthwise_dimensions_spec() : conv2d_dimensions_spec(),
                             "'dimensions' of the workload");
    Conv2dShape shape;
    shape.n = dimensions.integer("N");
    if (!depthwise) {
        shape.groups = dimensions.integer("G");
        shape.k = dimensions.integer("K");
    }
    shape.c = dimensions.integer("C");
    shape.y = dimensions.integer("Y");
    shape.x = dimensions.integer("X");
    shape.fy = dimensions.integer("FY");
    shape.fx = dimensions.integer("FX");
    const auto stride = read_pair(section, "stride", 1);
    const auto dilation = read_pair(section, "dilation", 1);
    const auto padding = read_pair(section, "padding", 0);
    shape.stride_y = stride[0], shape.stride_x = stride[1];
    shape.dilation_y = dilation[0], shape.dilation_x = dilation[1];
    shape.padding_y = padding[0], shape.padding_x = padding[1];
    const std::array<std::int64_t, 2> height = {(shape.y - 1) * stride[0] + (shape.fy - 1) * dilation[0] + 1,
                                                (shape.x - 1) * stride[1] + (shape.fx - 1) * dilation[1] + 1};
    for (std::size_t axis = 0; axis < 2; ++axis)
        if (height[axis] <= 2 * padding[axis])
            throw UserError(fmt::format("'padding' leaves no input: the windows span {} {}, padding is 2 x {}", height[axis],
                                        axis == 0 ? "rows" : "columns", padding[axis]),
                            section.get("padding").where);
    const auto bits = read_bits(section);
    const auto make = depthwise ? make_depthwise : make_conv2d;
    Workload workload = make(shape, bits[0], bits[1], bits[2]);
    place_dimensions(workload, map);
    return workload;
}

Workload read_gemm(const Yaml& node, const std::string& type) {
    const Section section(node, gemm_spec(), "the workload (type " + type + ")");
    const Yaml& map = *section.find("dimensions");
    const Section dimensions(map, gemm_dimensions_spec(), "'dimensions' of the workload");
    const std::int64_t n = dimensions.integer("N");
    const std::int64_t k = dimensions.integer("K");
    const std::int64_t c = dimensions.integer("C");
    const auto bits = read_bits(section);
    Workload workload = make_gemm(n, k, c, bits[0], bits[1], bits[2]);
    place_dimensions(workload, map);
    return workload;
}

std::vector<Dimension> read_dimensions(const Yaml& map) {
    require_map(map, "'dimensions' of the workload");
    std::vector<Dimension> dimensions;
    for (const YamlEntry& entry : map.entries) {
        const std::string name = to_name(yaml_scalar(entry.key, entry.where), "a dimension");
        if (name.find('-') != std::string::npos)  // it would be a minus in an axis
            throw UserError(fmt::format("dimension '{}' must not have a '-' in its name", name), entry.where);
        const std::string what = fmt::format("the bound of dimension '{}'", name);
        dimensions.push_back({name, to_integer(entry.value, what, {1, INT32_MAX}), entry.value.where});
    }
    return dimensions;
}

Tensor read_tensor(const Yaml& node, const std::vector<Dimension>& dimensions) {
    const Yaml* given = node.is_map() ? node.find("name") : nullptr;
    const std::string context = given != nullptr && given->is_scalar() ? "tensor " + quote(given->text) : "a tensor";
    const Section section(node, einsum_tensor_spec(), context);
    Tensor tensor;
    tensor.name = section.word("name");
    tensor.is_output = section.flag("output");
    const Yaml& axes = *section.find("axes");
    require_sequence(axes, section.what("axes"), "[B, \"2*y + fy - 1\"]");
    for (const Yaml& axis : axes.items) tensor.axes.push_back(parse_axis(axis, dimensions, context));
    const std::vector<std::string> widths = bits_spec().find(tensor.is_output ? "output" : "input")->choices;
    tensor.bits = tensor.is_output ? 32 : 16;
    if (const Yaml* bits = section.find("bits")) tensor.bits = std::stoi(widths[to_choice(*bits, section.what("bits"), widths)]);
    return tensor;
}

Workload read_einsum(const Yaml& node) {
    const Section section(node, einsum_spec(), "the workload (type einsum)");
    Workload workload;
    workload.dimensions = read_dimensions(*section.find("dimensions"));
    const Yaml& tensors = *section.find("tensors");
    require_sequence(tensors, section.what("tensors"), "[{name: A, axes: [M, K]}, ...]");
    std::vector<Tensor> outputs;
    for (const Yaml& item : tensors.items) {
        Tensor tensor = read_tensor(item, workload.dimensions);
        for (const std::vector<Tensor>& group : {workload.tensors, outputs})
            for (const Tensor& other : group)
                if (other.name == tensor.name) throw UserError(fmt::format("tensor '{}' appears twice", tensor.name), item.where);
        (tensor.is_output ? outputs : workload.tensors).push_back(std::move(tensor));
    }
    if (workload.tensors.size() != 2 || outputs.size() != 1)
        throw UserError(fmt::format("the workload needs two operands and one tensor with 'output: true', not {} and {}",
                                    workload.tensors.size(), outputs.size()),
                        tensors.where);
    workload.tensors.push_back(outputs[0]);
    derive_axis_sizes(workload);
    return workload;
}

Workload read_by_type(const Yaml& node, const std::string& stem) {
    require_map(node, "the workload");
    const Yaml* type_node = node.find("type");
    if (type_node == nullptr) throw UserError("the workload needs the key 'type'", node.where);
    const std::string type = workload_type_names()[to_choice(*type_node, "'type' of the workload", workload_type_names())];
    const bool convolution = type == "conv2d" || type == "depthwise";
    Workload workload = convolution ? read_convolution(node, type) : type == "einsum" ? read_einsum(node) : read_gemm(node, type);
    workload.type = type;
    const Yaml* name = node.find("name");
    workload.name = name != nullptr ? to_word(*name, "'name' of the workload") : stem.empty() ? type : stem;
    return workload;
}

}  // namespace

Workload read_workload(const Yaml& node, const std::string& stem) {
    return with_place(node.where, [&] {
        Workload workload = read_by_type(node, stem);
        validate(workload);
        return workload;
    });
}

std::vector<std::string> dimension_names(const Workload& workload) {
    std::vector<std::string> names;
    for (const Dimension& dimension : workload.dimensions) names.push_back(dimension.name);
    return names;
}

std::vector<std::string> tensor_names(const Workload& workload) {
    std::vector<std::string> names;
    for (const Tensor& tensor : workload.tensors) names.push_back(tensor.name);
    return names;
}

}  // namespace accelsim
