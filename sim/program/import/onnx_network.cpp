// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/onnx_network.hpp"

#include <fmt/format.h>
#include <onnx/defs/schema.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <fstream>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "sim/program/yaml/files.hpp"

namespace accelsim {

namespace {

using Shape = std::vector<std::int64_t>;

/// Of sizes from 1; at most 2^60, which is more than any network may have.
std::int64_t times(std::int64_t a, std::int64_t b) {
    constexpr std::int64_t most = std::int64_t{1} << 60;
    return a > most / b ? most : a * b;
}

std::int64_t volume(const Shape& shape, std::size_t from = 0) {
    return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(std::min(from, shape.size())), shape.end(),
                           std::int64_t{1}, times);
}

/// Results of these after a layer of products are made on its way out.
const std::set<std::string> fused_operators = {"Relu",  "Clip",    "LeakyRelu", "BatchNormalization",
                                               "PRelu", "Sigmoid", "Tanh",      "HardSwish"};
const std::set<std::string> elementwise_operators = {"Relu",
                                                     "Clip",
                                                     "LeakyRelu",
                                                     "BatchNormalization",
                                                     "PRelu",
                                                     "Sigmoid",
                                                     "Tanh",
                                                     "HardSwish",
                                                     "Add",
                                                     "Sum",
                                                     "Sub",
                                                     "Mul",
                                                     "Div",
                                                     "Softmax",
                                                     "LogSoftmax",
                                                     "LRN",
                                                     "LayerNormalization",
                                                     "InstanceNormalization",
                                                     "HardSigmoid",
                                                     "Elu",
                                                     "Selu",
                                                     "Erf",
                                                     "Sqrt",
                                                     "Pow",
                                                     "Exp",
                                                     "Log",
                                                     "Max",
                                                     "Min",
                                                     "Neg",
                                                     "Abs",
                                                     "Softplus"};
const std::set<std::string> pool_operators = {"MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool"};

class Importer {
public:
    Importer(std::string path, Location where) : path_(std::move(path)), where_(std::move(where)) {}

    Yaml run() {
        read();
        std::string layers;
        for (const onnx::NodeProto& node : model_.graph().node()) layers += "    - {" + layer(node) + "}\n";
        if (layers.empty()) fail("the model has no operators");
        const std::string text =
            fmt::format("network:\n  name: \"{}\"\n  batch: {}\n  layers:\n{}", file_stem(path_), batch_, layers);
        return *parse_yaml(text, path_, false).find("network");
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw UserError(path_ + ": " + what, where_); }

    void read() {
        std::ifstream stream(path_, std::ios::binary);
        if (!stream || !model_.ParseFromIstream(&stream) || !model_.has_graph()) fail("this is no ONNX model");
        onnx::GraphProto& graph = *model_.mutable_graph();
        for (const onnx::TensorProto& tensor : graph.initializer()) {
            shapes_[tensor.name()] = Shape(tensor.dims().begin(), tensor.dims().end());
            constants_.insert(tensor.name());
        }
        for (onnx::ValueInfoProto& input : *graph.mutable_input())
            if (constants_.count(input.name()) == 0) fix_batch(input);
        batch_ = std::max<std::int64_t>(1, batch_);
        for (const onnx::NodeProto& node : graph.node()) verify(node);
        try {
            onnx::shape_inference::InferShapes(model_);
        } catch (const std::exception& error) {
            fail(one_line("shapes cannot be inferred: ", error));
        }
        for (const onnx::ValueInfoProto& value : graph.input()) note_shape(value);
        for (const onnx::ValueInfoProto& value : graph.value_info()) note_shape(value);
        for (const onnx::ValueInfoProto& value : graph.output()) note_shape(value);
    }

    /// The library's inference of shapes reads operands that an operator ought to have without looking.
    void verify(const onnx::NodeProto& node) const {
        int version = 1;
        for (const onnx::OperatorSetIdProto& set : model_.opset_import())
            if (set.domain() == node.domain()) version = static_cast<int>(std::clamp<std::int64_t>(set.version(), 1, 1000));
        const onnx::OpSchema* schema = onnx::OpSchemaRegistry::Schema(node.op_type(), version, node.domain());
        if (schema == nullptr) return;
        try {
            schema->Verify(node);
        } catch (const std::exception& error) {
            fail(one_line("this is no valid ONNX model: ", error));
        }
    }

    static std::string one_line(std::string text, const std::exception& error) {
        text += error.what();
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    }

    /// A free first dimension is the batch, 1 until somebody sets it.
    void fix_batch(onnx::ValueInfoProto& input) {
        auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
        for (int d = 0; d < shape.dim_size(); ++d) {
            if (shape.dim(d).has_dim_value() && shape.dim(d).dim_value() > 0) continue;
            if (d > 0) fail(fmt::format("dimension {} of input '{}' is free; fix it in the model", d, input.name()));
            shape.mutable_dim(0)->set_dim_value(1);
        }
        if (shape.dim_size() > 1 && batch_ == 0) batch_ = shape.dim(0).dim_value();
        if (batch_ == 0) batch_ = 1;
    }

    void note_shape(const onnx::ValueInfoProto& value) {
        if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape()) return;
        Shape shape;
        for (const auto& dimension : value.type().tensor_type().shape().dim()) {
            if (!dimension.has_dim_value()) return;
            shape.push_back(dimension.dim_value());
        }
        shapes_[value.name()] = shape;
    }

    const Shape& shape(const onnx::NodeProto& node, const std::string& value) const {
        const auto found = shapes_.find(value);
        if (found == shapes_.end()) fail(fmt::format("the shape of '{}', at operator {}, is not known", value, node.op_type()));
        for (const std::int64_t size : found->second)
            if (size < 1 || size > INT32_MAX)
                fail(fmt::format("'{}', at operator {}, has a dimension of {}; from 1 to {} can be read", value, node.op_type(),
                                 size, INT32_MAX));
        return found->second;
    }
    void require_axes(const onnx::NodeProto& node, const Shape& shape, std::size_t axes) const {
        if (shape.size() != axes)
            fail(fmt::format("operator {} has an operand or result of {} axes, not {}", node.op_type(), shape.size(), axes));
    }
    const Shape& input(const onnx::NodeProto& node, int index) const {
        if (index >= node.input_size()) fail(fmt::format("operator {} lacks its input {}", node.op_type(), index));
        return shape(node, node.input(index));
    }
    const Shape& output(const onnx::NodeProto& node) const { return shape(node, node.output(0)); }

    static const onnx::AttributeProto* attribute(const onnx::NodeProto& node, const std::string& name) {
        for (const onnx::AttributeProto& attribute : node.attribute())
            if (attribute.name() == name) return &attribute;
        return nullptr;
    }
    std::int64_t moderate(const onnx::NodeProto& node, const std::string& name, std::int64_t value) const {
        constexpr std::int64_t most = std::int64_t{1} << 24;
        if (value < -most || value > most)
            fail(fmt::format("attribute '{}' of operator {} is {}; at most {} can be read", name, node.op_type(), value, most));
        return value;
    }
    std::int64_t integer(const onnx::NodeProto& node, const std::string& name, std::int64_t fallback) const {
        const onnx::AttributeProto* found = attribute(node, name);
        return found == nullptr ? fallback : moderate(node, name, found->i());
    }
    Shape integers(const onnx::NodeProto& node, const std::string& name, std::size_t count, std::int64_t fallback) const {
        const onnx::AttributeProto* found = attribute(node, name);
        if (found == nullptr || found->ints_size() < static_cast<int>(count)) return Shape(count, fallback);
        for (const std::int64_t value : found->ints()) moderate(node, name, value);
        return Shape(found->ints().begin(), found->ints().end());
    }

    /// A name of its own: the node's, or the operator's, with what names cannot have replaced.
    std::string unique_name(const onnx::NodeProto& node) {
        std::string name = node.name().empty() ? node.op_type() : node.name();
        if (name.empty()) fail("an operator has neither a name nor a type");
        for (char& c : name)
            if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
        if (std::isalpha(static_cast<unsigned char>(name.front())) == 0 && name.front() != '_') name = "_" + name;
        std::string unique = name;
        for (int i = 2; !names_.insert(unique).second; ++i) unique = fmt::format("{}_{}", name, i);
        return unique;
    }

    std::string layer(const onnx::NodeProto& node) {
        if (node.output_size() == 0) fail(fmt::format("operator {} has no output", node.op_type()));
        const std::string text = fmt::format("name: {}, {}", unique_name(node), body(node));
        return text;
    }

    std::string body(const onnx::NodeProto& node) {
        const std::string& type = node.op_type();
        if (type == "Conv") return products(node, convolution(node));
        if (type == "Gemm") return products(node, gemm(node));
        if (type == "MatMul") return products(node, matmul(node));
        if (pool_operators.count(type) > 0 && input(node, 0).size() == 4) return pool(node);
        if (is_fused(node)) return products(node, other(type + " (on the way out)", 0));
        if (elementwise_operators.count(type) > 0 && !output(node).empty()) return elementwise(node);
        return other(type, macs_of_other(node));
    }

    /// Remembers that what follows may be done on the way out.
    std::string products(const onnx::NodeProto& node, std::string text) {
        made_by_products_.insert(node.output(0));
        return text;
    }

    bool is_constant(const std::string& value) const { return constants_.count(value) > 0; }

    bool is_fused(const onnx::NodeProto& node) const {
        const bool after = node.input_size() > 0 && made_by_products_.count(node.input(0)) > 0;
        const bool bias = node.op_type() == "Add" && node.input_size() == 2 && is_constant(node.input(1));
        return after && (bias || fused_operators.count(node.op_type()) > 0);
    }

    static std::string other(const std::string& name, std::int64_t macs) {
        return fmt::format("type: other, operator: \"{}\", macs: {}", name, macs);
    }

    /// Zeros on each side; where the sides differ, as much as the windows need, halved downwards.
    static std::int64_t padding(const Shape& pads, std::size_t axis, std::size_t axes, std::int64_t needed, std::int64_t size) {
        if (pads[axis] == pads[axis + axes] && pads[axis] >= 0) return pads[axis];
        return std::max<std::int64_t>(0, needed - size) / 2;
    }

    std::string batch_text(std::int64_t rows) const { return rows == batch_ ? "" : fmt::format("N: {}, ", rows); }

    std::string convolution(const onnx::NodeProto& node) const {
        const Shape& in = input(node, 0);
        const Shape& filter = input(node, 1);
        const Shape& out = output(node);
        if (in.size() != 3 && in.size() != 4)
            return other(fmt::format("Conv of {} axes", in.size()), times(volume(out) / batch_, volume(filter, 1)));
        require_axes(node, filter, in.size());
        require_axes(node, out, in.size());
        const std::size_t axes = in.size() - 2;
        const Shape strides = integers(node, "strides", axes, 1);
        const Shape dilations = integers(node, "dilations", axes, 1);
        const Shape pads = integers(node, "pads", 2 * axes, attribute(node, "auto_pad") != nullptr ? -1 : 0);
        Shape pad(axes);
        for (std::size_t a = 0; a < axes; ++a)
            pad[a] = padding(pads, a, axes, (out[a + 2] - 1) * strides[a] + (filter[a + 2] - 1) * dilations[a] + 1, in[a + 2]);
        const std::int64_t groups = integer(node, "group", 1);
        if (groups < 1) fail(fmt::format("attribute 'group' of operator Conv is {}; at least 1 is needed", groups));
        const bool depthwise = groups > 1 && groups == in[1] && groups == filter[0];
        std::string channels =
            depthwise ? fmt::format("C: {}", groups) : fmt::format("K: {}, C: {}", filter[0] / groups, filter[1]);
        if (!depthwise && groups > 1) channels = fmt::format("G: {}, ", groups) + channels;
        const auto pair = [&](const Shape& values, std::int64_t missing) {
            return axes == 2 ? fmt::format("[{}, {}]", values[0], values[1]) : fmt::format("[{}, {}]", missing, values[0]);
        };
        const std::string rows = axes == 2 ? fmt::format("Y: {}, FY: {}, ", out[2], filter[2]) : "";
        return fmt::format("workload: {{type: {}, dimensions: {{{}{}, {}X: {}, FX: {}}}, stride: {}, dilation: {}, padding: {}}}",
                           depthwise ? "depthwise" : "conv2d", batch_text(out[0]), channels, rows, out.back(), filter.back(),
                           pair(strides, 1), pair(dilations, 1), pair(pad, 0));
    }

    std::string product_layer(std::int64_t rows, std::int64_t columns, std::int64_t sums) const {
        return fmt::format("workload: {{type: gemm, dimensions: {{{}K: {}, C: {}}}}}", batch_text(rows), columns, sums);
    }

    std::string gemm(const onnx::NodeProto& node) const {
        const Shape& a = input(node, 0);
        if (a.size() != 2) fail("a Gemm's first operand must have two axes");
        const Shape& out = output(node);
        require_axes(node, out, 2);
        return product_layer(out[0], out[1], a[integer(node, "transA", 0) != 0 ? 0 : 1]);
    }

    std::string matmul(const onnx::NodeProto& node) const {
        const Shape& a = input(node, 0);
        const Shape& b = input(node, 1);
        if (a.empty() || b.empty()) fail("a MatMul's operand has no axes");
        if (a.size() < 2 || b.size() < 2) return other("MatMul with a vector", times(volume(a), volume(b)) / a.back() / batch_);
        const std::int64_t sums = a.back();
        const std::int64_t columns = b.back();
        const std::int64_t rows = a[a.size() - 2];
        const std::int64_t products_b = volume(b) / sums / columns;
        if (products_b == 1) return product_layer(volume(a) / sums, columns, sums);
        if (Shape(a.begin(), a.end() - 2) != Shape(b.begin(), b.end() - 2))
            return other("MatMul that broadcasts", times(volume(output(node)), sums) / batch_);
        // One product per batch item and head.
        const std::string heads = products_b % batch_ == 0 ? fmt::format("N: batch, G: {}", products_b / batch_)
                                                           : fmt::format("N: 1, G: {}", products_b);
        return fmt::format(
            "workload: {{type: einsum, dimensions: {{{}, K: {}, C: {}, X: {}}}, tensors: [{{name: input, axes: [N, G, X, C]}}, "
            "{{name: weight, axes: [N, G, C, K]}}, {{name: output, axes: [N, G, X, K], output: true}}]}}",
            heads, columns, sums, rows);
    }

    std::string pool(const onnx::NodeProto& node) const {
        const Shape& in = input(node, 0);
        const Shape& out = output(node);
        require_axes(node, out, 4);
        const bool global = node.op_type().rfind("Global", 0) == 0;
        const Shape window = global ? Shape(in.begin() + 2, in.end()) : integers(node, "kernel_shape", 2, 1);
        const Shape strides = integers(node, "strides", 2, 1);
        const Shape pads = integers(node, "pads", 4, attribute(node, "auto_pad") != nullptr ? -1 : 0);
        Shape pad(2);
        for (std::size_t a = 0; a < 2; ++a) pad[a] = padding(pads, a, 2, (out[a + 2] - 1) * strides[a] + window[a], in[a + 2]);
        return fmt::format(
            "type: pool, dimensions: {{{}C: {}, Y: {}, X: {}, FY: {}, FX: {}}}, stride: [{}, {}], padding: [{}, {}]",
            batch_text(out[0]), out[1], out[2], out[3], window[0], window[1], strides[0], strides[1], pad[0], pad[1]);
    }

    std::string elementwise(const onnx::NodeProto& node) const {
        std::int64_t operands = 0;
        for (const std::string& value : node.input()) operands += value.empty() || is_constant(value) ? 0 : 1;
        return fmt::format("type: eltwise, elements: {}, operands: {}", std::max<std::int64_t>(1, volume(output(node)) / batch_),
                           std::clamp<std::int64_t>(operands, 1, 16));
    }

    /// Of one item of the batch, where the operator's rule is known; else 0.
    std::int64_t macs_of_other(const onnx::NodeProto& node) const {
        const std::string& type = node.op_type();
        if (type == "ConvTranspose") return times(volume(input(node, 0)) / batch_, volume(input(node, 1), 1));
        const int gates = type == "LSTM" ? 4 : type == "GRU" ? 3 : type == "RNN" ? 1 : 0;
        if (gates == 0) return 0;
        // Every step multiplies the item's inputs and its state by the weights of all directions.
        require_axes(node, input(node, 0), 3);
        return times(input(node, 0)[0], volume(input(node, 1)) + volume(input(node, 2)));
    }

    std::string path_;
    Location where_;
    onnx::ModelProto model_;
    std::map<std::string, Shape> shapes_;
    std::set<std::string> constants_;
    std::set<std::string> made_by_products_;
    std::set<std::string> names_;
    std::int64_t batch_ = 0;  ///< the first input's first dimension
};

}  // namespace

Yaml load_onnx_network(const std::string& path, const Location& where) { return Importer(path, where).run(); }

}  // namespace accelsim
